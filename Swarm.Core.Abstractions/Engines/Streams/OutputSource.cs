namespace Swarm.Core.Engines;

/// <summary>Where a process wrote something.</summary>
public enum OutputSource
{
    /// <summary>Its standard output; with a terminal, everything.</summary>
    StandardOutput,

    /// <summary>Its standard error output.</summary>
    StandardError,
}
