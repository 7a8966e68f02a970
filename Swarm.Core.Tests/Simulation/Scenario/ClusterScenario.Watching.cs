using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>What it costs to watch engines on which nothing happens, and how late what they do not tell is seen.</summary>
internal sealed partial class ClusterScenario
{
    // A part of what it is by default, so that the calm after each phase need not be long.
    private static readonly TimeSpan _inspectedWithin = TimeSpan.FromMinutes(3);

    // Inspections that no rule of the scenario's own counts, such as of a container of which the cluster waits to see what became of a change.
    private const int Others = 10;

    /// <summary>Changes a container without a word, and waits until that must have been seen. Meanwhile nothing is asked that need not be.</summary>
    private async Task CheckWatchingAsync()
    {
        var machine = _machines[_simulation.Random.Next(_machines.Count)];
        var containers = machine.Engine.Local.Containers;
        var id = (await containers.CreateAsync(new ContainerSpec { Image = Workload.Image.Reference, Command = ["serve"], NanoCpus = 30_000_000 }, default)).Id;
        await _simulation.DelayAsync(TimeSpan.FromSeconds(1));
        machine.Engine.DropEvents(1, "update");
        await containers.UpdateAsync(id, new ContainerUpdateSpec { NanoCpus = 20_000_000 }, default);
        _counts.Add("change without an event");
        var before = _machines.Select(each => (Machine: each, Asked: Asked(each), each.Daemon.Events.ChangeCount, each.Daemon.Containers.Count)).ToList();
        var since = _simulation.Elapsed;

        await _simulation.DelayAsync(_inspectedWithin + _convergedAfter);

        await _invariants.CheckConvergedAsync(TimeSpan.FromSeconds(1), _convergedAfter, "after a container was changed without an event");
        foreach (var (watched, asked, changes, count) in before)
        {
            // Each container once an interval, and what happens to it once when it does and once with the next list; each list and what an engine says of itself once a reading.
            var rounds = ((_simulation.Elapsed - since) / _inspectedWithin) + 1;
            var inspections = (rounds * Math.Max(count, watched.Daemon.Containers.Count)) + (2 * (watched.Daemon.Events.ChangeCount - changes)) + Others;
            var readings = ((_simulation.Elapsed - since) / _options.RefreshInterval) + 1;
            var (inspected, listed, rare) = Asked(watched);
            if (!watched.IsCloned && (inspected - asked.Inspected > inspections || listed - asked.Listed > 2 * readings || rare - asked.Rare > 3 + (watched.Daemon.Events.ChangeCount - changes)))
            {
                throw new ViolationException("I14 (what watching costs)", string.Create(
                    CultureInfo.InvariantCulture,
                    $"since {since:c} {watched.Engine.Name} with {count} containers and {watched.Daemon.Events.ChangeCount - changes} changes got {inspected - asked.Inspected} inspections where {inspections:0} would do, {listed - asked.Listed} lists of containers and questions who it is, and {rare - asked.Rare} other lists."));
            }
        }

        await containers.RemoveAsync(id, force: true, removeVolumes: true, default);
    }

    private static (int Inspected, int Listed, int Rare) Asked(Machine machine) => (
        machine.Engine.CallCount(EngineOperation.InspectContainer),
        machine.Engine.CallCount(EngineOperation.ListContainers) + machine.Engine.CallCount(EngineOperation.GetSpecs),
        machine.Engine.CallCount(EngineOperation.ListImages) + machine.Engine.CallCount(EngineOperation.ListNetworks) + machine.Engine.CallCount(EngineOperation.ListVolumes));
}
