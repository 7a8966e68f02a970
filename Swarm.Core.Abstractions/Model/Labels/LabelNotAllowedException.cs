using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>A container configuration says something to the library, in a label or its environment, that the rules of the cluster for what others wrote do not let it say.</summary>
/// <remarks>Nothing was asked of any engine. What a host says itself belongs in the types of <see cref="ContainerSpec"/>, or the option <c>BodyRules</c> lets it through.</remarks>
public sealed class LabelNotAllowedException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="container">The name of the container; <see langword="null"/> when it has none.</param>
    /// <param name="label">The label.</param>
    /// <param name="value">What the container says in it, or in the entry of its environment that stands for it.</param>
    /// <param name="reason">Why it may not, as a sentence.</param>
    public LabelNotAllowedException(string? container, string label, string value, string reason)
        : base($"{(container is null ? "The container" : $"Container {CleanText.Of(container)}")} may not set the label {CleanText.Of(label)} to '{CleanText.Of(value)}'. {CleanText.Of(reason)}")
    {
        Container = container;
        Label = label;
        Value = value;
    }

    /// <summary>Gets the name of the container, as it was given; <see langword="null"/> when it has none.</summary>
    public string? Container { get; }

    /// <summary>Gets the key of the label, as it was given, also for an entry of the environment that stands for it.</summary>
    public string Label { get; }

    /// <summary>Gets what the container says, as it was given: the value of the label, or the entry of its environment.</summary>
    public string Value { get; }
}
