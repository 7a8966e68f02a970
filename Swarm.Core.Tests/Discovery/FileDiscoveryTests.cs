using System.Net.Sockets;
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
        folder.Write("nodes", "a:1");
        var time = new FakeTimeProvider();
        using var mounted = new ManualResetEventSlim();
        var opened = 0;
        var discovery = new FileDiscovery(folder.File("nodes"), _interval, time)
        {
            Open = path =>
            {
                Interlocked.Increment(ref opened);
                mounted.Wait();
                return RegularFile.Open(path);
            },
        };

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using var watch = discovery.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
            var next = watch.MoveNextAsync().AsTask();
            await Eventually.IsTrueAsync(() => next.IsCompleted, "it has a time limit", () => time.Advance(TimeSpan.FromSeconds(1)));
            await next.Awaiting(task => task).Should().ThrowAsync<DiscoveryException>();
        }

        opened.Should().Be(1);
        mounted.Set();

        await using var last = discovery.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        await last.MoveNextAsync();
        Texts(last).Should().Equal("a:1");
    }

    [TestCase("pipe")]
    [TestCase("link to a device")]
    [TestCase("directory")]
    [TestCase("socket")]
    public async Task What_is_no_regular_file_is_an_outage_and_is_not_waited_for(string kind)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("The platform does not tell here what kind a file is.");
        }

        using var folder = new TemporaryFolder();
        var path = folder.File("nodes");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        switch (kind)
        {
            case "pipe":
                MakePipe(path, Convert.ToUInt32("600", 8)).Should().Be(0);
                break;
            case "directory":
                Directory.CreateDirectory(path);
                break;
            case "socket":
                socket.Bind(new UnixDomainSocketEndPoint(path));
                break;
            default:
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
        }

        // The clock stands still: no limit ends it.
        await using var watch = new FileDiscovery(path, _interval, new FakeTimeProvider()).WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>().WithMessage($"*it is a {kind.Split(' ')[^1]}, and no regular file.");
    }

    [Test]
    public async Task A_link_to_a_file_of_engines_is_followed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real", "a:1");
        File.CreateSymbolicLink(folder.File("nodes"), folder.File("real"));
        await using var watch = new FileDiscovery(folder.File("nodes"), _interval, new FakeTimeProvider()).WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        await watch.MoveNextAsync();

        Texts(watch).Should().Equal("a:1");
    }

    [Test]
    public async Task A_huge_file_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        await using (var file = File.Create(folder.File("nodes")))
        {
            file.SetLength(1L << 36); // sparse: it takes no room
        }

        var read = 0L;
        var discovery = new FileDiscovery(folder.File("nodes"), _interval, new FakeTimeProvider()) { Open = path => new CountedStream(RegularFile.Open(path), count => read += count) };
        await using var watch = discovery.WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>().WithMessage("*larger than*");
        read.Should().BeLessThanOrEqualTo(64 * 1024);
    }

    [TestCase("root:$6$Zsaltsalt$Xsecrethash:19000:0:99999:7:::")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nXsecret")]
    [TestCase("AKIAXsecretXsecret12")]
    [TestCase("alice:Xsecret")]
    [TestCase("db.example:5432:db:alice:Xsecret")]
    [TestCase("db.example:5432:Xsecret:alice:12345")]
    [TestCase("https://alice:Xsecret@db.example:5432")]
    [TestCase("{\"token\":\"Xsecret\",\"port\":2375}")]
    [TestCase("Xsecret[1")]
    public async Task A_file_that_is_none_of_engines_is_not_quoted(string content)
    {
        using var folder = new TemporaryFolder();
        folder.Write("secret", content);
        File.CreateSymbolicLink(folder.File("nodes"), folder.File("secret"));
        await using var watch = new FileDiscovery(folder.File("nodes"), _interval, new FakeTimeProvider()).WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        var error = await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>().WithMessage("Line 1 of*");

        error.Which.ToString().Should().NotContain("Xsecret").And.NotContain("Zsalt").And.NotContain("alice");
    }

    [TestCase("10.0.0.256:2375")]
    [TestCase("10.0.0.[3:1]:2375")]
    [TestCase("engine..example:2375")]
    [TestCase("engine:99999")]
    [TestCase("[fd00::g]:2375")]
    public async Task What_looks_like_an_address_is_quoted(string content)
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, content, out _);

        var error = await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>();

        error.Which.Message.Should().Contain($"'{content}'");
    }

    [TestCase("a:1 # ask bob@example.com")]
    [TestCase("a:1# ask bob@example.com")]
    [TestCase("a:1#rack 1, of bob@example.com")]
    [TestCase("a:1#rack")]
    public async Task A_comment_may_have_an_address_of_somebody_in_it(string content)
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, content, out _);

        await watch.MoveNextAsync();

        Texts(watch).Should().Equal("a:1");
    }

    [Test]
    public async Task A_line_that_would_be_cut_before_a_user_ends_is_refused_and_told_how_comments_are_written()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "a:1\nme:2375#rest@h", out _);

        await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>().WithMessage("Line 2 of*before a comment*");
    }

    [Test]
    public async Task What_may_be_cut_off_a_password_is_not_quoted()
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, "me:99999 #rest@h", out _);

        (await FluentActions.Awaiting(() => watch.MoveNextAsync().AsTask()).Should().ThrowAsync<DiscoveryException>().WithMessage("Line 1 of*")).Which.ToString().Should().NotContain("99999");
    }

    [TestCase("unix:///run/a,b@c.sock")]
    [TestCase("unix:///run/a,b.sock")]
    public async Task A_path_may_have_a_comma_in_it(string content)
    {
        using var folder = new TemporaryFolder();
        await using var watch = Watch(folder, content, out _);

        await watch.MoveNextAsync();

        Texts(watch).Should().Equal(content);
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

    private sealed class CountedStream(Stream stream, Action<int> count) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => stream.CanSeek;

        public override bool CanWrite => false;

        public override long Length => stream.Length;

        public override long Position { get => stream.Position; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int length) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            count(read);
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int length) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await base.DisposeAsync();
        }
    }

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
