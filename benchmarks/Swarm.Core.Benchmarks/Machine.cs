using Swarm.Core.Model;

namespace Swarm.Core.Benchmarks;

/// <summary>The machines that containers are placed on: 67 CPUs and 268.8 GiB each, which is what classic Swarm counts for 64 and 256 GiB with its default over-commitment.</summary>
/// <remarks>The clusters add no over-commitment of their own: of 64 CPUs they would make 67.2, because they count in billionths of one.</remarks>
internal static class Machine
{
    /// <summary>Containers of machine i are numbered from 30 i on, however many there are.</summary>
    public const int MostHeld = 30;

    public const int Cpus = 64 + (64 * 5 / 100);
    public const long MemoryBytes = (256L << 30) + ((256L << 30) * 5 / 100);
    public const int Images = 10;
    public const int Networks = 3;

    public static EngineAddress Address(int i) => EngineAddress.Parse($"{Name(i)}:2375");

    public static string Name(int i) => $"host-{i:d5}";

    public static string DaemonId(int i) => $"node-{i:d5}";

    /// <summary>The labels somebody gave the machine.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Labels(int i) =>
    [
        new("storage", i / 8 % 2 == 0 ? "ssd" : "disk"),
        new("region", $"region-{i % 8}"),
        new("zone", $"zone-{i % 24}"),
    ];

    /// <summary>What container k of machine i was made from, before anything was scheduled.</summary>
    public static ContainerSpec Held(int i, int k, bool withPort)
    {
        var spec = Workload.Common((i * MostHeld) + k);
        return withPort ? spec with { PortBindings = [new PortBinding("80/tcp", "", $"{20_000 + (k % 30)}")] } : spec;
    }

    /// <summary>The number of the first container that is placed: no name is taken, and what depends on the last digits is as if it were 0.</summary>
    public static int FirstPlaced(int engines) => engines * MostHeld / 1_200 * 1_200 + 1_200;
}
