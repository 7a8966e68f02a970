using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>One engine at one moment: its health, its machine and everything on it. Immutable; a change makes a new one with a higher <see cref="Version"/>.</summary>
public sealed record EngineState
{
    private ImmutableArray<ContainerView> _containers = [];
    private HostPortTable? _hostPorts;

    /// <summary>Gets the address the engine was found under.</summary>
    public required EngineAddress Address { get; init; }

    /// <summary>Gets the ID under which the engine was admitted: the daemon's ID, or the daemon's ID, <c>|</c> and the address where two daemons share one; empty before that.</summary>
    public string Id { get; init; } = "";

    /// <summary>Gets the host name of the machine; empty before the first connection.</summary>
    public string Name => Specs?.Name ?? "";

    /// <summary>Gets a number that grows with every change of this engine.</summary>
    public long Version { get; init; }

    /// <summary>Gets where the engine stands.</summary>
    public EngineStatus Status { get; init; }

    /// <summary>Gets why the engine is not healthy, as a sentence; <see langword="null"/> when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the failed calls in a row.</summary>
    public int FailureCount { get; init; }

    /// <summary>Gets the health from 0 (unusable) to 100 (no failures); what strategies weigh.</summary>
    public int HealthIndicator { get; init; }

    /// <summary>Gets whether the engine may get new work. A separate matter from its health: what it runs goes on and stays counted.</summary>
    public bool IsEligible { get; init; } = true;

    /// <summary>Gets what the engine says of itself; <see langword="null"/> before the first connection.</summary>
    public EngineSpecs? Specs { get; init; }

    /// <summary>Gets all containers of the engine, ordered by ID: running, stopped, and those nobody created through a cluster.</summary>
    public ImmutableArray<ContainerView> Containers
    {
        get => _containers;
        init
        {
            _containers = value;
            _hostPorts = null;
        }
    }

    /// <summary>Gets the images on the engine.</summary>
    public ImmutableArray<ImageView> Images { get; init; } = [];

    /// <summary>Gets the networks of the engine.</summary>
    public ImmutableArray<NetworkView> Networks { get; init; } = [];

    /// <summary>Gets the volumes of the engine.</summary>
    public ImmutableArray<VolumeView> Volumes { get; init; } = [];

    /// <summary>Gets what the containers of the engine take together. Kept up to date change by change, never added up anew for a placement.</summary>
    public ResourceVector Used { get; init; }

    // When, in inbox positions, the containers were last read whole, and which of them were read or removed since.
    internal long ReadAt { get; init; } = -1;

    internal ImmutableDictionary<string, long> Touched { get; init; } = ImmutableDictionary.Create<string, long>(StringComparer.Ordinal);

    internal bool WasTouchedAfter(string id, long position) =>
        ReadAt > position || (Touched.TryGetValue(id, out var touchedAt) && touchedAt > position);

    /// <summary>Finds a container by its full ID. Costs O(log n).</summary>
    /// <param name="id">The full ID.</param>
    /// <returns>The container, or <see langword="null"/> when the engine has none with that ID.</returns>
    public ContainerView? FindContainer(string id)
    {
        var index = IndexOf(id);
        return index >= 0 ? Containers[index] : null;
    }

    // Binary search; the complement of the insertion point when absent, as Array.BinarySearch has it.
    internal int IndexOf(string id)
    {
        int low = 0, high = Containers.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(Containers[middle].Id, id);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    // Built on first use; two racing readers build the same table.
    internal HostPortTable HostPorts => _hostPorts ??= HostPortTable.Of(Containers);
}
