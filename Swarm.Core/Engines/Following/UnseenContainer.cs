using System.Collections.Frozen;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A container that came and went before anybody could look at it: the event of its end is all that tells of it. Pure.</summary>
internal static class UnseenContainer
{
    // What a daemon, or Podman, adds to the labels of a container in its events.
    private static readonly FrozenSet<string> _notLabels = FrozenSet.Create(StringComparer.Ordinal, "name", "image", "exitCode", "signal", "execID", "containerExitCode", "podId");

    /// <summary>Makes what the event tells of it.</summary>
    /// <param name="destroyed">The event that it was removed.</param>
    public static ContainerView Of(EngineEvent destroyed)
    {
        var attributes = destroyed.Attributes;
        var name = attributes.ValueOrEmpty("name");
        return ContainerAbridger.Count(new ContainerView
        {
            Id = destroyed.ActorId,
            Names = name.Length == 0 ? [] : ["/" + name],
            Image = attributes.ValueOrEmpty("image"),
            Labels = ReservedLabels.WithoutEmpty(LabelSet.Create(attributes.Where(attribute => !_notLabels.Contains(attribute.Key)))),
        });
    }
}
