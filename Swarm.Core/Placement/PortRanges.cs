using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Reads which ranges of host ports a request asks for one port of.</summary>
internal static class PortRanges
{
    // Each is looked at port by port, at each node: four times all ports is more than anybody asks for.
    private const long MostPorts = 4L * HostPortRange.Highest;

    private const string Field = "HostConfig.PortBindings";

    /// <summary>Tells whether there is any that a port is to be chosen of. On the network of the host no port is published, and none chosen.</summary>
    /// <exception cref="InvalidRequestException">One is malformed, or together they have too many ports; or a port is no number, or a higher one than there is.</exception>
    public static bool AreIn(ImmutableArray<PortBinding> bindings, bool usesHostNetwork)
    {
        var ports = 0L;
        foreach (var binding in bindings)
        {
            if (!HostPortRange.IsMeant(binding.HostPort))
            {
                EnsureIsPort(binding);
                continue;
            }

            if (!HostPortRange.TryParse(binding.HostPort, out var range))
            {
                throw new InvalidRequestException(Field, $"The host port '{CleanText.Of(binding.HostPort)}' of {CleanText.Of(binding.ContainerPort)} is no range such as 8000-8010: two numbers from 1 to {HostPortRange.Highest}, of which the second is no smaller.");
            }

            ports += range.Count;
        }

        return ports <= MostPorts
            ? ports > 0 && !usesHostNetwork
            : throw new InvalidRequestException(Field, string.Create(CultureInfo.InvariantCulture, $"The ranges of host ports of {Field} have {ports} ports together; {MostPorts} are the most that a port is chosen of."));
    }

    // Podman takes +8080 for 8080, 99999 for 34463 and 65536 for any port, and Docker 8080/udp for a port of TCP where the container's is one: what a request says is what it gets, or it is refused.
    private static void EnsureIsPort(in PortBinding binding)
    {
        var number = binding.HostPort.AsSpan().TrimStart('0');
        if (number.ContainsAnyExceptInRange('0', '9'))
        {
            throw new InvalidRequestException(Field, $"The host port '{CleanText.Of(binding.HostPort)}' of {CleanText.Of(binding.ContainerPort)} is no port: it must be a number up to {HostPortRange.Highest}, a range such as 8000-8010, or empty for any. Its protocol is that of the container's port.");
        }

        if (!number.IsEmpty && !HostPortRange.TryParsePort(number, out _))
        {
            throw new InvalidRequestException(Field, $"The host port '{CleanText.Of(binding.HostPort)}' of {CleanText.Of(binding.ContainerPort)} is higher than {HostPortRange.Highest}, the highest there is.");
        }
    }
}
