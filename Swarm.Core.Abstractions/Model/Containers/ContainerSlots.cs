using System.Globalization;

namespace Swarm.Core.Model;

/// <summary>Reads how many containers a node takes from its <c>containerslots</c> label.</summary>
internal static class ContainerSlots
{
    /// <summary>Reads the label.</summary>
    /// <param name="labels">The labels of the engine.</param>
    /// <returns>The number of slots, or <see cref="ResourceVector.UnlimitedSlots"/> when the label is absent or no whole number. May be 0 or negative: then the node takes nothing.</returns>
    public static long Of(LabelSet labels) =>
        labels.TryGetValue(SwarmLabels.ContainerSlots, out var text)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var slots)
            ? slots
            : ResourceVector.UnlimitedSlots;
}
