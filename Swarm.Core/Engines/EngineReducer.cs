using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>State and signal make the next state. Pure: no clock, no I/O, no lock.</summary>
internal static class EngineReducer
{
    /// <summary>Applies a signal. Costs O(changed containers) plus one copy of the container references when any changed.</summary>
    public static EngineTransition Apply(this EngineState state, EngineSignal signal) => signal switch
    {
        EngineSignal.Described described => Plain(state, state with { Specs = described.Specs }),
        EngineSignal.Admitted admitted => Plain(state, state with { Id = admitted.Id }),
        EngineSignal.Held held => Plain(state, state with { Status = EngineStatus.Pending, Reason = held.Reason, HealthIndicator = 0 }),
        EngineSignal.Recovered => Plain(state, state with { Status = EngineStatus.Healthy, Reason = null, FailureCount = 0, HealthIndicator = 100 }),
        EngineSignal.Failed failed => Plain(state, state with
        {
            Status = state.Id.Length == 0 ? EngineStatus.Pending : EngineStatus.Unhealthy,
            Reason = failed.Reason,
            FailureCount = state.FailureCount + 1,
            HealthIndicator = 0,
        }),
        EngineSignal.Eligibility eligibility => Plain(state, state with { IsEligible = eligibility.IsEligible }),
        EngineSignal.Left => Plain(state, state with { Status = EngineStatus.Disconnected, Reason = "The engine left the cluster.", HealthIndicator = 0 }),
        EngineSignal.ContainersRead read => ReadAll(state, read),
        EngineSignal.ContainerRead read => ReadOne(state, read),
        EngineSignal.ContainerGone gone => Remove(state, gone),
        EngineSignal.ImagesRead read => Plain(state, state with { Images = read.Images }),
        EngineSignal.NetworksRead read => Plain(state, state with { Networks = read.Networks }),
        EngineSignal.VolumesRead read => Plain(state, state with { Volumes = read.Volumes }),
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal.GetType().Name, "No such signal."),
    };

    private static EngineTransition Plain(EngineState before, EngineState after) =>
        new(before, after with { Version = before.Version + 1 }, []);

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
        foreach (var container in next.Values)
        {
            used += container.Resources;
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

        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = [.. next.Values],
                Used = used,
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
        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = index >= 0 ? state.Containers.SetItem(index, container) : state.Containers.Insert(~index, container),
                Used = state.Used + container.Resources - (before?.Resources ?? default),
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
                Used = state.Used - before.Resources,
                Touched = touched,
            },
            [new ContainerChange(before, null)]);
    }
}
