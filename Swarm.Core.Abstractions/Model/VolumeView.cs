namespace Swarm.Core.Model;

/// <summary>One volume of an engine.</summary>
public sealed record VolumeView
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the driver, for example <c>local</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Gets the labels.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;
}
