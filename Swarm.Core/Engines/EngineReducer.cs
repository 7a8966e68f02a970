using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>State and signal make the next state. Pure: no clock, no I/O, no lock.</summary>
internal static class EngineReducer
{
    // From here on counting anew is cheaper than change by change.
    private const int FewChanges = 64;

    // An engine takes new work only while it has answered to everything.
    private const int FailureLimit = 1;

    /// <summary>Applies a signal.</summary>
    /// <remarks>
    /// One container costs one copy of the container references, and of the tables of ports and of label values where it makes a difference to
    /// them; finding it O(log n). A whole list costs O(n log n). Used resources, ports and label values are carried on, so a placement adds
    /// nothing up.
    /// </remarks>
    public static EngineTransition Apply(this EngineState state, EngineSignal signal)
    {
        var transition = ApplyCore(state, signal);
        return transition.IsEmpty || HasSameGaps(transition.Before, transition.After)
            ? transition
            : transition with { After = transition.After with { Degradations = DegradationsOf(transition.After) } };
    }

    private static EngineTransition ApplyCore(EngineState state, EngineSignal signal) => signal switch
    {
        EngineSignal.Described described => Plain(state, state with { Specs = described.Specs }),
        EngineSignal.Admitted admitted => Plain(state, state with { Id = admitted.Id }),
        EngineSignal.Held held => Plain(state, state with { Status = EngineStatus.Pending, Reason = CleanText.Of(held.Reason) }),
        EngineSignal.Recovered => Plain(state, state with { Status = EngineStatus.Healthy, Reason = null, FailureCount = 0 }),
        EngineSignal.Failed failed => Plain(state, state with
        {
            Status = state.Id.Length == 0 ? EngineStatus.Pending : EngineStatus.Unhealthy,
            Reason = CleanText.Of(failed.Reason),
            FailureCount = state.FailureCount + 1,
        }),
        EngineSignal.Discovery discovery => Plain(state, state with { IsDiscovered = discovery.IsDiscovered }),
        EngineSignal.Overlaid overlaid => Plain(state, state with { Overlay = overlaid.Overlay }),
        EngineSignal.Left => Plain(state, state with { Status = EngineStatus.Disconnected, Reason = "The engine left the cluster." }),
        EngineSignal.ContainersRead read => ReadAll(state, read),
        EngineSignal.ContainerRead read => ReadOne(state, read),
        EngineSignal.ContainerGone gone => Remove(state, gone),
        EngineSignal.ImagesRead read => Plain(state, state with { Images = read.Images, UncountedImages = read.Uncounted }),
        EngineSignal.NetworksRead read => Plain(state, state with { Networks = read.Networks, UncountedNetworks = read.Uncounted }),
        EngineSignal.VolumesRead read => Plain(state, state with { Volumes = read.Volumes, UncountedVolumes = read.Uncounted }),
        EngineSignal.Unlisted unlisted => Plain(state, state with { UnlistedObjects = unlisted.What }),
        EngineSignal.Outrun outrun => Plain(state, state with { ReadAt = Math.Max(state.ReadAt, outrun.At), Touched = state.Touched.Clear() }),
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal.GetType().Name, "No such signal."),
    };

    private static EngineTransition Plain(EngineState before, EngineState after) =>
        new(before, after with { Version = before.Version + 1, HealthIndicator = HealthIndicator.Of(after.Status, after.FailureCount, FailureLimit) }, []);

    // The answer describes the moment it was asked for: whatever was touched since then stays as it is.
    private static EngineTransition ReadAll(EngineState state, EngineSignal.ContainersRead read)
    {
        var next = new SortedDictionary<string, ContainerView>(StringComparer.Ordinal);
        foreach (var container in read.Containers)
        {
            if (!state.WasTouchedAfter(container.Id, read.StartedAt))
            {
                next[container.Id] = container;
            }
        }

        foreach (var container in state.Containers)
        {
            if (state.WasTouchedAfter(container.Id, read.StartedAt))
            {
                next[container.Id] = container;
            }
        }

        var changes = ImmutableArray.CreateBuilder<ContainerChange>();
        var used = default(ResourceVector);
        var unread = 0;
        foreach (var container in next.Values)
        {
            used += container.Resources;
            unread += container.IsUnread ? 1 : 0;
            var before = state.FindContainer(container.Id);
            if (before is null || !ReferenceEquals(before, container))
            {
                changes.Add(new ContainerChange(before, container));
            }
        }

        foreach (var container in state.Containers)
        {
            if (!next.ContainsKey(container.Id))
            {
                changes.Add(new ContainerChange(container, null));
            }
        }

        ImmutableArray<ContainerView> containers = [.. next.Values];
        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = containers,
                Totals = changes.Count > FewChanges ? ContainerTotals.Of(containers) : changes.Aggregate(state.Totals, (totals, change) => totals.With(change.Before, change.After)),
                Used = used,
                UncountedContainers = read.Uncounted,
                UnreadContainers = unread,
                ReadAt = Math.Max(state.ReadAt, read.StartedAt),
                Touched = state.Touched.RemoveRange(state.Touched.Where(touch => touch.Value <= read.StartedAt).Select(touch => touch.Key)),
            },
            changes.ToImmutable());
    }

    private static EngineTransition ReadOne(EngineState state, EngineSignal.ContainerRead read)
    {
        var container = read.Container;
        if (state.WasTouchedAfter(container.Id, read.StartedAt))
        {
            return new EngineTransition(state, state, []);
        }

        var index = state.IndexOf(container.Id);
        var before = index >= 0 ? state.Containers[index] : null;
        if (before is null && state.Containers.Length >= read.MostContainers)
        {
            // How many there are beyond those that are followed, the next list tells.
            return state.UncountedContainers > 0
                ? new EngineTransition(state, state, [])
                : Plain(state, state with { UncountedContainers = 1 });
        }

        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = index >= 0 ? state.Containers.SetItem(index, container) : state.Containers.Insert(~index, container),
                Totals = state.Totals.With(before, container),
                Used = state.Used + container.Resources - (before?.Resources ?? default),
                UnreadContainers = state.UnreadContainers + Unread(container) - Unread(before),
                Touched = state.Touched.SetItem(container.Id, read.StartedAt),
            },
            [new ContainerChange(before, container)]);
    }

    private static EngineTransition Remove(EngineState state, EngineSignal.ContainerGone gone)
    {
        if (state.WasTouchedAfter(gone.Id, gone.At))
        {
            return new EngineTransition(state, state, []);
        }

        var touched = state.Touched.SetItem(gone.Id, gone.At);
        var index = state.IndexOf(gone.Id);
        if (index < 0)
        {
            return new EngineTransition(state, state with { Version = state.Version + 1, Touched = touched }, []);
        }

        var before = state.Containers[index];
        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = state.Containers.RemoveAt(index),
                Totals = state.Totals.With(before, null),
                Used = state.Used - before.Resources,
                UnreadContainers = state.UnreadContainers - Unread(before),
                Touched = touched,
            },
            [new ContainerChange(before, null)]);
    }

    private static int Unread(ContainerView? container) => container is { IsUnread: true } ? 1 : 0;

    private static bool HasSameGaps(EngineState one, EngineState other) =>
        one.UncountedContainers == other.UncountedContainers
        && one.UnreadContainers == other.UnreadContainers
        && one.UncountedImages == other.UncountedImages
        && one.UncountedNetworks == other.UncountedNetworks
        && one.UncountedVolumes == other.UncountedVolumes
        && one.UnlistedObjects == other.UnlistedObjects;

    private static ImmutableArray<EngineDegradation> DegradationsOf(EngineState state)
    {
        var degradations = ImmutableArray.CreateBuilder<EngineDegradation>();
        AddUncounted(EngineDegradationKind.TooManyContainers, "containers", state.Containers.Length, state.UncountedContainers);
        if (state.UnreadContainers > 0)
        {
            var first = state.Containers.First(container => container.IsUnread);
            degradations.Add(new EngineDegradation(
                EngineDegradationKind.UnreadableContainers,
                string.Create(CultureInfo.InvariantCulture, $"{state.UnreadContainers} of its containers cannot be looked at, such as {first.Id}")));
        }

        AddUncounted(EngineDegradationKind.TooManyImages, "images", state.Images.Length, state.UncountedImages);
        AddUncounted(EngineDegradationKind.TooManyNetworks, "networks", state.Networks.Length, state.UncountedNetworks);
        AddUncounted(EngineDegradationKind.TooManyVolumes, "volumes", state.Volumes.Length, state.UncountedVolumes);
        if (state.UnlistedObjects.Length > 0)
        {
            degradations.Add(new EngineDegradation(EngineDegradationKind.UnreadableLists, $"it does not list its {state.UnlistedObjects}"));
        }

        return degradations.DrainToImmutable();

        void AddUncounted(EngineDegradationKind kind, string what, int followed, int uncounted)
        {
            if (uncounted > 0)
            {
                degradations.Add(new EngineDegradation(kind, string.Create(CultureInfo.InvariantCulture, $"it has more {what} than are followed: {uncounted} at least beyond {followed}")));
            }
        }
    }
}
