namespace Swarm.Core.Engines;

/// <summary>Makes of what a list says of a container what can be held against a later list. Pure.</summary>
internal static class ListEntries
{
    /// <summary>Makes it.</summary>
    /// <param name="listed">What the list says, whole.</param>
    /// <param name="others">A fingerprint of what else it says: ports, networks, mounts.</param>
    /// <returns>What can be held against a later list; <see langword="null"/> where parts were left out, of which nobody can tell whether they changed.</returns>
    public static ListEntry? Of(ContainerSummary listed, ulong others = 0)
    {
        if (listed.IsTruncated || listed.OmittedLabels > 0)
        {
            return null;
        }

        var (what, seconds) = StatusWords.Split(listed.Status);
        var content = Fingerprint.Add(Fingerprint.Add(Fingerprint.Empty, others), (ulong)listed.State);
        content = Fingerprint.Add(Fingerprint.Add(content, what), (ulong)listed.Created.UtcTicks);
        content = Fingerprint.Add(Fingerprint.Add(content, listed.Image), listed.ImageId);

        // Engines give names in no order, and labels without one.
        content = Fingerprint.Add(content, Sum(listed.Names.IsDefault ? [] : listed.Names, static name => Fingerprint.Of(name)));
        return new ListEntry(Fingerprint.Add(content, Sum(listed.Labels, static label => Fingerprint.Add(Fingerprint.Of(label.Key), label.Value))), seconds);
    }

    private static ulong Sum<T>(IEnumerable<T> items, Func<T, ulong> fingerprintOf)
    {
        var (sum, count) = (0UL, 0UL);
        foreach (var item in items)
        {
            sum = unchecked(sum + fingerprintOf(item));
            count++;
        }

        return Fingerprint.Add(count, sum);
    }
}
