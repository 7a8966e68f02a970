using Swarm.Core.Clustering;

namespace Swarm.Core.Testing;

/// <summary>One program that holds a cluster, from its start to its stop or crash.</summary>
internal sealed class Manager(int generation, TimeSpan startedAt, SimulationProcess process, SwarmCluster cluster, TimerCount time, ScenarioConnector connector, DecisionOracle oracle)
{
    /// <summary>Gets how many there were before it.</summary>
    public int Generation { get; } = generation;

    public TimeSpan StartedAt { get; } = startedAt;

    public SimulationProcess Process { get; } = process;

    public SwarmCluster Cluster { get; } = cluster;

    public TimerCount Time { get; } = time;

    public DecisionOracle Oracle { get; } = oracle;

    /// <summary>Ends it in the middle of everything. Its operating system closes what it had open.</summary>
    public async Task CrashAsync()
    {
        Process.Kill();
        await connector.CloseAllAsync();
    }
}
