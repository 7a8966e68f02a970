namespace Swarm.Core.Expressions;

/// <summary>A condition on a place in a text.</summary>
internal enum RegexAssertion
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
