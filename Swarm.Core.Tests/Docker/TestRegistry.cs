using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Swarm.Core.Docker;

/// <summary>A registry on the loopback interface, of this machine or of a process with a network of its own, with one small image, <c>app:1</c>. It may ask for a user name and password; to those who have others it repeats what they sent.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (string Type, byte[] Bytes)> _answers = [];
    private readonly string? _wanted;
    private readonly Task _serving;

    public TestRegistry(string? userName = null, string? password = null, int networkOf = 0)
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
        Port = NetworkNamespace.Within(networkOf, Listen);
        _serving = ServeAsync();
    }

    public int Port { get; }

    public string ManifestDigest { get; }

    public async ValueTask DisposeAsync()
    {
        // Not stopped first: what closes after that looks its address up once more, and listens there anew in whatever network it is called.
        _listener.Close();
        await _serving;
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

    // The listener takes no port 0.
    private int Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                _listener.Start();
                return port;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Somebody else was quicker.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            if (_wanted is not null && context.Request.Headers["Authorization"] is var shown && shown != _wanted)
            {
                await RefuseAsync(context.Response, shown);
                continue;
            }

            var found = _answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer);
            var bytes = found ? answer.Bytes : """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"?"}}]}"""u8.ToArray();
            context.Response.StatusCode = found ? 200 : 404;
            context.Response.ContentType = found ? answer.Type : "application/json";
            context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
            context.Response.Headers["Docker-Content-Digest"] = Digest(bytes);
            context.Response.ContentLength64 = bytes.Length;
            if (context.Request.HttpMethod != "HEAD")
            {
                await context.Response.OutputStream.WriteAsync(bytes);
            }

            context.Response.Close();
        }
    }

    private static async Task RefuseAsync(HttpListenerResponse response, string? shown)
    {
        var bytes = Encoding.UTF8.GetBytes($$$"""{"errors":[{"code":"UNAUTHORIZED","message":"authentication required, not {{{shown}}}"}]}""");
        response.StatusCode = 401;
        response.ContentType = "application/json";
        response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        response.Headers["WWW-Authenticate"] = "Basic realm=\"test\"";
        response.ContentLength64 = bytes.Length;
        await response.OutputStream.WriteAsync(bytes);
        response.Close();
    }
}
