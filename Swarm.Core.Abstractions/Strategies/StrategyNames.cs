namespace Swarm.Core.Strategies;

/// <summary>The names of the library's own strategies.</summary>
public static class StrategyNames
{
    /// <summary>Prefers the least loaded node, so that the loss of one engine hurts little. The default.</summary>
    public const string Spread = "spread";

    /// <summary>Prefers the fullest node that still has room, which keeps whole nodes free for large containers.</summary>
    public const string BinPack = "binpack";

    /// <summary>Prefers any node with room, by a seeded choice.</summary>
    public const string Random = "random";
}
