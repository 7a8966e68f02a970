using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What of an engine's answers is kept, whatever kind of engine it is. Safe for concurrent use.</summary>
internal sealed class EngineIntake
{
    /// <summary>How many names are kept of a container.</summary>
    public const int MostNames = 64;

    // No ID of a daemon, and no address, begins with it.
    private const string MadeUpId = "host~";

    private readonly EngineLimits _limits;
    private readonly TextPool _texts = new();
    private readonly Func<string, string> _share;
    private readonly DemandRules _rules;
    private readonly SwarmIdentity? _identity;

    public EngineIntake(EngineLimits limits, DemandRules? rules = null, SwarmIdentity? identity = null, bool isAddressIdentity = false)
    {
        _share = _texts.Share;
        _identity = identity;
        IsAddressIdentity = isAddressIdentity;
        _rules = rules ?? DemandRules.Default;

        // Later changes of the options have no effect.
        _limits = new EngineLimits
        {
            MaxContainers = limits.MaxContainers,
            MaxImages = limits.MaxImages,
            MaxNetworks = limits.MaxNetworks,
            MaxVolumes = limits.MaxVolumes,
            MaxLabels = limits.MaxLabels,
            MaxLabelBytes = limits.MaxLabelBytes,
        };
        Memory = new MemoryBudget(limits.MaxBytes, limits.MaxBytesTogether);
    }

    /// <summary>Gets how much memory what is kept may take.</summary>
    public MemoryBudget Memory { get; }

    public int MaxContainers => _limits.MaxContainers;

    /// <summary>Gets whether an engine is who its address says, whatever ID it gives.</summary>
    public bool IsAddressIdentity { get; }

    /// <summary>Chooses the containers to follow: all of them, or the cluster's own first and then by ID.</summary>
    public (ImmutableArray<ContainerSummary> Kept, int Uncounted) Containers(ImmutableArray<ContainerSummary> listed)
    {
        if (listed.Length <= _limits.MaxContainers)
        {
            return (listed, 0);
        }

        var kept = listed
            .OrderBy(container => ReservedLabels.AreOfCluster(container.Labels) ? 0 : 1)
            .ThenBy(container => container.Id, StringComparer.Ordinal)
            .Take(_limits.MaxContainers)
            .ToImmutableArray();
        return (kept, listed.Length - kept.Length);
    }

    /// <summary>Makes what is kept of a container that was inspected.</summary>
    /// <exception cref="EngineProtocolException">The answer is about another container.</exception>
    public ContainerView Container(EngineAddress address, string id, ContainerInspection inspection)
    {
        const string Operation = "inspect container";
        var view = inspection.View;
        if (!string.Equals(view.Id, id, StringComparison.Ordinal))
        {
            throw new EngineProtocolException(address, Operation, $"it was asked for {CleanText.Of(id)} and answered with {CleanText.Of(view.Id)}");
        }

        var kept = ContainerTrim.Of(Kept(view, inspection.Demand(_rules)));

        // Only what can be moved to another engine is ever made again from it.
        return ContainerAbridger.Count(kept.IsOfCluster && ReschedulePolicies.Has(kept.Labels, ReschedulePolicies.OnNodeFailure) && inspection.Json.Length <= ContainerTrim.LongestContainer
            ? kept with { Inspection = inspection.Json }
            : kept);
    }

    /// <summary>Makes what a caller gets to see of an inspection: its view counts as the cluster counts.</summary>
    public ContainerInspection Inspection(ContainerInspection inspection) =>
        inspection with
        {
            View = inspection.View with
            {
                Labels = ReservedLabels.WithoutEmpty(inspection.View.Labels),
                IsSwarmIdOurs = _identity?.IsOurs(inspection.View.Labels) == true,
                Resources = inspection.Demand(_rules),
            },
        };

