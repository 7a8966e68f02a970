namespace Swarm.Core.Expressions;

/// <summary>A part of a regular expression as it was read.</summary>
internal abstract record RegexNode
{
    /// <summary>One character out of a set.</summary>
    internal sealed record One(CharacterTest Characters) : RegexNode;

    /// <summary>A condition on a place in the text; takes no character.</summary>
    internal sealed record Check(RegexAssertion Assertion) : RegexNode;

    /// <summary>One after the other; possibly nothing.</summary>
    internal sealed record Sequence(IReadOnlyList<RegexNode> Items) : RegexNode;

    /// <summary>Any one of several.</summary>
    internal sealed record Choice(IReadOnlyList<RegexNode> Options) : RegexNode;

    /// <summary>The same any number of times (<c>*</c>), at least once (<c>+</c>) or at most once (<c>?</c>).</summary>
    internal sealed record Repeat(RegexNode Body, char Operation) : RegexNode;
}
