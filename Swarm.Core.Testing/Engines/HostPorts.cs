using System.Globalization;
using System.Net;

namespace Swarm.Core.Testing;

/// <summary>The host ports of one machine. Not thread-safe: its engine's lock guards it.</summary>
internal sealed class HostPorts
{
    private const int FirstDynamic = 32768;
    private const int LastDynamic = 60999;

    private readonly Dictionary<(string Protocol, int Port), List<(string Ip, string Container)>> _taken = [];
    private readonly Dictionary<string, List<(string Protocol, int Port)>> _byContainer = new(StringComparer.Ordinal);
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
                    Add(container, protocol, ip, port);
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
                Add(container, protocol, ip, port);
                return (port, null);
            }

            error ??= obstacle;
        }

        return (0, error);
    }

    public void ReleaseAll(string container)
    {
        if (!_byContainer.Remove(container, out var ports))
        {
            return;
        }

        foreach (var port in ports.Distinct())
        {
            var holders = _taken[port];
            holders.RemoveAll(holder => string.Equals(holder.Container, container, StringComparison.Ordinal));
            if (holders.Count == 0)
            {
                _taken.Remove(port);
            }
        }
    }

    /// <summary>Reads <c>8080</c>, <c>8000-8010</c> or nothing (0: any), each with or without a protocol, which does not count; <see langword="null"/> when it is none of them.</summary>
    public static (int First, int Last)? TryRange(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        text = slash < 0 ? text : text[..slash];
        if (text.Length == 0)
        {
            return (0, 0);
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = Number(dash < 0 ? text : text[..dash]);
        var last = dash < 0 ? first : Number(text[(dash + 1)..]);
        return first is { } low && last is { } high && low <= high ? (low, high) : null;
    }

    private void Add(string container, string protocol, string ip, int port)
    {
        (_taken.TryGetValue((protocol, port), out var holders) ? holders : _taken[(protocol, port)] = []).Add((ip, container));
        (_byContainer.TryGetValue(container, out var ports) ? ports : _byContainer[container] = []).Add((protocol, port));
    }

    private static (int First, int Last) Range(string text) => TryRange(text) ?? (0, 0);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535 ? number : null;

    private static bool IsWildcard(string ip) => IPAddress.TryParse(ip, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private string? Obstacle(string protocol, string ip, int port)
    {
        string? error = null;
        foreach (var (takenIp, _) in _taken.GetValueOrDefault((protocol, port)) ?? [])
        {
            if (string.Equals(takenIp, ip, StringComparison.Ordinal))
            {
                return string.Create(CultureInfo.InvariantCulture, $"Bind for {ip}:{port} failed: port is already allocated");
            }

            if (IsWildcard(takenIp) || IsWildcard(ip))
            {
                error = string.Create(CultureInfo.InvariantCulture, $"Error starting userland proxy: listen {protocol}4 {ip}:{port}: bind: address already in use");
            }
        }

        return error;
    }
}
