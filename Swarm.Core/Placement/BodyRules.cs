namespace Swarm.Core.Placement;

/// <summary>What the text of a container configuration may say to the library, for a host that passes on what others wrote.</summary>
/// <remarks>
/// Text is what may be somebody else's: a create body, and the labels and the environment of a <see cref="Model.ContainerSpec"/>, also where
/// <see cref="Model.ContainerConfig.WithLabel"/> put it there. What is said in types (<see cref="Model.ContainerSpec.Constraints"/>,
/// <see cref="Model.ContainerSpec.Affinities"/>, <see cref="Model.ContainerSpec.Whitelists"/>, <see cref="Model.ContainerSpec.Tolerations"/>,
/// <see cref="Model.ContainerSpec.NamedResources"/>) is the host's own word and always honoured. The operation, what was counted, the owner, the
/// generation and the devices are the library's: every create writes them anew, whatever the rules. A label without a value says nothing.
/// </remarks>
public sealed class BodyRules
{
    /// <summary>Makes the rules of classic Swarm: whatever can be said is honoured. For text that the host trusts as much as itself.</summary>
    public static BodyRules Classic => new() { Honoured = BodyLabels.All, Otherwise = BodyBreach.Overwrite };

    /// <summary>Gets or sets what is honoured.</summary>
    /// <value>The default is <see cref="BodyLabels.None"/>, which is safe whoever wrote the text.</value>
    public BodyLabels Honoured { get; set; }

    /// <summary>Gets or sets what becomes of a configuration that says anything else.</summary>
    /// <value>The default is <see cref="BodyBreach.Refuse"/>: no condition of a container is lost unnoticed.</value>
    public BodyBreach Otherwise { get; set; }

    /// <summary>Tells what is wrong with the rules.</summary>
    /// <returns>The mistakes; none when they can be used.</returns>
    internal IEnumerable<string> Validate()
    {
        if ((Honoured & ~BodyLabels.All) != 0)
        {
            yield return $"Honoured is {Honoured}; it can be any of {BodyLabels.All:F} together.";
        }

        if (!Enum.IsDefined(Otherwise))
        {
            yield return $"Otherwise is {Otherwise}; it must be {nameof(BodyBreach.Refuse)} or {nameof(BodyBreach.Overwrite)}.";
        }
    }
}
