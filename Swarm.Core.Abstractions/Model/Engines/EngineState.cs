using System.Collections.Immutable;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>One engine at one moment: its health, its machine and everything on it. Immutable; a change makes a new one with a higher <see cref="Version"/>.</summary>
public sealed record EngineState
{
    private ImmutableArray<ContainerView> _containers = [];
    private ContainerTotals? _totals;
    private ILookup<string, NetworkAttachedContainer>? _attached;
    private EngineSpecs? _specs;
    private EngineOverlay _overlay = EngineOverlay.Empty;
    private LabelSet? _labels;

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
    /// <value>Whether discovery names the engine, the <see cref="Overlay"/> allows it, and no degradation could lead to over-commitment.</value>
    public bool IsEligible => IneligibleReason is null;

    /// <summary>Gets why the engine gets no new work, as a clause; <see langword="null"/> when it may get some.</summary>
    public string? IneligibleReason
    {
        get
        {
            if (!IsDiscovered)
            {
                return "it left discovery";
            }

            if (!Overlay.IsEligible)
            {
                return Overlay.Reason is { } reason ? CleanText.Of(reason) : "the host program keeps it from new work";
            }

            foreach (var degradation in Degradations)
            {
                if (degradation.BlocksNewWork)
                {
                    return degradation.Reason;
                }
            }

            return null;
        }
    }

    /// <summary>Gets whether discovery names the engine. One that it no longer names is followed for a grace time, without new work.</summary>
    public bool IsDiscovered { get; init; } = true;

    /// <summary>Gets what the host program says of the engine: labels that win, taints, and whether it may get new work.</summary>
    public EngineOverlay Overlay
    {
        get => _overlay;
        init
        {
            _overlay = value ?? EngineOverlay.Empty;
            _labels = null;
        }
    }

    /// <summary>Gets what keeps this picture of the engine from being complete, or will do so before long; empty when nothing does.</summary>
    public ImmutableArray<EngineDegradation> Degradations { get; init; } = [];

    /// <summary>Gets whether something keeps this picture of the engine from being complete, or will do so before long. Calls to the engine work all the same.</summary>
    public bool IsDegraded => !Degradations.IsEmpty;

    /// <summary>Gets what the engine says of itself; <see langword="null"/> before the first connection.</summary>
    public EngineSpecs? Specs
    {
        get => _specs;
        init
        {
            _specs = value;
            _labels = null;
        }
    }

    /// <summary>Gets the certificate that the engine showed when it was last read; <see langword="null"/> without TLS. What <see cref="EngineBinding"/> is held against.</summary>
    public EngineCertificate? Certificate { get; init; }

    /// <summary>Gets the certificate that the engine was shown when it was last read; <see langword="null"/> for none.</summary>
    public EngineCertificate? ClientCertificate { get; init; }

    /// <summary>Gets the labels that count: the engine's own with those of the <see cref="Overlay"/> over them.</summary>
    public LabelSet Labels => _labels ??= Overlay.ApplyTo(Specs?.Labels ?? LabelSet.Empty);

    /// <summary>Gets all containers of the engine, ordered by ID: running, stopped, and those nobody created through a cluster.</summary>
    public ImmutableArray<ContainerView> Containers
    {
        get => _containers;
        init
        {
            _containers = value;
            _totals = null;
            _attached = null;
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

    /// <summary>Gets how many bytes of memory what is kept of the engine takes: containers, images, networks, volumes and what it says of itself, by an account that is rather too high than too low.</summary>
    public long KeptBytes => Kept.Total;

    // What is kept, what all of it would take, how much is kept of its containers, what else is left out, and what it was last to make do with; 0 when that was never too little.
    internal KeptAmounts Kept { get; init; }

    // What is said of certificates that expire soon; empty when none does.
    internal string ExpiringCertificates { get; init; } = "";

    // The calls that something before the engine does not allow; empty when there are none.
    internal string ForbiddenCalls { get; init; } = "";

    internal KeptAmounts Wanted { get; init; }

    internal ContainerDetail Detail { get; init; }

    internal LeftOut LeftOut { get; init; }

    internal long Allowance { get; init; }

    // How many of each there are beyond those that are followed, and how many of those that are were never read.
    internal int UncountedContainers { get; init; }

    internal int UnreadContainers { get; init; }

    internal int UncountedImages { get; init; }

    internal int UncountedNetworks { get; init; }

    internal int UncountedVolumes { get; init; }

    // Which of images, networks and volumes could not be listed last time.
    internal string UnlistedObjects { get; init; } = "";

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

    /// <summary>Lists the containers that are on a network, by ID. The first call on a state costs O(containers).</summary>
    /// <param name="networkId">The ID of the network.</param>
    /// <returns>The containers; none for a network that the engine does not have.</returns>
    /// <remarks>
    /// Worked out from the containers, because engines leave them out of their lists of networks. What a container says of a network that is
    /// gone is passed over, where classic Swarm gave up on all of them.
    /// </remarks>
    public IEnumerable<NetworkAttachedContainer> FindAttached(string networkId)
    {
        ArgumentNullException.ThrowIfNull(networkId);
        foreach (var network in Networks)
        {
            if (string.Equals(network.Id, networkId, StringComparison.Ordinal))
            {
                // Two racing readers build the same look-up.
                return (_attached ??= Attach())[networkId];
            }
        }

        return [];
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

    // Carried on from change to change; built on first use only where a state was made by hand, and then two racing readers build the same.
    internal ContainerTotals Totals
    {
        get => _totals ??= ContainerTotals.Of(Containers);
        init => _totals = value;
    }

    private ILookup<string, NetworkAttachedContainer> Attach() => Containers
        .SelectMany(container => container.Networks, (container, endpoint) => (container, endpoint))
        .Where(each => each.endpoint.NetworkId.Length > 0)
        .ToLookup(each => each.endpoint.NetworkId, each => new NetworkAttachedContainer(each.container.Id, each.container.Name, each.endpoint), StringComparer.Ordinal);
}
