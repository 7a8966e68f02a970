using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>
/// HAProxy before an engine, set up as the socket proxies set it up that people run (https://github.com/Tecnativa/docker-socket-proxy and
/// https://github.com/linuxserver/docker-socket-proxy): a connection to the engine for each request, HAProxy's own error pages, what is not GET by one right, and one right for
/// each part of the API, by the environment.
/// </summary>
internal sealed class Haproxy : IAsyncDisposable
{
    /// <summary>Every right there is a use for.</summary>
    public static readonly string[] AllRights = ["POST", "CONTAINERS", "EXEC", "IMAGES", "INFO", "NETWORKS", "VOLUMES"];

    private const string Program = "/usr/sbin/haproxy";
    private const string Pages = "/etc/haproxy/errors";

    private static readonly string[] _parts = ["containers", "events", "exec", "images", "info", "networks", "_ping", "version", "volumes"];
    private static readonly int[] _pages = [400, 403, 408, 500, 502, 503, 504];

    // What these proxies allow unless they are told otherwise.
    private static readonly string[] _usual = ["EVENTS", "PING", "VERSION"];

    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    private Haproxy(int port) => Address = EngineAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));

    /// <summary>Gets where it is reached.</summary>
    public EngineAddress Address { get; }

    /// <summary>Starts one.</summary>
    /// <param name="engine">The engine behind it.</param>
    /// <param name="rights">What is allowed.</param>
    /// <param name="rule">A line that goes before all rules, such as those have who write their own.</param>
    public static async Task<Haproxy> StartAsync(EngineAddress engine, IEnumerable<string> rights, string rule = "")
    {
        Require();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var proxy = new Haproxy(((IPEndPoint)free.LocalEndpoint).Port);
        free.Stop();
        try
        {
            await proxy.StartAsync(engine.Scheme == EngineScheme.Unix ? engine.Path : engine.ToString(), [.. _usual, .. rights], rule);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it something and returns every byte of the answer, up to the end of the connection.</summary>
    public async Task<string> AskAsync(string request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Dispose();
    }

    // Skips the test where it is missing; on a build server that is a failure.
    private static void Require()
    {
        if (!File.Exists(Program) || !Directory.Exists(Pages))
        {
            MissingPart.Skip("There is no HAProxy.");
        }
    }

    private static string Settings(string engine, int port, string rule)
    {
        var pages = string.Join('\n', _pages.Select(code => string.Create(CultureInfo.InvariantCulture, $"  errorfile {code} {Pages}/{code}.http")));
        var allowed = string.Join('\n', _parts.Select(part => $@"  http-request allow if {{ path,url_dec -m reg -i ^(/v[\d\.]+)?/{part} }} {{ env({part.TrimStart('_').ToUpperInvariant()}) -m bool }}"));
        return $$"""
            global
              maxconn 4000

            defaults
              mode http
              option http-server-close
              option redispatch
              retries 3
              timeout http-request 10s
              timeout queue 1m
              timeout connect 10s
              timeout client 10m
              timeout server 10m
              timeout http-keep-alive 10s
            {{pages}}

            backend engine
              server engine {{engine}}

            backend events
              server engine {{engine}}
              timeout server 0

            frontend api
              bind 127.0.0.1:{{port}}
              {{rule}}
              http-request deny unless METH_GET || { env(POST) -m bool }
            {{allowed}}
              http-request deny
              use_backend events if { path,url_dec -m reg -i ^(/v[\d\.]+)?/events }
              default_backend engine

            """;
    }

    private async Task StartAsync(string engine, IEnumerable<string> rights, string rule)
    {
        _folder.Write("settings", Settings(engine, Address.Port, rule));
        var start = new ProcessStartInfo(Program, ["-db", "-q", "-f", _folder.File("settings")]) { UseShellExecute = false };
        foreach (var right in rights)
        {
            start.Environment[right] = "1";
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("HAProxy cannot be started.");
        await Eventually.IsTrueAsync(() => _process.HasExited ? throw new InvalidOperationException($"HAProxy ended with code {_process.ExitCode}.") : Listens(), "it listens");
    }

    private bool Listens()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
