using System.Collections.Immutable;

namespace Swarm.Core.Clustering;

/// <summary>Tells whether two engines that give one daemon's ID are one daemon. Pure; costs one walk over the containers of both.</summary>
/// <remarks>
/// Containers count more than names: a machine that is renamed keeps its containers, and no two daemons make a container of one ID. Readings of
/// two engines are of different moments, so a difference counts only where what is on the one was there before the reading of the other began
/// and after it had ended. Until something tells, the two are one. Where both have shown certificates these decide: names and containers are what an engine says, and only the
/// key of a certificate is what it has. Two certificates of one subject are one that was renewed, as far as that tells.
/// </remarks>
internal static class DaemonIdentity
{
    /// <summary>Compares an engine that was just read with one that takes part.</summary>
    /// <param name="one">What was just read.</param>
    /// <param name="other">The last reading of the other.</param>
    /// <param name="shown">The IDs of the containers the other shows now, in order: its events may be ahead of its reading.</param>
    /// <param name="answers">Whether the other can be asked.</param>
    /// <returns>The verdict, and whether there is a container on both.</returns>
    public static (IdentityVerdict Verdict, bool Share) Compare(DaemonReading one, DaemonReading other, ImmutableArray<string> shown, bool answers)
    {
        var (share, differ) = CompareContainers(one.ContainerIds, shown);
        if (one.Certificate is { } certificate && other.Certificate is { } known && certificate.IsOfAnother(known))
        {
            return (IdentityVerdict.Different, share);
        }

        if (HasHeldWhatIsMissing(one, other) || HasHeldWhatIsMissing(other, one))
        {
            return (IdentityVerdict.ProvenDifferent, share);
        }

        return share
            ? (differ && answers ? IdentityVerdict.Unclear : IdentityVerdict.Same, share)
            : (CompareNames(one, other, differ, shown.IsEmpty, answers), share);
    }

    private static IdentityVerdict CompareNames(DaemonReading one, DaemonReading other, bool differ, bool isEmpty, bool answers)
    {

        if (!answers)
        {
            // It will not tell any more than it has told.
            return one.Name == other.Name && isEmpty ? IdentityVerdict.Same
                : one.CanMiss || isEmpty ? IdentityVerdict.Different
                : IdentityVerdict.Unclear;
        }

        if (one.Name != other.Name)
        {
            return HaveBothNamesAtOnce(one, other) ? IdentityVerdict.Different : IdentityVerdict.Unclear;
        }

        return differ ? IdentityVerdict.Unclear : IdentityVerdict.Same;
    }

    // A container of the holder that was there before the reading of the other began, and is there since that has ended, and was not read there.
    private static bool HasHeldWhatIsMissing(DaemonReading holder, DaemonReading other)
    {
        if (!other.CanMiss || holder.StartedAt < other.EndedAt)
        {
            return false;
        }

        var at = 0;
        for (var index = 0; index < holder.ContainerIds.Length; index++)
        {
            var id = holder.ContainerIds[index];
            while (at < other.ContainerIds.Length && string.CompareOrdinal(other.ContainerIds[at], id) < 0)
            {
                at++;
            }

            if ((at == other.ContainerIds.Length || other.ContainerIds[at] != id) && holder.SinceOf(index) <= other.StartedAt)
            {
                return true;
            }
        }

        return false;
    }

    private static (bool Share, bool Differ) CompareContainers(ImmutableArray<string> one, ImmutableArray<string> other)
    {
        var (share, differ, at) = (false, false, 0);
        foreach (var id in one)
        {
            while (at < other.Length && string.CompareOrdinal(other[at], id) < 0)
            {
                differ = true;
                at++;
            }

            if (at < other.Length && other[at] == id)
            {
                share = true;
                at++;
            }
            else
            {
                differ = true;
            }
        }

        return (share, differ || at < other.Length);
    }

    // A machine has one name at a time: the one had its name while the other was read, or both were read in one stretch of time.
    private static bool HaveBothNamesAtOnce(DaemonReading one, DaemonReading other) =>
        HadNameDuring(one, other)
        || HadNameDuring(other, one)
        || Math.Max(one.NameSince, other.NameSince) <= Math.Min(one.StartedAt, other.StartedAt)
        || (one.StartedAt < other.EndedAt && other.StartedAt < one.EndedAt);

    private static bool HadNameDuring(DaemonReading one, DaemonReading other) =>
        one.NameSince <= other.StartedAt && one.StartedAt >= other.EndedAt;
}
