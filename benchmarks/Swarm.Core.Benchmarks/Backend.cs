namespace Swarm.Core.Benchmarks;

/// <summary>What stands for the engines.</summary>
internal enum Backend
{
    /// <summary>Engines with their answers ready.</summary>
    Canned,

    /// <summary>The engines of Swarm.Core.Testing, which read create bodies and keep documents as a daemon does.</summary>
    Memory,
}
