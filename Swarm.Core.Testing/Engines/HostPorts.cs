using System.Globalization;
using System.Net;

namespace Swarm.Core.Testing;

/// <summary>The host ports of one machine. Not thread-safe: its engine's lock guards it.</summary>
internal sealed class HostPorts
{
    private const int FirstDynamic = 32768;
    private const int LastDynamic = 60999;

    private readonly List<(string Protocol, string Ip, int Port, string Container)> _taken = [];
    private int _nextDynamic = FirstDynamic;

    /// <summary>Takes a port and returns its number, or says in the engine's words why it cannot be had.</summary>
    public (int Port, string? Error) Take(string container, string protocol, string hostIp, string hostPort)
    {
        var ip = hostIp.Length == 0 ? "0.0.0.0" : hostIp;
        var (first, last) = Range(hostPort);
        if (first == 0)
        {
            for (var tries = FirstDynamic; tries <= LastDynamic; tries++)
            {
                var port = _nextDynamic;
                _nextDynamic = port == LastDynamic ? FirstDynamic : port + 1;
                if (Obstacle(protocol, ip, port) is null)
                {
                    _taken.Add((protocol, ip, port, container));
                    return (port, null);
                }
            }

            return (0, "all ports are allocated");
        }

        string? error = null;
        for (var port = first; port <= last; port++)
        {
            var obstacle = Obstacle(protocol, ip, port);
            if (obstacle is null)
            {
                _taken.Add((protocol, ip, port, container));
                return (port, null);
            }

            error ??= obstacle;
        }

        return (0, error);
    }

    public void ReleaseAll(string container) => _taken.RemoveAll(taken => string.Equals(taken.Container, container, StringComparison.Ordinal));

    /// <summary>Reads <c>8080</c>, <c>8000-8010</c> or nothing (0: any); <see langword="null"/> when it is none of them.</summary>
    public static (int First, int Last)? TryRange(string text)
    {
        if (text.Length == 0)
        {
            return (0, 0);
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = Number(dash < 0 ? text : text[..dash]);
        var last = dash < 0 ? first : Number(text[(dash + 1)..]);
        return first is { } low && last is { } high && low <= high ? (low, high) : null;
    }

    private static (int First, int Last) Range(string text) => TryRange(text) ?? (0, 0);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535 ? number : null;

    private static bool IsWildcard(string ip) => IPAddress.TryParse(ip, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private string? Obstacle(string protocol, string ip, int port)
    {
        string? error = null;
        foreach (var taken in _taken)
        {
            if (taken.Port != port || !string.Equals(taken.Protocol, protocol, StringComparison.Ordinal))
            {
                continue;
            }

            if (string.Equals(taken.Ip, ip, StringComparison.Ordinal))
            {
                return string.Create(CultureInfo.InvariantCulture, $"Bind for {ip}:{port} failed: port is already allocated");
            }

            if (IsWildcard(taken.Ip) || IsWildcard(ip))
            {
                error = string.Create(CultureInfo.InvariantCulture, $"Error starting userland proxy: listen {protocol}4 {ip}:{port}: bind: address already in use");
            }
        }

        return error;
    }
}
