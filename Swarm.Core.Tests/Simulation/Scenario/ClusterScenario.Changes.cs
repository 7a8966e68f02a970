using System.Globalization;
using Swarm.Core.Clustering;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class ClusterScenario
{
    private readonly List<Change> _changes = [];

    private async Task RenameAsync()
    {
        if (ChooseLikely() is not { } attempt)
        {
            return;
        }

        var name = Workload.DrawName(_simulation.Random) ?? string.Create(CultureInfo.InvariantCulture, $"app-{_simulation.Random.Next(1000)}");
        attempt.Names.Add(name);
        await ChangeAsync(
            new Change(attempt.ContainerId!, _simulation.Elapsed, _manager.Generation, name, null),
            "rename",
            (5 * _options.CallTimeout) + NameWait.Longest,
            async token =>
            {
                await Cluster.Containers.RenameAsync(attempt.ContainerId!, name, token);
                return true;
            });
    }

    private async Task UpdateAsync()
    {
        if (ChooseLikely() is not { } attempt)
        {
            return;
        }

        var update = Workload.DrawUpdate(_simulation.Random, _knobs);

        // Updates of one container take turns: each before it may take as long.
        var before = _changes.Count(change => change.ContainerId == attempt.ContainerId && change is { Update: not null, HasEnded: false });
        await ChangeAsync(
            new Change(attempt.ContainerId!, _simulation.Elapsed, _manager.Generation, null, update),
            "update",
            (before + 1) * 4 * _options.CallTimeout,
            async token =>
            {
                await Cluster.Containers.UpdateAsync(attempt.ContainerId!, update, token);
                return true;
            });
    }

    private async Task ChangeAsync(Change change, string what, TimeSpan bound, Func<CancellationToken, Task<bool>> make)
    {
        // What is as old as that is carried out by nobody.
        _changes.RemoveAll(each => each.FailedAt < _simulation.Elapsed - TimeSpan.FromHours(1));
        _changes.Add(change);
        if (!await CallAsync(what, bound, make))
        {
            change.FailedAt = _simulation.Elapsed;
        }

        change.HasEnded = true;
    }

    private Task UseOthersAsync() => _simulation.Random.Next(4) switch
    {
        0 => UseAsync("pause", _options.CallTimeout, (id, token) => Cluster.Containers.PauseAsync(id, token)),
        1 => UseAsync("unpause", _options.CallTimeout, (id, token) => Cluster.Containers.UnpauseAsync(id, token)),
        2 => UseAsync("restart", _options.CreateTimeout + TimeSpan.FromSeconds(10), (id, token) => Cluster.Containers.RestartAsync(id, null, token)),
        _ => UseAsync("top", _options.CallTimeout, (id, token) => Cluster.Containers.TopAsync(id, null, token)),
    };

    // By the daemon's ID: what is said of an address or a name is said of whoever has it.
    private async Task SayAsync()
    {
        var machine = _machines[_simulation.Random.Next(_machines.Count)];
        if (machine.IsOverlayBusy || machine.IsCloned)
        {
            return;
        }

        var overlay = Workload.DrawOverlay(_simulation.Random);
        machine.IsOverlayBusy = true;
        machine.Overlay = null;
        var said = await CallAsync("say", _options.CallTimeout, async token =>
        {
            await Cluster.Engines.SetOverlayAsync(machine.Engine.DaemonId, overlay, token);
            return true;
        });
        machine.Overlay = said ? overlay : _isDown ? EngineOverlay.Empty : null;
        machine.IsOverlayBusy = false;
    }
}