    /// <summary>Makes what is kept of a container that nothing but the list tells of: it counts for what its labels say.</summary>
    public ContainerView Container(ContainerSummary summary)
    {
        var demand = ResourceDemand.Of(default, _rules, CountedDemand.Of(summary.Labels)) with
        {
            Slots = 1,
            Named = summary.Labels.TryGetValue(SwarmLabels.Resources, out var text) && GoJson.TryReadAmounts(text, out var amounts) ? amounts : NamedResources.Empty,
        };
        var listed = new ContainerView
        {
            Id = summary.Id,
            Names = summary.Names,
            Image = summary.Image,
            ImageId = summary.ImageId,
            Labels = summary.Labels,
            State = summary.State,
            ExitCode = StatusWords.ExitCodeOf(summary.Status) ?? (summary.State is ContainerState.Created or ContainerState.Running or ContainerState.Paused ? 0 : null),
            Created = summary.Created == DateTimeOffset.UnixEpoch ? null : summary.Created,
            IsUnread = true,
            IsTruncated = summary.IsTruncated,
            OmittedLabels = summary.OmittedLabels,
        };
        return ContainerAbridger.Count(ContainerTrim.Of(Kept(listed, demand)));
    }

    /// <summary>Makes what is kept of a container whose inspection is too long to be read: what it takes is known from before it became so, or its labels say it, where this library has made it. What it is doing the list says.</summary>
    /// <param name="listed">What is kept of it by the list.</param>
    /// <param name="before">What was known of it; <see langword="null"/> for nothing.</param>
    /// <returns>The container; <see langword="null"/> where nothing tells what it takes.</returns>
    public static ContainerView? Overlong(ContainerView listed, ContainerView? before) =>
        before is { IsUnread: false } ? Overlong(listed, before, isUp: IsUp(listed.State), wasUp: IsUp(before.State))
        : listed.IsOfCluster && CountedDemand.Of(listed.Labels) is not null ? listed with { IsUnread = false, IsTruncated = true }
        : null;

    // What was known of a run says nothing of another one, nor how this one ended. The list, too, tells the exit codes of what has ended, but not of what is being removed or is dead: that ended as it had before.
    private static ContainerView Overlong(ContainerView listed, ContainerView before, bool isUp, bool wasUp)
    {
        var isSameRun = isUp ? wasUp : listed.ExitCode is { } told ? before.State == listed.State && before.ExitCode == told : !wasUp;
        var known = isSameRun ? before : before with { RanOutOfMemory = false, StartedAt = null, FinishedAt = null };
        return known with
        {
            Names = listed.Names,
            State = listed.State,
            ExitCode = listed.ExitCode ?? (wasUp ? null : before.ExitCode),
            PublishedPorts = isUp ? before.PublishedPorts : [],
            IsTruncated = true,
        };
    }

    private static bool IsUp(ContainerState state) => state is ContainerState.Running or ContainerState.Paused;

    /// <summary>Makes what is kept of an event until the engine's loop handles it: of one whose container is gone what it tells of that, of others no more than what they are about.</summary>
    public EngineEvent Event(EngineEvent received) => received.Type switch
    {
        EngineEventType.Container when EventInterest.IsEndOfContainer(received) => received with { Attributes = Labels(received.Attributes, out _) },
        EngineEventType.Container => received with { Attributes = LabelSet.Empty },
        _ => received with { ActorId = "", Attributes = LabelSet.Empty },
    };

    public (ImmutableArray<ImageView> Kept, int Uncounted) Images(ImmutableArray<ImageView> listed) =>
        Take(listed, _limits.MaxImages, image => image.Id, image => image with { Labels = Labels(image.Labels, out _) });

    public (ImmutableArray<NetworkView> Kept, int Uncounted) Networks(ImmutableArray<NetworkView> listed) =>
        Take(listed, _limits.MaxNetworks, network => network.Id, network => network with { Labels = Labels(network.Labels, out _) });

    public (ImmutableArray<VolumeView> Kept, int Uncounted) Volumes(ImmutableArray<VolumeView> listed) =>
        Take(listed, _limits.MaxVolumes, volume => volume.Name, volume => volume with { Labels = Labels(volume.Labels, out _) });

    /// <summary>Makes what is kept of what an engine says of itself.</summary>
    /// <exception cref="EngineProtocolException">It says what no engine can be.</exception>
    public EngineSpecs Specs(EngineAddress address, EngineSpecs specs)
    {
        if (EngineSpecsCheck.FindProblem(specs) is { } problem)
        {
            throw new EngineProtocolException(address, "describe engine", problem);
        }

        var labels = Labels(specs.Labels, out var omitted, static key => key is SwarmLabels.ContainerSlots or "storagedriver" or "kernelversion" or "operatingsystem" or "ostype");
        var warnings = omitted == 0 ? specs.Warnings : specs.Warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{omitted} of the engine's labels are left out: it has too many, or they are too long."));
        return specs with { Labels = labels, Warnings = [.. warnings.Take(EngineSpecsCheck.MostWarnings).Select(each => CleanText.Of(each))] };
    }

