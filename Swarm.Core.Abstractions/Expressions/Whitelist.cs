namespace Swarm.Core.Expressions;

/// <summary>Writes node whitelists in code: <c>Whitelist.Of("web-1", "web-2")</c>.</summary>
public static class Whitelist
{
    /// <summary>Makes the condition that the node is one of the named.</summary>
    /// <param name="nodeNames">The names; they are compared exactly.</param>
    /// <returns>The hard expression.</returns>
    /// <exception cref="InvalidExpressionException">There is no name, or one cannot be written in an expression.</exception>
    public static Expression Of(params IEnumerable<string> nodeNames)
    {
        var names = nodeNames.ToArray();
        var text = "node==" + string.Join('|', names);
        var expression = Expression.ParseWhitelist(text);
        return !expression.IsSoft && names.All(name => name.Length > 0 && !name.Contains('|', StringComparison.Ordinal))
            ? expression
            : throw new InvalidExpressionException(text, $"The names in '{text}' would be read as something else.");
    }
}
