namespace Swarm.Core.Testing;

/// <summary>Draws when the host's own part of the program fails, and counts it.</summary>
internal sealed class HostTrouble(Simulation simulation, IReadOnlySet<HostFault> faults, ScenarioCounts counts)
{
    /// <summary>Gets or sets whether anything fails at present.</summary>
    public bool IsOn { get; set; }

    public bool Has(HostFault fault) => faults.Contains(fault);

    /// <summary>Tells whether a fault is met this time.</summary>
    public bool Meets(HostFault fault, double rate)
    {
        if (!IsOn || !faults.Contains(fault) || simulation.Random.NextDouble() >= rate)
        {
            return false;
        }

        counts.Add(fault.ToString());
        return true;
    }

    /// <summary>Holds up its thread for a while.</summary>
    public void Block() => simulation.Block(TimeSpan.FromSeconds(3 * simulation.Random.NextDouble()));

    /// <summary>Waits much longer than anybody may wait for a host, whatever tokens say.</summary>
    public Task DeafAsync() => simulation.DelayAsync(TimeSpan.FromMinutes(5 + (20 * simulation.Random.NextDouble())), CancellationToken.None);

    /// <summary>The same, but for what only a host can end: it does when faults have ended.</summary>
    public async Task DeafWhileOnAsync()
    {
        for (var seconds = 300 + simulation.Random.Next(1200); IsOn && seconds > 0; seconds--)
        {
            await simulation.DelayAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }
}
