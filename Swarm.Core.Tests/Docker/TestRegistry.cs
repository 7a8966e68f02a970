using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Swarm.Core.Docker;

/// <summary>A registry on the loopback interface, of this machine or of an engine with a network of its own, with one small image, <c>app:1</c>. It may ask for a user name and password; to those who have others it repeats what they sent.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private const byte TlsHandshake = 0x16;

    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, (string Type, byte[] Bytes)> _answers = [];
    private readonly string? _wanted;
    private readonly Task _serving;

    public TestRegistry(string? userName = null, string? password = null, SafeFileHandle? network = null)
    {
        _wanted = userName is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));
        var plain = Layer();
        var packed = Compress(plain);
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","config":{"Cmd":["/x"]},"rootfs":{"type":"layers","diff_ids":["{{{Digest(plain)}}}"]}}""");
        var manifest = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"{{{ManifestType}}}","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{config.Length}}},"digest":"{{{Digest(config)}}}"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{packed.Length}}},"digest":"{{{Digest(packed)}}}"}]}""");
        _answers["/v2/"] = ("application/json", "{}"u8.ToArray());
        _answers["/v2/app/manifests/1"] = (ManifestType, manifest);
        _answers[$"/v2/app/manifests/{Digest(manifest)}"] = (ManifestType, manifest);
        _answers[$"/v2/app/blobs/{Digest(config)}"] = ("application/octet-stream", config);
        _answers[$"/v2/app/blobs/{Digest(packed)}"] = ("application/octet-stream", packed);
        ManifestDigest = Digest(manifest);
        _listener = NetworkNamespace.Within(network, Listen);
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public string ManifestDigest { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Layer()
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Ustar, leaveOpen: true))
        using (var content = new MemoryStream("hello\n"u8.ToArray()))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "x") { DataStream = content });
        }

        return buffer.ToArray();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private async Task ServeAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1, false, 1024, leaveOpen: true);
        try
        {
            // Engines try TLS first, and speak plainly with what answers that plainly.
            var first = new byte[1];
            if (await socket.ReceiveAsync(first, SocketFlags.Peek, _stop.Token) == 1 && first[0] == TlsHandshake)
            {
                await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                return;
            }

            while (await reader.ReadLineAsync(_stop.Token) is { } line && line.Split(' ') is [var method and ("GET" or "HEAD"), var path, _])
            {
                string? shown = null;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
                {
                    shown = header.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase) ? header["Authorization: ".Length..] : shown;
                }

                await stream.WriteAsync(Answer(method, path.Split('?')[0], shown), _stop.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // The registry closes, or the engine has.
        }
    }

    private byte[] Answer(string method, string path, string? shown)
    {
        var (status, type, bytes) = _wanted is not null && shown != _wanted
            ? ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"", "application/json", Error("UNAUTHORIZED", $"authentication required, not {shown}"))
            : _answers.TryGetValue(path, out var answer) ? ("200 OK", answer.Type, answer.Bytes)
            : ("404 Not Found", "application/json", Error("MANIFEST_UNKNOWN", "manifest unknown"));
        var head = Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\nDocker-Distribution-Api-Version: registry/2.0\r\nDocker-Content-Digest: {Digest(bytes)}\r\n\r\n");
        return method == "HEAD" ? head : [.. head, .. bytes];
    }

    private static byte[] Error(string code, string message) => Encoding.UTF8.GetBytes($$$"""{"errors":[{"code":"{{{code}}}","message":"{{{message}}}","detail":{"Tag":"?"}}]}""");
}
