using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Finds the one container that a caller's words stand for.</summary>
/// <param name="ledger">Knows all containers by ID and name.</param>
/// <param name="findAt">Finds an engine by its address.</param>
internal sealed class ContainerFinder(ReservationLedger ledger, Func<EngineAddress, IFollowedEngine?> findAt)
{
    /// <summary>Finds a container.</summary>
    /// <param name="container">Its ID, a unique beginning of that, its name, or either after its engine's and a slash.</param>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public ClusterContainer Find(string container)
    {
        ArgumentException.ThrowIfNullOrEmpty(container);
        if (FindAt(container) is { } there)
        {
            return there;
        }

        var found = ledger.Find(container);
        return found.Length switch
        {
            0 => throw new ContainerNotFoundException(container),
            1 => found[0],
            _ => throw new AmbiguousNameException(container, Describe(found)),
        };
    }

    // Engines may share a name, and clones of one have containers of one ID.
    private static ImmutableArray<string> Describe(ImmutableArray<ClusterContainer> found)
    {
        var shared = found.Select(each => (each.EngineName, each.EngineId)).Distinct().GroupBy(each => each.EngineName).Where(engines => engines.Skip(1).Any()).Select(engines => engines.Key).ToHashSet();
        return [.. found.Select(each => $"{each.EngineName}/{each.Name} ({each.Id}){(shared.Contains(each.EngineName) ? $" on engine {each.EngineId}" : "")}")];
    }

    // An address is discovery's word, and no engine has two containers of one ID: whatever anybody calls himself, this means one.
    private ClusterContainer? FindAt(string container)
    {
        var slash = container.LastIndexOf('/');
        return slash > 0
            && DocumentReader.IsContainerId(container[(slash + 1)..])
            && EngineAddress.TryParse(container[..slash], out var address)
            && findAt(address)?.State is { Id.Length: > 0 } state
            && state.FindContainer(container[(slash + 1)..]) is { } view
                ? new ClusterContainer(state.Id, state.Name, view)
                : null;
    }
}
