using System.Globalization;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Builders;

/// <summary>Containers as large as the limits on what an engine says allow.</summary>
internal static class Large
{
    public static LabelSet Labels(int number, int count = 128) => LabelSet.Create(
        Enumerable.Range(0, count).Select(label => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"k{label:000}-{number}"), new string('x', 1000))));

    /// <summary>Ordinary labels, all that are kept.</summary>
    public static ContainerView WithLabels(int number) => View(number) with { Labels = Labels(number) };

    /// <summary>Labels of scheduling, which are always kept.</summary>
    public static ContainerView WithSchedulingLabels(int number) =>
        View(number) with { Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Constraints, new string('y', 240 * 1024)), KeyValuePair.Create(SwarmLabels.Id, $"f{number:x63}")) };

    /// <summary>Ports of the host.</summary>
    public static ContainerView WithPorts(int number, int ports = 10_000) => View(number) with
    {
        PortBindings = [.. Enumerable.Range(1, ports).Select(port => new PortBinding(string.Create(CultureInfo.InvariantCulture, $"{port}/tcp"), "", string.Create(CultureInfo.InvariantCulture, $"{port}")))],
    };

    /// <summary>Networks.</summary>
    public static ContainerView WithNetworks(int number, int networks = 500) => View(number) with
    {
        Networks = [.. Enumerable.Range(0, networks).Select(network => new ContainerNetwork($"net-{network}", $"{network:x64}", $"{network + 7:x64}", "02:42:ac:11:00:02", "172.17.0.2/16", ""))],
    };

    /// <summary>Names.</summary>
    public static ContainerView WithNames(int number, int names = 1000) => View(number) with { Names = [$"/c{number}", .. Enumerable.Range(0, names).Select(name => $"/c{number}/alias{name}")] };

    /// <summary>Nothing of note.</summary>
    public static ContainerView View(int number) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{number:x64}"),
        Names = [string.Create(CultureInfo.InvariantCulture, $"/c{number}")],
        Image = string.Create(CultureInfo.InvariantCulture, $"registry.example/team/image-{number}:1"),
        ImageId = string.Create(CultureInfo.InvariantCulture, $"sha256:{number:x64}"),
        Resources = new ResourceVector { MemoryBytes = A.GiB, Slots = 1 },
    };

    /// <summary>The same, counted.</summary>
    public static ContainerView Counted(ContainerView view) => ContainerAbridger.Count(view);
}
