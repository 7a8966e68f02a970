using Swarm.Core.Clustering;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>A subscriber that keeps a picture of the cluster by events, as the documentation of <see cref="IClusterEvents"/> says, and reads them as slowly as it likes.</summary>
internal sealed class Follower(SwarmCluster cluster, Func<Task> pause, Action lagged)
{
    private readonly Dictionary<EngineAddress, Dictionary<string, ContainerView>> _engines = [];

    /// <summary>Reads on until the cluster ends.</summary>
    public async Task<bool> RunAsync()
    {
        using var events = cluster.Events.Subscribe();
        ReadAll();
        await foreach (var each in events)
        {
            await pause();
            Apply(each);
        }

        return true;
    }

    /// <summary>Says where the picture is not what the cluster shows; <see langword="null"/> when it is.</summary>
    public string? FindDifference(IReadOnlyList<EngineState> states)
    {
        foreach (var state in states)
        {
            var seen = _engines.GetValueOrDefault(state.Address);
            if (seen is null)
            {
                return $"a subscriber was not told of {state.Name} at {state.Address}";
            }

            if (seen.Count != state.Containers.Length)
            {
                return $"a subscriber was told of {seen.Count} containers of {state.Name}, and there are {state.Containers.Length}";
            }

            foreach (var container in state.Containers)
            {
                if (seen.GetValueOrDefault(container.Id) is not { } told || told.State != container.State || told.Name != container.Name || told.Resources != container.Resources)
                {
                    return $"a subscriber was told that {container.Id} on {state.Name} is {seen.GetValueOrDefault(container.Id)?.ToString() ?? "not there"}, and it is {container}";
                }
            }
        }

        return null;
    }

    private void Apply(ClusterEvent told)
    {
        switch (told)
        {
            case EventsLagged:
                lagged();
                ReadAll();
                break;
            case ContainerChanged { Kind: ContainerEventKind.Removed } removed:
                _engines.GetValueOrDefault(removed.Address)?.Remove(removed.Container.Id);
                break;
            case ContainerChanged changed:
                if (_engines.TryGetValue(changed.Address, out var containers))
                {
                    containers[changed.Container.Id] = changed.Container;
                }

                break;
            case EngineChanged { Kind: EngineEventKind.Removed } removed:
                _engines.Remove(removed.Address);
                break;
            case EngineChanged changed:
                // What an engine holds when it is admitted is read, and not told.
                if (changed.Kind is EngineEventKind.Admitted || !_engines.ContainsKey(changed.Address))
                {
                    Read(changed.Address);
                }

                break;
            default:
                break;
        }
    }

    private void ReadAll()
    {
        _engines.Clear();
        foreach (var state in cluster.Engines.List())
        {
            Take(state);
        }
    }

    private void Read(EngineAddress address)
    {
        if (cluster.Engines.List().FirstOrDefault(state => state.Address == address) is { } state)
        {
            Take(state);
        }
    }

    private void Take(EngineState state) => _engines[state.Address] = state.Containers.ToDictionary(container => container.Id, StringComparer.Ordinal);
}
