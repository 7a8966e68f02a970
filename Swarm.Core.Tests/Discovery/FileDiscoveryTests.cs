using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

public class FileDiscoveryTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(7);

    [Test]
    public async Task The_first_set_comes_without_waiting()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "10.0.0.[1:2]:2375 # rack 1\n\nhost:80\n", out _);

        await watch.MoveNextAsync();

        Texts(watch).Should().Equal("10.0.0.1:2375", "10.0.0.2:2375", "host:80");
    }

    [Test]
    public async Task A_file_that_was_replaced_gives_the_new_set_at_the_next_interval()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "a:1", out var time);
        await watch.MoveNextAsync();

        folder.Replace("nodes", "b:1");
        var next = watch.MoveNextAsync().AsTask();
        await time.SkipPauseAsync();
        await next;

        Texts(watch).Should().Equal("b:1");
    }

    [Test]
    public async Task A_file_that_lists_the_same_engines_in_other_words_gives_no_new_set()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "a:1\nb:1", out var time);
        await watch.MoveNextAsync();
        folder.Replace("nodes", "# sorted\nb:1\na:1");
        var next = watch.MoveNextAsync().AsTask();
        await time.SkipPauseAsync();
        await time.PauseAsync();

        folder.Replace("nodes", "c:1");
        time.Advance(_interval);
        await next;

        Texts(watch).Should().Equal("c:1");
    }

    [Test]
    public async Task An_empty_file_gives_an_empty_set()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "", out _);

        await watch.MoveNextAsync();

        watch.Current.Addresses.Should().BeEmpty();
    }

    [Test]
    public async Task A_missing_file_is_an_outage()
    {
        using var folder = new TemporaryFolder();
        await using var watch = new FileDiscovery(folder.File("nodes"), _interval, TimeProvider.System).WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        var error = await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>();

        error.Which.DiscoverySource.Should().Be(folder.File("nodes"));
        error.Which.InnerException.Should().BeOfType<FileNotFoundException>();
    }

    [Test]
    public async Task A_file_that_vanishes_ends_the_watch_with_an_outage()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "a:1", out var time);
        await watch.MoveNextAsync();

        File.Delete(folder.File("nodes"));
        var next = watch.MoveNextAsync().AsTask();
        await time.SkipPauseAsync();

        await FluentActions.Awaiting(() => next).Should().ThrowAsync<DiscoveryException>();
    }

    [Test]
    public async Task A_malformed_line_is_an_outage_that_names_line_and_text()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "a:1\n# next one\n10.0.0.[3:1]:2375", out _);

        var error = await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>();

        error.WithMessage("Line 3 of*").Which.InnerException.Should().BeOfType<InvalidAddressException>().Which.Address.Should().Be("10.0.0.[3:1]:2375");
    }

    [Test]
    public async Task A_file_beyond_the_size_limit_is_an_outage()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, new string('#', (4 * 1024 * 1024) + 1), out _);

        await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>();
    }

    [Test]
    public async Task Cancelling_ends_the_watch_while_it_waits()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nodes", "a:1");
        using var end = new CancellationTokenSource();
        await using var watch = new FileDiscovery(folder.File("nodes"), _interval, new FakeTimeProvider()).WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        await watch.MoveNextAsync();

        var next = watch.MoveNextAsync().AsTask();
        await end.CancelAsync();

        await FluentActions.Awaiting(() => next).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_file_that_cannot_be_opened_holds_up_one_thread_however_often_it_is_tried()
    {
        using var folder = new TemporaryFolder();
        var pipe = folder.File("nodes");
        if (OperatingSystem.IsWindows() || MakePipe(pipe, Convert.ToUInt32("600", 8)) != 0)
        {
            Assert.Ignore("There are no named pipes here.");
        }

        var time = new FakeTimeProvider();
        var discovery = new FileDiscovery(pipe, _interval, time);

        // Nobody writes into the pipe: to open it blocks.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using var watch = discovery.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
            var next = watch.MoveNextAsync().AsTask();
            await Eventually.IsTrueAsync(() => next.IsCompleted, "it has a time limit", () => time.Advance(TimeSpan.FromSeconds(1)));
            await next.Awaiting(task => task).Should().ThrowAsync<DiscoveryException>();
        }

        await using (var writer = new StreamWriter(pipe))
        {
            await writer.WriteAsync("a:1");
        }

        // Each that was waiting for a writer would have taken it.
        await using var last = discovery.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        await last.MoveNextAsync();
        Texts(last).Should().Equal("a:1");
    }

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int MakePipe(string path, uint mode);

    private static IAsyncEnumerator<DiscoverySnapshot> Watch(TemporaryFolder folder, string content, out PollingTime time)
    {
        folder.Write("nodes", content);
        time = new PollingTime(_interval);
        return new FileDiscovery(folder.File("nodes"), _interval, time).WatchAsync(CancellationToken.None).GetAsyncEnumerator();
    }

    private static IEnumerable<string> Texts(IAsyncEnumerator<DiscoverySnapshot> watch) => watch.Current.Addresses.Select(address => address.ToString());

    // Knows when the watch pauses between two reads, so that time never moves while a file is being read.
    private sealed class PollingTime(TimeSpan interval) : FakeTimeProvider
    {
        private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

        private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == interval)
            {
                _pauses.Writer.TryWrite(dueTime);
            }

            return timer;
        }

        public async Task PauseAsync() => await _pauses.Reader.ReadAsync().AsTask().WaitAsync(_deadline);

        public async Task SkipPauseAsync()
        {
            await PauseAsync();
            Advance(interval);
        }
    }
}
