using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[NonParallelizable]
public sealed class EngineBodyTests
{
    private const int MiB = 1024 * 1024;
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public async Task An_answer_without_end_leaves_nothing_behind()
    {
        var left = await HeapGrowth.PerItemAsync(5, 1, _ =>
            FluentActions.Awaiting(() => ReadAsync(new Endless(long.MaxValue), 64 * MiB)).Should().ThrowAsync<EngineProtocolException>().WithMessage("*longer than*"));

        left.Should().BeLessThan(4 * MiB);
    }

    [Test]
    public async Task A_long_answer_leaves_nothing_behind_once_it_was_read()
    {
        var left = await HeapGrowth.PerItemAsync(5, 1, async _ => (await LengthOfAsync(new Endless(40 * MiB), 64 * MiB)).Should().Be(40 * MiB));

        left.Should().BeLessThan(4 * MiB);
    }

    [Test]
    public async Task Answers_that_are_under_way_at_once_have_a_limit_together()
    {
        var memory = new AnswerMemory(10 * MiB);
        using var first = await ReadAsync(new Endless(6 * MiB), 64 * MiB, memory);

        await FluentActions.Awaiting(() => ReadAsync(new Endless(6 * MiB), 64 * MiB, memory)).Should().ThrowAsync<EngineProtocolException>().WithMessage($"*longer than {10 * MiB} bytes together*");
        using var small = await ReadAsync(new Endless(MiB), 64 * MiB, memory);
        small.Span.Length.Should().Be(MiB, "what failed has given back what it had");
    }

    [Test]
    public async Task What_was_read_and_let_go_of_is_there_for_others()
    {
        var memory = new AnswerMemory(10 * MiB);
        for (var i = 0; i < 5; i++)
        {
            using var body = await ReadAsync(new Endless(6 * MiB), 64 * MiB, memory);
            body.Span.Length.Should().Be(6 * MiB);
        }

        memory.TryTake(10 * MiB).Should().BeTrue("nothing is taken any more");
    }

    [Test]
    public async Task An_answer_without_anything_in_it_is_empty()
    {
        using var body = await ReadAsync(new Endless(0), 64 * MiB);

        body.Span.IsEmpty.Should().BeTrue();
    }

    private static async Task<int> LengthOfAsync(Stream content, int limit)
    {
        using var body = await ReadAsync(content, limit);
        return body.Span.Length;
    }

    private static Task<EngineBody> ReadAsync(Stream content, int limit, AnswerMemory? memory = null)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(content) };
        response.Headers.TransferEncodingChunked = true;
        return EngineBody.ReadAsync(_address, "ask", response, limit, CancellationToken.None, memory);
    }

    private sealed class Endless(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            _left -= read;
            return read;
        }

        // That of the base class keeps the buffer it was given last.
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(buffer.Length, _left);
            _left -= read;
            return ValueTask.FromResult(read);
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
