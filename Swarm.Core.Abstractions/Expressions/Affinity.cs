namespace Swarm.Core.Expressions;

/// <summary>Writes affinities in code: <c>Affinity.ToContainer("db")</c>, <c>Affinity.AwayFromContainer("web-*").AsSoft()</c>.</summary>
public static class Affinity
{
    /// <summary>Makes the condition that the node holds a container.</summary>
    /// <param name="container">Its name or full ID; <c>*</c> stands for any run of characters.</param>
    /// <returns>The hard expression.</returns>
    /// <exception cref="InvalidExpressionException">The text cannot be written in an expression.</exception>
    public static Expression ToContainer(string container) => new ExpressionKey("container").EqualTo(container);

    /// <summary>Makes the condition that the node does not hold a container.</summary>
    /// <param name="container">Its name or full ID; <c>*</c> stands for any run of characters.</param>
    /// <returns>The hard expression.</returns>
    /// <exception cref="InvalidExpressionException">The text cannot be written in an expression.</exception>
    public static Expression AwayFromContainer(string container) => new ExpressionKey("container").NotEqualTo(container);

    /// <summary>Makes the condition that the node has an image.</summary>
    /// <param name="image">Its tag, its repository or its full ID; <c>*</c> stands for any run of characters.</param>
    /// <returns>The hard expression.</returns>
    /// <exception cref="InvalidExpressionException">The text cannot be written in an expression.</exception>
    public static Expression ToImage(string image) => new ExpressionKey("image").EqualTo(image);

    /// <summary>Makes the condition that the node does not have an image.</summary>
    /// <param name="image">Its tag, its repository or its full ID; <c>*</c> stands for any run of characters.</param>
    /// <returns>The hard expression.</returns>
    /// <exception cref="InvalidExpressionException">The text cannot be written in an expression.</exception>
    public static Expression AwayFromImage(string image) => new ExpressionKey("image").NotEqualTo(image);

    /// <summary>Begins a condition on a label of the containers that the node holds.</summary>
    /// <param name="key">The key of the label; <c>container</c> and <c>image</c> have a meaning of their own.</param>
    /// <returns>The key, waiting for its comparison.</returns>
    public static ExpressionKey ToLabel(string key) => new(key);
}
