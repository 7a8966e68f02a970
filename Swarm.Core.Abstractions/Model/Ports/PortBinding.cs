using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>A container port bound, or asked to be bound, to a port of the host.</summary>
/// <param name="ContainerPort">The container's port with its protocol, for example <c>80/tcp</c>; without protocol it means tcp.</param>
/// <param name="HostIp">The host address bound to; empty or an unspecified address (<c>0.0.0.0</c>, <c>::</c>) means all of them.</param>
/// <param name="HostPort">The host port as text, kept as it was written: empty or <c>0</c> means that the engine chooses one, a range such as <c>8000-8010</c> that the cluster chooses one of it. In requests and containers built by hand a range is compared as text, as in classic Swarm.</param>
public readonly record struct PortBinding(string ContainerPort, string HostIp, string HostPort)
{
    /// <summary>Gets the transport protocol in lower case: <c>tcp</c>, <c>udp</c> or <c>sctp</c>; <c>tcp</c> when none is written.</summary>
    public string Protocol => ProtocolOf(ContainerPort);

    /// <summary>Returns the binding as the docker command line writes it, for example <c>10.0.0.1:8080->80/tcp</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{(HostIp.Length == 0 ? "" : HostIp + ":")}{HostPort}->{ContainerPort}";

    /// <summary>
    /// Makes bindings comparable by the text of their host ports: a number has no zeros before it, and zero, which to engines means any port, is empty. A protocol behind it, which Docker takes and does
    /// not look at, is left out: that of the container's port counts.
    /// </summary>
    internal static ImmutableArray<PortBinding> Normalize(ImmutableArray<PortBinding> bindings) =>
        bindings.Any(static binding => IsWrittenOtherwise(binding.HostPort))
            ? [.. bindings.Select(Normalize)]
            : bindings;

    /// <summary>Makes one comparable.</summary>
    internal static PortBinding Normalize(PortBinding binding) => IsWrittenOtherwise(binding.HostPort) ? binding with { HostPort = Normalize(binding.HostPort) } : binding;

    /// <summary>Gets whether it stands for the bindings of many ports: the host ports of a range are bound to those of a range of the container, all of them. How else ranges are meant is that one port is chosen.</summary>
    internal bool IsBlock => HostPortRange.IsMeant(HostPort) && HostPortRange.IsMeant(ContainerPort);

    private static bool IsWrittenOtherwise(string hostPort) => hostPort.StartsWith('0') || hostPort.Contains('/', StringComparison.Ordinal);

    private static string Normalize(string hostPort)
    {
        var slash = hostPort.IndexOf('/', StringComparison.Ordinal);
        var port = slash < 0 ? hostPort : hostPort[..slash];
        return port.StartsWith('0') && !port.AsSpan().ContainsAnyExceptInRange('0', '9') ? port.TrimStart('0') : port;
    }

    internal static string ProtocolOf(string containerPort)
    {
        var slash = containerPort.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || slash == containerPort.Length - 1)
        {
            return "tcp";
        }

        return containerPort.AsSpan(slash + 1) switch
        {
            "tcp" => "tcp",
            "udp" => "udp",
            "sctp" => "sctp",
            var other => other.ToString().ToLowerInvariant(),
        };
    }
}
