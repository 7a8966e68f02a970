using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>Which host ports get in each other's way, worked out anew for the scenario.</summary>
internal static class HostPortNeeds
{
    /// <summary>Tells whether two cannot be had on one machine.</summary>
    public static bool Collide(in PortBinding left, in PortBinding right) =>
        left.HostPort.Length > 0 && left.HostPort == right.HostPort && left.Protocol == right.Protocol
        && (IsAny(left.HostIp) || IsAny(right.HostIp) || left.HostIp == right.HostIp);

    /// <summary>Tells whether what is asked for can be had beside what is held: of a range any port will do. Who asks has one binding at most.</summary>
    public static bool CanBeHad(ImmutableArray<PortBinding> asked, IEnumerable<PortBinding> held)
    {
        var taken = held.ToList();
        return asked.All(binding => PortsOf(binding).Any(port => !taken.Exists(other => Collide(other, port))));
    }

    /// <summary>Tells whether a port is one that was asked for.</summary>
    public static bool IsOneOf(PortBinding given, ImmutableArray<PortBinding> asked) => asked.SelectMany(PortsOf).Contains(given);

    private static IEnumerable<PortBinding> PortsOf(PortBinding asked)
    {
        if (asked.HostPort.Split('-') is not [var first, var last])
        {
            return [asked];
        }

        var from = int.Parse(first, CultureInfo.InvariantCulture);
        return Enumerable.Range(from, int.Parse(last, CultureInfo.InvariantCulture) - from + 1).Select(port => asked with { HostPort = port.ToString(CultureInfo.InvariantCulture) });
    }

    private static bool IsAny(string ip) => ip is "" or "0.0.0.0" or "::";
}
