using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>Matches one text exactly.</summary>
internal sealed class LiteralPattern(string text) : Pattern
{
    public override bool MayMatchHex { get; } = IsHex(text);

    public override bool Matches(ReadOnlySpan<char> candidate, WorkMeter? meter = null)
    {
        // Texts of other lengths are not compared.
        meter?.Spend(1 + (candidate.Length == text.Length ? candidate.Length >> 5 : 0));
        return candidate.SequenceEqual(text);
    }
}
