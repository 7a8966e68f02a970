namespace Swarm.Core.Expressions;

/// <summary>Matches one text exactly.</summary>
internal sealed class LiteralPattern(string text) : Pattern
{
    public override bool Matches(ReadOnlySpan<char> candidate) => candidate.SequenceEqual(text);
}
