namespace Swarm.Core.Expressions;

/// <summary>One condition on a label or name: <c>key==value</c> or <c>key!=value</c>, soft with <c>~</c> before the value. Immutable; parsed and compiled once.</summary>
public sealed class Expression
{
    private Expression(string text, string key, bool isNegated, bool isSoft, string value)
    {
        Text = text;
        Key = key;
        IsNegated = isNegated;
        IsSoft = isSoft;
        Value = value;
    }

    /// <summary>Gets the expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Gets what is looked at, for example <c>region</c> or <c>node</c>.</summary>
    public string Key { get; }

    /// <summary>Gets whether the operator is <c>!=</c>.</summary>
    public bool IsNegated { get; }

    /// <summary>Gets whether the condition is only a wish.</summary>
    public bool IsSoft { get; }

    /// <summary>Gets the value to match, without the soft mark.</summary>
    public string Value { get; }
}
