namespace Swarm.Core.Benchmarks;

/// <summary>What canned engines count.</summary>
internal enum CannedCall
{
    Ping,
    Describe,
    List,
    Inspect,
    Create,
}
