using System.Net.Sockets;
using System.Text;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fuzzing;

/// <summary>
/// Whatever an engine answers when it is asked to switch protocols is read or refused in the documented way, and leaves no connection.
/// Each input takes a connection, so there are fewer of them than in the other fuzz tests.
/// </summary>
[Category("Fuzz")]
[Platform(Exclude = "Win")]
public sealed class UpgradeFuzzTests
{
    private const int InputsOfOthersForOne = 20;
    private const string Frame = "\u0001\0\0\0\0\0\0\u0003abc";

    private static readonly byte[][] _seeds =
    [
        Encoding.Latin1.GetBytes("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n" + Frame),
        Encoding.Latin1.GetBytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 UPGRADED\r\nContent-Length: 4294967296\r\nTransfer-Encoding: chunked\r\n\r\n" + Frame + Frame),
        Encoding.Latin1.GetBytes("HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"message\":\"is paused\"}\n"),
        Encoding.Latin1.GetBytes("HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n4\r\noops\r\n0\r\n\r\n"),
        Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"),
    ];

    private string _path = "";

    [SetUp]
    public void Begin() => _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TearDown]
    public void End() => File.Delete(_path);

    [Test]
    public async Task A_broken_answer_is_read_or_refused_and_nothing_else()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen();
        var (read, refused) = (0, 0);

        await Gen.OneOf([.. _seeds.Select(JsonGen.Mutations)]).SampleAsync(
            async input =>
            {
                _ = await SwitchAsync(listener, input) ? ++read : ++refused;
                return true;
            },
            iter: ParserFuzzTests.Inputs / InputsOfOthersForOne,
            threads: 1,
            print: Convert.ToBase64String);

        TestContext.Progress.WriteLine($"fuzzed upgrade: {read} read, {refused} refused");
        read.Should().BePositive();
        refused.Should().BePositive();
    }

    [Test]
    public async Task Nothing_of_the_corpus_breaks_it()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen();

        foreach (var name in Corpus.Names)
        {
            await FluentActions.Awaiting(() => SwitchAsync(listener, Corpus.Read(name))).Should().NotThrowAsync(name);
        }
    }

    private async Task<bool> SwitchAsync(Socket listener, byte[] answer)
    {
        var address = EngineAddress.Parse($"unix://{_path}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var transport = new EngineTransport(address, new EngineConnectionOptions(), tls: null);
        var serving = ServeAsync(listener, answer, limit.Token);
        try
        {
            var upgrade = await new EngineRequests(address, transport).UpgradeAsync("attach", "/x", ReadOnlyMemory<byte>.Empty, hasInput: true, limit.Token);
            await using var streams = new DockerStreams(address, "attach", upgrade, isTerminal: false, hasInput: true);
            var output = await streams.CollectAsync(answer.Length, limit.Token);
            output.TotalBytes.Should().BeLessThanOrEqualTo(answer.Length);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
        finally
        {
            await serving;
            await Eventually.IsTrueAsync(() => transport.OpenConnections == 0, "no connection is left");
        }
    }

    private static async Task ServeAsync(Socket listener, byte[] answer, CancellationToken cancellationToken)
    {
        using var client = await listener.AcceptAsync(cancellationToken);
        var buffer = new byte[4096];
        for (var length = 0; buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0;)
        {
            length += await client.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
        }

        try
        {
            for (var sent = 0; sent < answer.Length;)
            {
                sent += await client.SendAsync(answer.AsMemory(sent), cancellationToken);
            }

            client.Shutdown(SocketShutdown.Send);
            while (await client.ReceiveAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Refused before it was sent in full.
        }
    }
}
