namespace Swarm.Core.Testing;

/// <summary>A simulation failed: its body or a check threw, nothing was left to do, or something escaped from its thread.</summary>
public sealed class SimulationException : Exception
{
    internal SimulationException(long seed, long steps, TimeSpan elapsed, string message, Exception? innerException = null)
        : base($"Seed {seed}, step {steps}, {elapsed:c} of virtual time: {message}", innerException)
    {
        Seed = seed;
        Steps = steps;
        Elapsed = elapsed;
    }

    /// <summary>Gets the seed that repeats the failure.</summary>
    public long Seed { get; }

    /// <summary>Gets how many steps had been taken.</summary>
    public long Steps { get; }

    /// <summary>Gets how much virtual time had passed.</summary>
    public TimeSpan Elapsed { get; }
}
