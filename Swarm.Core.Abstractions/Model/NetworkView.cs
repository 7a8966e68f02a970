namespace Swarm.Core.Model;

/// <summary>One network of an engine.</summary>
public sealed record NetworkView
{
    /// <summary>Gets the network ID.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the name, for example <c>bridge</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the driver, for example <c>bridge</c> or <c>overlay</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Gets the scope: <c>local</c>, <c>global</c> or <c>swarm</c>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Gets the labels.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;
}
