using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Clustering;

/// <summary>What lives from one start to the next stop. It knows its parts, by which the faces hand on what callers ask for; none of the parts knows it.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    /// <summary>Gets what is under way.</summary>
    public required OngoingWork Work { get; init; }

    /// <summary>Gets what was promised, and what all engines hold.</summary>
    public required ReservationLedger Ledger { get; init; }

    /// <summary>Gets what is remembered of plans on the live nodes. Apart from that of placements, which make one decision at a time: plans are made by many at once.</summary>
    public required VerdictBook PlanVerdicts { get; init; }

    /// <summary>Gets which engines there are.</summary>
    public required EngineRegistry Registry { get; init; }

    /// <summary>Gets how long calls may take.</summary>
    public required CallLimits Limits { get; init; }

    /// <summary>Gets what checks and reads requests.</summary>
    public required PlacementRequestFactory Requests { get; init; }

    /// <summary>Gets what takes in what engines say.</summary>
    public required EngineIntake Intake { get; init; }

    /// <summary>Gets what finds containers.</summary>
    public required ContainerFinder Finder { get; init; }

    /// <summary>Gets what calls the engines of containers.</summary>
    public required ContainerCalls Calls { get; init; }

    /// <summary>Gets what creates containers.</summary>
    public required ContainerPlacer Placer { get; init; }

    /// <summary>Gets what starts them.</summary>
    public required ContainerStarter Starter { get; init; }

    /// <summary>Gets what removes them.</summary>
    public required ContainerRemover Remover { get; init; }

    /// <summary>Gets what renames and updates them.</summary>
    public required ContainerChanger Changer { get; init; }

    /// <summary>Gets what waits for their end.</summary>
    public required ContainerWaiter Waiter { get; init; }

    /// <summary>Gets what starts processes in them.</summary>
    public required ContainerExecs Execs { get; init; }

    /// <summary>Gets what moves files.</summary>
    public required ContainerArchives Archives { get; init; }

    /// <summary>Gets what runs jobs.</summary>
    public required JobRunner Jobs { get; init; }

    /// <summary>Counts the engines by how they stand.</summary>
    public IEnumerable<KeyValuePair<string, long>> CountEngines()
    {
        var states = Registry.Engines.Values.Select(engine => engine.State.Status).ToArray();
        yield return new("pending", states.Count(status => status == EngineStatus.Pending));
        yield return new("healthy", states.Count(status => status == EngineStatus.Healthy));
        yield return new("unhealthy", states.Count(status => status == EngineStatus.Unhealthy));
    }

    /// <summary>Counts the holds by how they stand; hosts know them as reservations.</summary>
    public IEnumerable<KeyValuePair<string, long>> CountHolds()
    {
        var (reserved, settled, unknown) = Ledger.CountHolds();
        yield return new("reserved", reserved);
        yield return new("settled", settled);
        yield return new("unknown", unknown);
    }

    /// <summary>Ends all of it: within half of what a call may take what callers and the background have under way, then the engines.</summary>
    public async ValueTask DisposeAsync()
    {
        await Work.EndAsync();
        await Registry.DisposeAsync();
        Work.Dispose();
    }
}
