using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Who an engine is, by its last reading, and since when it has been so without a break.</summary>
/// <remarks>
/// Moments are numbers of one count for all engines of a cluster. They put readings in the order of cause and effect, which clocks, that may stand
/// still or be equal, do not.
/// </remarks>
internal sealed class DaemonReading
{
    private readonly long _emptySinceTimestamp;

    // Parallel to the containers; default where nobody needs it, and then they are known since the end of this reading.
    private readonly ImmutableArray<long> _since;

    private DaemonReading(EngineReading reading, long endedAt, DaemonReading? before, bool hasClash, TimeSpan emptyConfirmation, TimeProvider time)
    {
        (StartedAt, EndedAt, Name) = (reading.Moment, endedAt, reading.Specs.Name);
        ContainerIds = reading.ContainerIds;
        Certificate = reading.Certificate;
        NameSince = before is not null && before.Name == Name ? before.NameSince : endedAt;
        _emptySinceTimestamp = before is { ContainerIds.IsEmpty: true } ? before._emptySinceTimestamp : reading.StartedTimestamp;

        // A daemon that has just come up may not know its containers yet: that there are none it has to say twice.
        CanMiss = reading.Containers.Uncounted == 0
            && (!ContainerIds.IsEmpty || time.GetElapsedTime(_emptySinceTimestamp, reading.StartedTimestamp) >= emptyConfirmation);
        _since = hasClash ? SinceOf(before) : default;
    }

    /// <summary>Gets the moment the reading began.</summary>
    public long StartedAt { get; }

    /// <summary>Gets a moment after the reading ended.</summary>
    public long EndedAt { get; }

    /// <summary>Gets the host name.</summary>
    public string Name { get; }

    /// <summary>Gets the end of the first reading in a row that gave the name.</summary>
    public long NameSince { get; }

    /// <summary>Gets the certificate it showed, if any.</summary>
    public EngineCertificate? Certificate { get; }

    /// <summary>Gets the IDs of the containers, in order: nothing else of them, for what is kept here is kept of engines that take no part as well.</summary>
    public ImmutableArray<string> ContainerIds { get; }

    /// <summary>Gets whether a container that is not among them was not there.</summary>
    public bool CanMiss { get; }

    /// <summary>Takes a reading in. Costs O(1), and O(containers) where another engine gives the same daemon's ID.</summary>
    public static DaemonReading Of(EngineReading reading, long endedAt, DaemonReading? before, bool hasClash, TimeSpan emptyConfirmation, TimeProvider time) =>
        new(reading, endedAt, before, hasClash, emptyConfirmation, time);

    /// <summary>Gets the end of the first reading in a row that showed a container.</summary>
    public long SinceOf(int index) => _since.IsDefault ? EndedAt : _since[index];

    private ImmutableArray<long> SinceOf(DaemonReading? before)
    {
        var since = ImmutableArray.CreateBuilder<long>(ContainerIds.Length);
        var at = 0;
        foreach (var id in ContainerIds)
        {
            while (before is not null && at < before.ContainerIds.Length && string.CompareOrdinal(before.ContainerIds[at], id) < 0)
            {
                at++;
            }

            since.Add(before is not null && at < before.ContainerIds.Length && before.ContainerIds[at] == id ? before.SinceOf(at) : EndedAt);
        }

        return since.DrainToImmutable();
    }
}
