using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>The engines of a cluster, from the live state.</summary>
internal sealed class ClusterEngines(SwarmCluster cluster) : IClusterEngines
{
    public IReadOnlyList<EngineState> List() => [.. cluster.Running.Registry.Engines.Values.Select(engine => engine.State)];

    public EngineState Get(string engine)
    {
        ArgumentException.ThrowIfNullOrEmpty(engine);
        var all = List();
        var found = all.Where(state => state.Id == engine).ToArray();
        if (found.Length == 0 && EngineAddress.TryParse(engine, out var address))
        {
            found = [.. all.Where(state => state.Address == address)];
        }

        if (found.Length == 0)
        {
            found = [.. all.Where(state => state.Name == engine)];
        }

        return found.Length switch
        {
            0 => throw new EngineNotFoundException(engine),
            1 => found[0],
            _ => throw new AmbiguousNameException(engine, [.. found.Select(state => $"{state.Name} at {state.Address}")]),
        };
    }

    public Task<IReadOnlyList<EngineState>> WaitUntilAsync(Func<IReadOnlyList<EngineState>, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return CallerContext.LeaveAsync(async () =>
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var change = cluster.Changes.Next;
                var states = List();
                if (condition(states))
                {
                    return states;
                }

                await change.WaitAsync(cancellationToken);
            }
        });
    }
}
