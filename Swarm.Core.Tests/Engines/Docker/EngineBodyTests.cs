using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Fakes;
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
        using var others = await ReadAsync(new Endless(MiB - 1), Longest, memory);
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
        var waiting = ReadAsync(new Endless(5 * MiB), Longest, memory, cancellationToken: given.Token);

        await given.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();
        first.Dispose();
        using var third = await ReadAsync(new Endless(5 * MiB), Longest, memory);
        ReadAsync(new Endless(5 * MiB), Longest, memory, cancellationToken: given.Token).IsCompletedSuccessfully.Should().BeFalse("the second and the third have both turns");
        memory.TryTake(AnswerMemory.Most - (16 * MiB)).Should().BeTrue("who has given up has given back what it had");
    }

    [Test]
    public async Task As_many_as_are_ever_under_way_wait_for_their_turn_beside_two_of_the_longest()
    {
        var memory = new AnswerMemory();
        using var first = await ReadAsync(new Endless(Longest), Longest, memory);
        using var second = await ReadAsync(new Endless(Longest), Longest, memory);

        var waiting = Enumerable.Range(0, InspectionQueue.QuickLane + InspectionQueue.SlowLane - 2).Select(_ => ReadAsync(new Endless(5 * MiB), Longest, memory)).ToArray();

        waiting.Should().OnlyContain(each => !each.IsCompleted);
        using (await ReadAsync(new Endless(MiB - 1), Longest, memory))
        {
            first.Dispose();
        }

        foreach (var each in waiting)
        {
            (await each.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
        }
    }

    [Test]
    public async Task Answers_that_stall_in_their_turn_lose_it()
    {
        var (memory, time) = (new AnswerMemory(), new FakeTimeProvider());
        var first = ReadAsync(new StallingStream(new byte[5 * MiB]), Longest, memory, time: time);
        var second = ReadAsync(new StallingStream(new byte[5 * MiB]), Longest, memory, time: time);
        var third = ReadAsync(new Endless(5 * MiB), Longest, memory, time: time);
        third.IsCompleted.Should().BeFalse("two at a time");

        time.Advance(AnswerPace.LongestPause);

        (await FluentActions.Awaiting(() => first).Should().ThrowAsync<EngineTimeoutException>()).Which.Timeout.Should().Be(AnswerPace.LongestPause);
        await FluentActions.Awaiting(() => second).Should().ThrowAsync<EngineTimeoutException>();
        (await third.WaitAsync(TimeSpan.FromSeconds(30))).Dispose();
        memory.TryTake(AnswerMemory.Most).Should().BeTrue("nothing is taken any more");
    }

    [Test]
    public async Task An_answer_in_its_turn_that_comes_too_slowly_loses_it_in_the_end()
    {
        var time = new FakeTimeProvider();
        var body = ReadAsync(new StallingStream(new byte[5 * MiB], TimeSpan.FromSeconds(4), time), Longest, new AnswerMemory(), time: time);

        await Eventually.IsTrueAsync(() => body.IsCompleted, "its time is over", () => time.Advance(TimeSpan.FromSeconds(1)));

        (await FluentActions.Awaiting(() => body).Should().ThrowAsync<EngineTimeoutException>()).Which.Timeout.Should().Be(AnswerPace.LongestTurn);
    }

    [Test]
    public async Task An_answer_that_goes_on_after_a_silence_is_read_to_its_end()
    {
        var time = new FakeTimeProvider();
        var body = ReadAsync(new StallingStream(new byte[MiB / 2], TimeSpan.FromSeconds(29), time, times: 5), Longest, new AnswerMemory(), time: time);

        await Eventually.IsTrueAsync(() => body.IsCompleted, "it ends", () => time.Advance(TimeSpan.FromSeconds(1)));

        using var read = await body;
        read.Span.Length.Should().Be((MiB / 2) + 5);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_answer_that_stalls_is_given_up_although_nobody_has_set_a_limit(bool isCounted)
    {
        var time = new FakeTimeProvider();
        var body = ReadAsync(new StallingStream(new byte[100]), MiB, isCounted ? new AnswerMemory() : null, time: time);
        time.Advance(AnswerPace.LongestSilence - TimeSpan.FromTicks(1));
        body.IsCompleted.Should().BeFalse();

        time.Advance(TimeSpan.FromTicks(1));

        (await FluentActions.Awaiting(() => body).Should().ThrowAsync<EngineTimeoutException>()).Which.Timeout.Should().Be(AnswerPace.LongestSilence);
    }

    [Test]
    public async Task Whoever_gives_up_on_an_answer_that_stalls_is_told_that()
    {
        using var given = new CancellationTokenSource();
        var body = ReadAsync(new StallingStream(new byte[100]), MiB, new AnswerMemory(), new FakeTimeProvider(), given.Token);

        await given.CancelAsync();

        await FluentActions.Awaiting(() => body).Should().ThrowAsync<OperationCanceledException>();
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

    private static Task<EngineBody> ReadAsync(Stream content, int limit, AnswerMemory? memory = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(content) };
        response.Headers.TransferEncodingChunked = true;
        return EngineBody.ReadAsync(_address, "ask", response, limit, cancellationToken, memory, time);
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
