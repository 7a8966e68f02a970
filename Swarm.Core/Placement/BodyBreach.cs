namespace Swarm.Core.Placement;

/// <summary>What becomes of a container configuration that says what its text may not say.</summary>
public enum BodyBreach
{
    /// <summary>It is refused with a <see cref="Model.LabelNotAllowedException"/>.</summary>
    Refuse,

    /// <summary>What it says is left out, and the create writes its own word, or none, in its place.</summary>
    Overwrite,
}