    /// <summary>Makes the ID under which an engine takes part whose own ID does not tell it from others.</summary>
    public EngineSpecs Identified(EngineAddress address, EngineSpecs specs) =>
        IsAddressIdentity ? specs with { DaemonId = address.ToString() }
        : specs.HasLastingId ? specs
        : specs with { DaemonId = MadeUpId + specs.Name };

    /// <summary>Makes the labels that are kept.</summary>
    /// <param name="labels">The labels as the engine gives them.</param>
    /// <param name="omitted">How many are left out.</param>
    /// <param name="always">Which are kept beside those of scheduling, whatever their number and length.</param>
    public LabelSet Labels(LabelSet labels, out int omitted, Func<string, bool>? always = null)
    {
        var (room, empty) = (_limits.MaxLabels, 0);
        var kept = labels.Shared(_share, (key, value) =>
        {
            if (ReservedLabels.Has(key))
            {
                // Those that a create writes empty say nothing.
                empty += value.Length == 0 ? 1 : 0;
                return value.Length > 0;
            }

            return always?.Invoke(key) == true || (IsShort(key, value) && room-- > 0);
        });
        omitted = labels.Count - kept.Count - empty;
        return kept;
    }

    private static (ImmutableArray<T> Kept, int Uncounted) Take<T>(ImmutableArray<T> listed, int most, Func<T, string> keyOf, Func<T, T> keep) =>
        listed.Length <= most
            ? ([.. listed.Select(keep)], 0)
            : ([.. listed.OrderBy(keyOf, StringComparer.Ordinal).Take(most).Select(keep)], listed.Length - most);

    private ContainerView Kept(ContainerView view, in ResourceVector demand)
    {
        var labels = Labels(view.Labels, out var omitted);
        var names = Names(view.Names, out var areCut);
        return view with
        {
            Names = names,
            IsTruncated = view.IsTruncated || areCut,
            Labels = labels,
            IsSwarmIdOurs = _identity?.IsOurs(labels) == true,
            OmittedLabels = view.OmittedLabels + omitted,
            Image = _texts.Share(view.Image),
            ImageId = _texts.Share(view.ImageId),
            NetworkMode = _texts.Share(view.NetworkMode),
            Resources = Sane(demand),
        };
    }

    // Beside its own name a container has one for each link to it, with another slash in it; those go first.
    private static ImmutableArray<string> Names(ImmutableArray<string> names, out bool areCut)
    {
        areCut = false;
        if (names.IsDefault || names.Length <= 1)
        {
            return names.IsDefault ? [] : names;
        }

        var distinct = names.Distinct(StringComparer.Ordinal).ToImmutableArray();
        areCut = distinct.Length > MostNames;
        return areCut ? [.. distinct.OrderBy(name => name.LastIndexOf('/') > 0 ? 1 : 0).Take(MostNames)] : distinct;
    }

    // Totals of as many containers as are ever followed stay within 64 bits, so that one that goes takes away exactly what it brought; and none
    // makes room by taking less than nothing.
    private static ResourceVector Sane(in ResourceVector resources) => resources with
    {
        MemoryBytes = Math.Clamp(resources.MemoryBytes, 0, EngineSpecsCheck.MostMemory),
        NanoCpus = Math.Clamp(resources.NanoCpus, 0, EngineSpecsCheck.MostCpus * ResourceVector.NanoCpusPerCpu),
        Named = resources.Named.All(amount => amount.Value is >= 0 and <= EngineSpecsCheck.MostMemory)
            ? resources.Named
            : NamedResources.Create(resources.Named.Select(amount => KeyValuePair.Create(amount.Key, Math.Clamp(amount.Value, 0, EngineSpecsCheck.MostMemory)))),
    };

    private bool IsShort(string key, string value) =>
        (key.Length + value.Length) * 3L <= _limits.MaxLabelBytes
        || Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value) <= _limits.MaxLabelBytes;
}
