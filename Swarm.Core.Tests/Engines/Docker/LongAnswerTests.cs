using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[CancelAfter(60_000)]
public sealed class LongAnswerTests
{
    private const int MiB = 1024 * 1024;
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public async Task What_is_read_is_counted_while_it_is_read_and_given_back_then(CancellationToken cancellationToken)
    {
        var memory = new AnswerMemory(10 * MiB);
        var least = long.MaxValue;
        var reader = new ContainerListReader(_ =>
        {
            var free = 0;
            while (memory.TryTake(64 * 1024))
            {
                free += 64 * 1024;
            }

            memory.Give(free);
            least = Math.Min(least, free);
            return true;
        });

        await ReadAsync(new Repeated("[", Item, ",", 20, "]"), reader, 96L * MiB, memory, cancellationToken);

        least.Should().BeLessThan((10 * MiB) - (10 * 100_000));
        memory.TryTake(10 * MiB).Should().BeTrue("nothing is taken any more");
    }

    [Test]
    public async Task More_than_may_be_held_is_refused_and_given_back(CancellationToken cancellationToken)
    {
        var memory = new AnswerMemory(10 * MiB);

        await FluentActions.Awaiting(() => ReadAsync(new Repeated("[", Item, ",", int.MaxValue, "]"), new ContainerListReader(), 2 * MiB, memory, cancellationToken))
            .Should().ThrowAsync<EngineProtocolException>().WithMessage($"*what is kept of its answer is longer than {2 * MiB} bytes*");
        memory.TryTake(10 * MiB).Should().BeTrue("nothing is taken any more");
    }

    [Test]
    public async Task A_short_list_is_read_although_others_take_all_there_is(CancellationToken cancellationToken)
    {
        var memory = new AnswerMemory(MiB);
        memory.TryTake(MiB);

        var container = $$"""{"Id":"{{new string('a', 64)}}","Names":["/a"],"Labels":{"a":"b"} }""";

        (await ReadAsync(new Repeated("[", container, ",", 20, "]"), new ContainerListReader(), 96L * MiB, memory, cancellationToken)).Should().Be(20);
    }

    [Test]
    public async Task More_than_others_leave_is_refused(CancellationToken cancellationToken)
    {
        var memory = new AnswerMemory(10 * MiB);
        memory.TryTake(9 * MiB);

        await FluentActions.Awaiting(() => ReadAsync(new Repeated("[", Item, ",", int.MaxValue, "]"), new ContainerListReader(), 96L * MiB, memory, cancellationToken))
            .Should().ThrowAsync<EngineProtocolException>().WithMessage($"*together longer than {10 * MiB} bytes*");
        memory.TryTake(MiB).Should().BeTrue("what failed has given back what it had");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_is_held_of_one_container_counts_before_its_end(bool isSearch, CancellationToken cancellationToken)
    {
        var labels = string.Join(',', Enumerable.Range(0, 5000).Select(number => $"\"{SwarmLabels.Prefix}{number}\":\"0123456789\""));
        var stream = new Repeated("[{\"Labels\":{" + labels + "},\"Ports\":[", "1", ",", 1000, "]}]");

        await FluentActions.Awaiting(() => ReadAsync(stream, new ContainerListReader(isSearch ? _ => false : null), MiB / 2, new AnswerMemory(), cancellationToken))
            .Should().ThrowAsync<EngineProtocolException>().WithMessage($"*what is kept of its answer is longer than {MiB / 2} bytes*");
    }

    [Test]
    public async Task What_needs_no_more_is_not_refused_because_others_ask_for_more_than_there_is(CancellationToken cancellationToken)
    {
        var memory = new AnswerMemory(10 * MiB);
        var items = 0;
        var reader = new ContainerListReader(_ =>
        {
            memory.Give(items++ == 0 ? -10 * MiB : 0);
            return false;
        });

        await ReadAsync(new Repeated("[", Item, ",", 20, "]"), reader, 96L * MiB, memory, cancellationToken);

        items.Should().Be(20);
    }

    [Test]
    public async Task A_text_without_end_takes_no_memory_and_ends_with_patience(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stream = new Repeated("[{\"Command\":\"", new string('x', 1000), "", int.MaxValue, "");
        stream.After(200L * MiB, patience.Cancel);
        var memory = new AnswerMemory(2 * MiB);

        await FluentActions.Awaiting(() => ReadAsync(stream, new ContainerListReader(), 96L * MiB, memory, patience.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_length_that_nobody_has_is_refused_at_once(CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") };
        response.Content.Headers.ContentLength = LongAnswer.Longest + 1;

        await FluentActions.Awaiting(() => LongAnswer.ReadAsync(_address, "list", response, new ContainerListReader(), MiB, new AnswerMemory(), cancellationToken))
            .Should().ThrowAsync<EngineProtocolException>().WithMessage("*its answer is longer than*");
    }

    [Test]
    public async Task A_list_that_stalls_is_given_up_although_nobody_has_set_a_limit()
    {
        var (memory, time) = (new AnswerMemory(), new FakeTimeProvider());
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new StallingStream(Encoding.UTF8.GetBytes("[" + Item))) };
        response.Headers.TransferEncodingChunked = true;
        var list = LongAnswer.ReadAsync(_address, "list", response, new ContainerListReader(), 96L * MiB, memory, CancellationToken.None, time);

        time.Advance(AnswerPace.LongestSilence);

        await FluentActions.Awaiting(() => list).Should().ThrowAsync<EngineTimeoutException>();
        memory.TryTake(AnswerMemory.Most).Should().BeTrue("nothing is taken any more");
    }

    private static string Item { get; } = $$"""{"Id":"{{new string('a', 64)}}","Names":["/a"],"Labels":{"a":"{{new string('x', 50_000)}}"} }""";

    private static async Task<int> ReadAsync(Stream content, ContainerListReader reader, long most, AnswerMemory memory, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(content) };
        response.Headers.TransferEncodingChunked = true;
        return (await LongAnswer.ReadAsync(_address, "list", response, reader, most, memory, cancellationToken)).Length;
    }

    private sealed class Repeated(string begin, string item, string between, int count, string end) : Stream
    {
        private readonly byte[] _item = Encoding.UTF8.GetBytes(item);
        private readonly byte[] _rest = Encoding.UTF8.GetBytes(between + item);
        private byte[] _now = Encoding.UTF8.GetBytes(begin);
        private int _at;
        private int _given;
        private long _total;
        private long _after = long.MaxValue;
        private Action? _then;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void After(long bytes, Action then) => (_after, _then) = (bytes, then);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == _now.Length && _given <= count)
            {
                _now = _given == 0 ? _item : _given < count ? _rest : Encoding.UTF8.GetBytes(end);
                _given++;
                _at = 0;
            }

            var read = Math.Min(buffer.Length, _now.Length - _at);
            _now.AsMemory(_at, read).CopyTo(buffer);
            _at += read;
            _total += read;
            if (_total > _after)
            {
                _then?.Invoke();
            }

            return ValueTask.FromResult(read);
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
