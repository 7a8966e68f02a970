using System.Collections.Immutable;

namespace Swarm.Core.Strategies;

/// <summary>The library's own strategies.</summary>
internal static class BuiltInStrategies
{
    /// <summary>Gets all of them, the default first.</summary>
    public static ImmutableArray<IPlacementStrategy> All { get; } = [new SpreadStrategy(), new BinPackStrategy(), new RandomStrategy()];

    /// <summary>Returns the name a strategy really has: classic Swarm also takes <c>binpacking</c> for <c>binpack</c>.</summary>
    public static string Canonical(string name) => name is "binpacking" ? StrategyNames.BinPack : name;
}
