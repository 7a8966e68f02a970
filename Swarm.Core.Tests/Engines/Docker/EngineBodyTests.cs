using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[NonParallelizable]
public sealed class EngineBodyTests
{
    private const int MiB = 1024 * 1024;
    private const int Longest = 32 * MiB;
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
    public async Task That_something_was_made_is_heard_although_others_take_all_there_is()
    {
        var memory = new AnswerMemory(10 * MiB);
        memory.TryTake(10 * MiB);

        using var created = await ReadAsync(new Endless(AnswerShare.Uncounted - 1), MiB, memory);

        created.Span.Length.Should().Be(AnswerShare.Uncounted - 1);
        await FluentActions.Awaiting(() => ReadAsync(new Endless(AnswerShare.Uncounted), MiB, memory)).Should().ThrowAsync<EngineProtocolException>().WithMessage("*together*");
    }

    [Test]
    public async Task Four_containers_of_the_longest_descriptions_are_looked_at_beside_each_other_and_others_too()
    {
        var memory = new AnswerMemory();
        using var first = await ReadAsync(new Endless(Longest), Longest, memory);
        using var second = await ReadAsync(new Endless(Longest), Longest, memory);

        var third = ReadAsync(new Endless(Longest), Longest, memory);
        var fourth = ReadAsync(new Endless(Longest), Longest, memory);

        third.IsCompleted.Should().BeFalse("two at a time");
        using var others = await ReadAsync(new Endless((4 * MiB) - 1), Longest, memory);
        first.Dispose();
        (await third.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
        (await fourth.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
    }

    [Test]
    public async Task Who_gives_up_waiting_or_fails_takes_nobodys_turn()
    {
        var memory = new AnswerMemory();
        using var given = new CancellationTokenSource();
        using var first = await ReadAsync(new Endless(5 * MiB), Longest, memory);
        await FluentActions.Awaiting(() => ReadAsync(new Endless(5 * MiB), (5 * MiB) - 1, memory)).Should().ThrowAsync<EngineProtocolException>().WithMessage("*longer than*");
        using var second = await ReadAsync(new Endless(5 * MiB), Longest, memory);
        var waiting = ReadAsync(new Endless(5 * MiB), Longest, memory, given.Token);

        await given.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();
        first.Dispose();
        using var third = await ReadAsync(new Endless(5 * MiB), Longest, memory);
        ReadAsync(new Endless(5 * MiB), Longest, memory, given.Token).IsCompletedSuccessfully.Should().BeFalse("the second and the third have both turns");
        memory.TryTake(AnswerMemory.Most - (16 * MiB)).Should().BeTrue("who has given up has given back what it had");
    }

    [Test]
    public async Task A_long_answer_is_given_away_as_it_is_and_counts_until_it_was_read()
    {
        var memory = new AnswerMemory(10 * MiB);
        var body = await ReadAsync(new Endless(6 * MiB), Longest, memory);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var taken = body.Take();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(MiB);
        (taken.Length, body.Span.Length).Should().Be((6 * MiB, 0));
        memory.TryTake(3 * MiB).Should().BeFalse("it is being read");
        body.Dispose();
        memory.TryTake(10 * MiB).Should().BeTrue("nothing is taken any more");
    }

    [Test]
    public async Task The_copy_of_a_shorter_answer_counts()
    {
        var memory = new AnswerMemory(2 * MiB);
        using var body = await ReadAsync(new Endless(MiB * 3 / 4), Longest, memory);
        memory.TryTake(MiB).Should().BeTrue();

        FluentActions.Invoking(() => body.Take()).Should().Throw<EngineProtocolException>().WithMessage("*together*");
        memory.Give(MiB);
        body.Take().Length.Should().Be(MiB * 3 / 4);
        memory.TryTake(MiB / 2).Should().BeFalse("there is a copy now");
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

    private static Task<EngineBody> ReadAsync(Stream content, int limit, AnswerMemory? memory = null, CancellationToken cancellationToken = default)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(content) };
        response.Headers.TransferEncodingChunked = true;
        return EngineBody.ReadAsync(_address, "ask", response, limit, cancellationToken, memory);
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
