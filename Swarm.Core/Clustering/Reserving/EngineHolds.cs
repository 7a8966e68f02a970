using System.Runtime.InteropServices;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What one engine shows, and what is promised on top of it. Outlives the engine's part in the cluster while something is open. Guarded by the ledger's lock.</summary>
/// <param name="id">The ID of the engine.</param>
/// <param name="time">The clock of the cluster.</param>
/// <param name="names">How many engines have a name; kept by them all.</param>
internal sealed class EngineHolds(string id, TimeProvider time, Dictionary<string, int> names)
{
    public string Id { get; } = id;

    /// <summary>Gets or sets what the engine shows; <see langword="null"/> while it takes no part.</summary>
    public EngineState? State
    {
        get;
        set
        {
            Rename(field?.Name ?? "", value?.Name ?? "");
            field = value;
        }
    }

    public ResourceVector Total { get; set; }

    public AnswerClock Answers { get; } = new(time);

    public List<Reservation> Creates { get; } = [];

    public List<ContainerHold> Changes { get; } = [];

    /// <summary>Gets the demand of containers, by their IDs, that the engine was told by updates and does not show.</summary>
    public Dictionary<string, ResourceVector> Unshown { get; } = new(StringComparer.Ordinal);

    public long LeftAt { get; set; }

    /// <summary>Gets everything that is promised, creates first.</summary>
    public IEnumerable<Hold> All => [.. Creates, .. Changes];

    public bool IsIdle => Creates.Count == 0 && Changes.Count == 0 && Unshown.Count == 0;

    /// <summary>Removes a hold.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(Hold hold) => hold is Reservation create ? Creates.Remove(create) : Changes.Remove((ContainerHold)hold);

    /// <summary>Gets what a container counts for without its changes: as its engine shows it, or as its create was promised where that does not show it yet.</summary>
    public ResourceVector? DemandOf(string containerId) =>
        State?.FindContainer(containerId)?.Resources ?? Creates.Find(hold => hold.ContainerId == containerId)?.Pending.Resources;

    /// <summary>What is promised to containers beyond what they count for. Each counts once, however many changes of it are under way.</summary>
    public ResourceVector Growth()
    {
        var growth = default(ResourceVector);
        if (Changes.Count == 0 && Unshown.Count == 0)
        {
            return growth;
        }

        var floors = new Dictionary<string, ResourceVector>(Unshown.Count, StringComparer.Ordinal);
        foreach (var containerId in Unshown.Keys)
        {
            floors.Add(containerId, UnshownOf(containerId));
        }

        foreach (var hold in Changes)
        {
            if (hold.Update is not null)
            {
                floors[hold.ContainerId] = Most(floors.GetValueOrDefault(hold.ContainerId), hold.Floor);
            }
        }

        foreach (var (containerId, floor) in floors)
        {
            growth += Above(DemandOf(containerId), floor);
        }

        return growth;
    }

    /// <summary>What is promised to one container beyond what it counts for: by the floors of its holds, and by one more.</summary>
    public ResourceVector Growth(string containerId, in ResourceVector floor)
    {
        var most = Most(floor, UnshownOf(containerId));
        foreach (var hold in Changes)
        {
            if (hold.ContainerId == containerId)
            {
                most = Most(most, hold.Floor);
            }
        }

        return Above(DemandOf(containerId), most);
    }

    /// <summary>An update was made, and its container read since. Where the engine shows no limit all the same its machine enforces none; what was promised counts on, for as long as the program runs.</summary>
    public void KeepUnshown(ContainerHold hold)
    {
        if (hold.Update is null || State?.FindContainer(hold.ContainerId) is not { } shown)
        {
            return;
        }

        var told = Unshown.GetValueOrDefault(hold.ContainerId);
        told = new ResourceVector
        {
            MemoryBytes = hold.Floor.MemoryBytes > 0 ? hold.Floor.MemoryBytes : told.MemoryBytes,
            NanoCpus = hold.Floor.NanoCpus > 0 ? hold.Floor.NanoCpus : told.NanoCpus,
        };
        var isMore = (shown.ShowsNoMemory && told.MemoryBytes > shown.Resources.MemoryBytes) || (shown.ShowsNoCpus && told.NanoCpus > shown.Resources.NanoCpus);
        if (isMore)
        {
            Unshown[hold.ContainerId] = told;
        }
        else
        {
            Unshown.Remove(hold.ContainerId);
        }
    }

    /// <summary>Forgets the unshown demand of containers that are not there any more.</summary>
    public void ForgetUnshownOfGone()
    {
        foreach (var containerId in Unshown.Keys.Where(containerId => State!.FindContainer(containerId) is null).ToArray())
        {
            Unshown.Remove(containerId);
        }
    }

    /// <summary>Takes over everything that is promised on another engine that turned out to be this one.</summary>
    public void TakeOver(EngineHolds from)
    {
        foreach (var hold in from.All)
        {
            hold.EngineId = Id;
            hold.Clock = Answers.GoOn(hold.Clock, from.Answers);
        }

        Creates.AddRange(from.Creates);
        Changes.AddRange(from.Changes);
        foreach (var (containerId, told) in from.Unshown)
        {
            Unshown[containerId] = Most(Unshown.GetValueOrDefault(containerId), told);
        }

        from.Unshown.Clear();
        from.Creates.Clear();
        from.Changes.Clear();
    }

    // What counts of the demand that the engine was told and did not show: where it shows a limit by now, that is the truth.
    private ResourceVector UnshownOf(string containerId) =>
        Unshown.TryGetValue(containerId, out var told) && State?.FindContainer(containerId) is { } shown
            ? new ResourceVector { MemoryBytes = shown.ShowsNoMemory ? told.MemoryBytes : 0, NanoCpus = shown.ShowsNoCpus ? told.NanoCpus : 0 }
            : default;

    private static ResourceVector Most(in ResourceVector one, in ResourceVector other) => new()
    {
        MemoryBytes = Math.Max(one.MemoryBytes, other.MemoryBytes),
        NanoCpus = Math.Max(one.NanoCpus, other.NanoCpus),
    };

    private static ResourceVector Above(in ResourceVector? counted, in ResourceVector floor) => counted is { } taken
        ? new ResourceVector
        {
            MemoryBytes = Math.Max(0, ResourceVector.SaturatingSubtract(floor.MemoryBytes, taken.MemoryBytes)),
            NanoCpus = Math.Max(0, ResourceVector.SaturatingSubtract(floor.NanoCpus, taken.NanoCpus)),
        }
        : default;

    private void Rename(string before, string now)
    {
        if (before == now)
        {
            return;
        }

        if (before.Length > 0 && --CollectionsMarshal.GetValueRefOrNullRef(names, before) == 0)
        {
            names.Remove(before);
        }

        if (now.Length > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(names, now, out _)++;
        }
    }
}
