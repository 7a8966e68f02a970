using System.Globalization;
using System.Net;
using Swarm.Core.Clustering;
using Swarm.Core.Docker;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Soak;

/// <summary>Holds what a cluster on threads did against what its engines say, and looks for what it left behind. Every finding is a sentence.</summary>
/// <param name="engines">The engines.</param>
/// <param name="time">The clock of the cluster, and of nothing else.</param>
internal sealed class SoakAudit(IReadOnlyList<InMemoryEngine> engines, CountingSystemTime time)
{
    /// <summary>What the names begin with that callers gave; those that engines invent may meet.</summary>
    public const string NamePrefix = "soak-";

    // An engine is read again until it says the same twice: a change in the middle of a reading would make sums that never were.
    private const int MaxReadings = 20;

    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Says what is wrong on the engines at this moment: what is given away twice, and what more than there is.</summary>
    public async Task<IReadOnlyList<string>> FindOnEnginesAsync()
    {
        var findings = new List<string>();
        var names = new Dictionary<string, (InMemoryEngine Engine, string Id)>(StringComparer.Ordinal);
        foreach (var engine in engines)
        {
            if (await ReadAsync(engine) is not { } containers)
            {
                continue;
            }

            findings.AddRange(FindOn(engine, containers));
            foreach (var container in containers.Where(each => each.Name.StartsWith(NamePrefix, StringComparison.Ordinal)))
            {
                if (!names.TryAdd(container.Name, (engine, container.Id)) && await StillHasAsync(names[container.Name], container.Name))
                {
                    findings.Add($"The name {container.Name} is held twice: on {names[container.Name].Engine.Name} and on {engine.Name}.");
                }
            }
        }

        return findings;
    }

    /// <summary>Says what is wrong with a cluster that has had time to settle.</summary>
    public async Task<IReadOnlyList<string>> FindInClusterAsync(SwarmCluster cluster)
    {
        var findings = new List<string>();
        foreach (var (open, _) in cluster.Current.Running.Ledger.ListReservations())
        {
            findings.Add($"Operation {open.Operation} on {open.EngineId} is still {open.Stage}.");
        }

        if (cluster.Current.Running.Ledger.OpenHolds is > 0 and var count)
        {
            findings.Add($"{count} reservations are open.");
        }

        var shown = cluster.Containers.List().ToLookup(each => each.EngineId, StringComparer.Ordinal);
        foreach (var engine in engines)
        {
            var state = cluster.Engines.List().FirstOrDefault(each => each.Address == engine.Address);
            if (state?.Status != EngineStatus.Healthy)
            {
                findings.Add($"{engine.Name} is {state?.Status.ToString() ?? "not there"}: {state?.Reason}");
            }

            var real = (await ReadAsync(engine) ?? []).Select(Describe).Order(StringComparer.Ordinal).ToArray();
            var known = shown[engine.DaemonId].Select(each => Describe(each.View)).Order(StringComparer.Ordinal).ToArray();
            if (!real.SequenceEqual(known))
            {
                findings.Add($"{engine.Name} is shown otherwise than it is. Only there: {string.Join("; ", real.Except(known))}. Only shown: {string.Join("; ", known.Except(real))}.");
            }
        }

        return findings;
    }

    /// <summary>Says what a cluster that was stopped has left: timers, connections, streams, or anything that keeps its parts.</summary>
    /// <param name="parts">The cluster and what it was made of.</param>
    /// <param name="looks">How often to look, a tenth of a second apart, before what is there is called left.</param>
    public async Task<IReadOnlyList<string>> FindLeftBehindAsync(IReadOnlyCollection<WeakReference> parts, int looks = 100)
    {
        // What callers were told of at once ends right after; and what is no longer kept is gone after a collection or two.
        var findings = new List<string>();
        for (var look = 0; look < looks; look++)
        {
            findings.Clear();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            findings.AddRange(FindLeftBehind());
            if (parts.Count(part => part.IsAlive) is > 0 and var alive)
            {
                var kinds = parts.Select(part => part.Target?.GetType().Name).OfType<string>().Distinct();
                findings.Add($"{alive} parts of the cluster are kept by a task or a timer: {string.Join(", ", kinds)}.");
            }

            if (findings.Count == 0)
            {
                break;
            }

            await Task.Delay(100);
        }

        return findings;
    }

    private IEnumerable<string> FindLeftBehind()
    {
        if (time.LiveTimers > 0)
        {
            yield return $"{time.LiveTimers} timers are left.";
        }

        foreach (var engine in engines)
        {
            if (engine.ConnectionCount > 0)
            {
                yield return $"{engine.ConnectionCount} connections to {engine.Name} are left.";
            }

            if (engine.Daemon.Events.RemoteStreamCount is > 0 and var streams)
            {
                yield return $"{streams} event streams of {engine.Name} are left.";
            }
        }
    }

    private static IEnumerable<string> FindOn(InMemoryEngine engine, IReadOnlyList<ContainerView> containers)
    {
        var specs = engine.Describe();
        var memory = containers.Sum(each => each.Resources.MemoryBytes);
        var cpus = containers.Sum(each => each.Resources.NanoCpus);
        if (memory > specs.MemoryBytes || cpus > specs.NanoCpus)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{engine.Name} holds {memory} of {specs.MemoryBytes} bytes and {cpus} of {specs.NanoCpus} nano-CPUs.");
        }

        foreach (var port in containers.SelectMany(each => each.PortBindings).Where(binding => binding.HostPort.Length > 0).GroupBy(binding => (binding.HostPort, binding.Protocol)).Where(group => group.Count() > 1))
        {
            yield return $"Host port {port.Key.HostPort}/{port.Key.Protocol} of {engine.Name} is given {port.Count()} times.";
        }
    }

    private static string Describe(ContainerView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"{view.Id[..12]} {view.Name} {view.State} {view.Resources.MemoryBytes} {view.Resources.NanoCpus}");

    /// <summary>Reads an engine on the spot; <see langword="null"/> when it cannot say, or changes too fast.</summary>
    private static async Task<IReadOnlyList<ContainerView>?> ReadAsync(InMemoryEngine engine)
    {
        using var patience = new CancellationTokenSource(_patience);
        IReadOnlyList<ContainerView>? before = null;
        for (var reading = 0; reading < MaxReadings; reading++)
        {
            var now = await ReadOnceAsync(engine, patience.Token);
            if (now is not null && before is not null && now.Select(Describe).SequenceEqual(before.Select(Describe)))
            {
                return now;
            }

            before = now;
        }

        return null;
    }

    private static async Task<IReadOnlyList<ContainerView>?> ReadOnceAsync(InMemoryEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            var views = new List<ContainerView>();
            foreach (var listed in await engine.Local.Containers.ListAsync(cancellationToken))
            {
                views.Add((await engine.Local.Containers.InspectAsync(listed.Id, cancellationToken)).View);
            }

            return views;
        }
        catch (Exception exception) when (exception is EngineUnreachableException or OperationCanceledException or EngineApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null; // it is down, frozen, or has removed one meanwhile
        }
    }

    // One who had the name when its engine was read may have lost it before the other got it.
    private static async Task<bool> StillHasAsync((InMemoryEngine Engine, string Id) holder, string name)
    {
        using var patience = new CancellationTokenSource(_patience);
        return await ReadOnceAsync(holder.Engine, patience.Token) is { } now && now.Any(each => each.Id == holder.Id && each.Name == name);
    }
}
