namespace Swarm.Core.Expressions;

/// <summary>Writes node constraints in code: <c>Constraint.On("region").EqualTo("eu-*")</c>.</summary>
public static class Constraint
{
    /// <summary>Begins a condition on a label of the engine, such as <c>storage</c>, or on one of the labels every engine has, such as <c>ostype</c>.</summary>
    /// <param name="key">The key of the label; two characters at least.</param>
    /// <returns>The key, waiting for its comparison.</returns>
    public static ExpressionKey On(string key) => new(key);

    /// <summary>Begins a condition on the node's ID or name.</summary>
    /// <returns>The key, waiting for its comparison.</returns>
    public static ExpressionKey OnNode() => new("node");
}
