using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>Matches each of the names that <c>|</c> separates, exactly. Costs the same however many there are.</summary>
internal sealed class NameListPattern : Pattern
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _names;

    public NameListPattern(string names) =>
        _names = new HashSet<string>(names.Split('|'), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public override bool MayMatchHex => true;

    public override bool Matches(ReadOnlySpan<char> candidate, WorkMeter? meter = null)
    {
        meter?.Spend(20 + (candidate.Length >> 2));
        return _names.Contains(candidate);
    }
}
