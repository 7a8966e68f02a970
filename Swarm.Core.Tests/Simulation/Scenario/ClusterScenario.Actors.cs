using System.Globalization;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Testing;

internal sealed partial class ClusterScenario
{
    // Each of them makes an answer of hundreds of kilobytes, again and again.
    private const int MostWithManyPorts = 2;

    private readonly List<Attempt> _attempts = [];
    private readonly List<Attempt> _known = [];

    // What strangers say their Swarm IDs are. Once nothing else is called so any more, they are.
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);

    private string _lastFailure = "";

    private bool MayAct => !_isCalm && !_isOver && !_isDown;

    private async Task ActAsync()
    {
        while (!_isOver)
        {
            await _simulation.DelayAsync(Exponential(_knobs.Pace));
            if (MayAct)
            {
                await ActOnceAsync();
            }
        }
    }

    private async Task ActOnceAsync()
    {
        _callsUnderWay++;
        try
        {
            var draw = _simulation.Random.Next(100);
            await (draw switch
            {
                < 18 => CreateAsync(),
                < 32 => RunAsync(),
                < 34 => RunAgainAsync(),
                < 38 => RenameAsync(),
                < 43 => UpdateAsync(),
                < 46 => UseOthersAsync(),
                < 52 => UseAsync("start", _options.CreateTimeout, (id, token) => Cluster.Containers.StartAsync(id, token)),
                < 60 => UseAsync("stop", _options.CreateTimeout + TimeSpan.FromSeconds(10), (id, token) => Cluster.Containers.StopAsync(id, null, token)),
                < 65 => UseAsync("kill", _options.CallTimeout, (id, token) => Cluster.Containers.KillAsync(id, null, token)),
                < 83 => RemoveAsync(),
                < 86 => UseAsync("inspect", _options.CallTimeout, (id, token) => Cluster.Containers.InspectAsync(id, token)),
                < 95 => UseStreamsAsync(),
                < 98 => PlanAsync(),
                _ => SayAsync(),
            });
        }
        finally
        {
            _callsUnderWay--;
        }
    }

    // Whose name is about to be free is asked for again once more.
    private TimeSpan CreateBound => (2 * _options.CreateTimeout) + (3 * _options.CallTimeout) + (2 * NameWait.Longest);

    private Task CreateAsync() => CreateAsync("create", CreateBound, Workload.DrawName(_simulation.Random), isBrief: false, async (attempt, spec, token) =>
    {
        var result = await Cluster.Containers.TryCreateAsync(spec, attempt.Placement, token);
        _invariants.CheckPlacement(spec, result.Placement, attempt.Placement);
        return result.Container;
    });

    private Task RunAsync() => RunAsync(Workload.DrawName(_simulation.Random), isBrief: false);

    // One that could not be started is looked for, and removed, without its caller. One that somebody removed before its start is made again.
    private Task<Attempt?> RunAsync(string? name, bool isBrief) => CreateAsync(
        "run",
        2 * (CreateBound + _options.CreateTimeout + (2 * _options.CallTimeout)),
        name,
        isBrief,
        async (attempt, spec, token) => await Cluster.Containers.RunAsync(spec, attempt.Placement, token));

    // As whoever replaces a service under its name, at once: engines are not done with the former one then.
    private async Task RunAgainAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"app-again-{_attempts.Count}");
        if (await RunAsync(name, isBrief: true) is not { ContainerId: { } id } former)
        {
            return;
        }

        former.MayBeGone = true;
        var isOver = _simulation.Random.Next(2) == 0
            ? await CallAsync("stop", _options.CreateTimeout + _options.CallTimeout, token => Cluster.Containers.StopAsync(id, TimeSpan.Zero, token)) is not null
            : await RemoveAsync(id, force: true);
        if (isOver && MayAct && await RunAsync(name, isBrief: true) is not null)
        {
            _counts.Add("run again");
        }
    }

    private async Task<Attempt?> CreateAsync(string what, TimeSpan bound, string? name, bool isBrief, Func<Attempt, ContainerSpec, CancellationToken, Task<ClusterContainer?>> create)
    {
        var attempt = new Attempt(_attempts.Count, name, _simulation.Elapsed, _manager.Generation) { Placement = DrawPlacement() };
        _attempts.Add(attempt);
        var spec = Workload.Draw(_simulation.Random, attempt, _knobs);
        spec = isBrief ? spec with { AutoRemove = true, RestartPolicy = null } : spec;
        attempt.MayBeGone = spec.AutoRemove;
        attempt.PortBindings = spec.PortBindings;
        var created = await CallAsync(what, bound + (_knobs.Has(Setting.MissingImages) ? _options.PullTimeout : TimeSpan.Zero), token => create(attempt, spec, token));
        attempt.Outcome = $"{what} {(created is null ? _lastFailure : "succeeded")} at {_simulation.Elapsed:c}";
        if (created is null)
        {
            attempt.FailedAt = _simulation.Elapsed;
            return null;
        }

        attempt.ContainerId = created.Id;
        attempt.EngineId = created.EngineId;
        _known.Add(attempt);
        if (attempt.Generation == _manager.Generation)
        {
            _invariants.CheckFound(attempt);
        }

        return attempt;
    }

    private async Task RemoveAsync()
    {
        if (Choose() is not var (attempt, reference))
        {
            return;
        }

        var force = _simulation.Random.Next(3) > 0;
        MayBeGone(attempt, reference);
        await RemoveAsync(reference, force);

        // By name it may have been one that was made meanwhile.
        MayBeGone(attempt, reference);
    }

    private Task<bool> RemoveAsync(string reference, bool force) => CallAsync("remove", _options.CreateTimeout + (2 * _options.CallTimeout), async token =>
    {
        await Cluster.Containers.RemoveAsync(reference, force, removeVolumes: true, token);
        return true;
    });

    private async Task UseAsync<T>(string what, TimeSpan bound, Func<string, CancellationToken, Task<T>> use)
    {
        if (Choose() is var (_, reference))
        {
            await CallAsync(what, bound + _options.CallTimeout, token => use(reference, token));
        }
    }

    private async Task PlanAsync()
    {
        var random = _simulation.Random;
        var specs = Enumerable.Range(0, random.Next(4) == 0 ? random.Next(2, 20) : 1).Select(_ => Workload.Draw(random, new Attempt(-1, null, _simulation.Elapsed, 0), _knobs)).ToList();
        await CallAsync(specs.Count == 1 ? "plan" : "plan in order", TimeSpan.Zero, token =>
        {
            var snapshot = Cluster.Snapshot;
            if (specs.Count == 1)
            {
                var placement = DrawPlacement();
                _invariants.CheckPlan(specs[0], snapshot, Cluster.Plan(specs[0], snapshot, placement), placement);
            }
            else
            {
                _invariants.CheckPlans(specs, snapshot, Cluster.PlanInOrder(specs.Select(spec => (ContainerConfig)spec), snapshot));
            }

            return Task.FromResult(true);
        });
    }

    private async Task<T?> CallAsync<T>(string what, TimeSpan bound, Func<CancellationToken, Task<T>> call)
    {
        var manager = _manager;
        using var giveUp = new CancellationTokenSource();
        using var timer = _simulation.Random.NextDouble() < _knobs.CancelledCalls
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Pow(20_000, _simulation.Random.NextDouble())), _simulation.Time)
            : null;
        using var expected = _invariants.Expect(what, bound + Slack);
        try
        {
            var result = await manager.Process.RunAsync(() => call(timer?.Token ?? giveUp.Token));
            _counts.Add(what);
            return result;
        }
        catch (SwarmException exception)
        {
            _counts.Add($"{what}: {exception.GetType().Name}");
            _simulation.Note($"{what} failed: {exception.GetType().Name}");
            _lastFailure = exception.Message.Split('\n')[0];
            return default;
        }
        catch (SimulationProcessKilledException)
        {
            _counts.Add($"{what}: crashed");
            _lastFailure = "was cut off by a crash";
            return default;
        }
        catch (OperationCanceledException) when (timer is { IsCancellationRequested: true })
        {
            _counts.Add($"{what}: cancelled");
            _lastFailure = "was cancelled";
            return default;
        }
        catch (Exception exception) when (_isOver && exception is OperationCanceledException or InvalidOperationException)
        {
            _counts.Add($"{what}: stopped");
            return default;
        }
        catch (Exception exception) when (exception is not ViolationException)
        {
            throw new ViolationException("I7 (explainability)", $"{what} threw {exception}", exception);
        }
    }

    // Conditions that hold of a machine for good, of its labels at the moment, and wishes.
    private PlacementOptions DrawPlacement()
    {
        var random = _simulation.Random;
        var draw = random.Next(6);
        if (draw < 2)
        {
            _counts.Add(draw == 0 ? "forbid engines" : "demand of nodes");
        }

        return draw switch
        {
            0 => new PlacementOptions { ForbiddenEngines = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => _machines[random.Next(_machines.Count)].Engine.DaemonId)] },
            1 => Workload.DrawConditions(random),
            _ => new PlacementOptions(),
        };
    }

    private (Attempt Attempt, string Reference)? Choose()
    {
        if (_known.Count == 0)
        {
            return null;
        }

        // The newest are the most likely to be there still.
        var random = _simulation.Random;
        var attempt = _known[^(1 + random.Next(Math.Min(_known.Count, 150)))];
        return (attempt, random.Next(10) switch
        {
            < 3 when attempt.Names.Count > 0 => attempt.Names.ElementAt(random.Next(attempt.Names.Count)),
            3 => attempt.ContainerId![..12],
            _ => attempt.ContainerId!,
        });
    }

    private void MayBeGone(Attempt attempt, string reference)
    {
        if (!attempt.Names.Contains(reference))
        {
            attempt.MayBeGone = true;
            return;
        }

        foreach (var each in _attempts)
        {
            each.MayBeGone |= each.Names.Contains(reference);
        }
    }

    private async Task ActByHandAsync()
    {
        while (!_isCalm)
        {
            await _simulation.DelayAsync(Exponential(TimeSpan.FromSeconds(15)));
            var machine = _machines[_simulation.Random.Next(_machines.Count)];
            try
            {
                await ActByHandAsync(machine);
            }
            catch (EngineException)
            {
                _counts.Add("by hand: refused");
            }
        }
    }

    private async Task ActByHandAsync(Machine machine)
    {
        var random = _simulation.Random;
        var local = machine.Engine.Local.Containers;
        var draw = random.Next(10);
        if (_knobs.Has(Setting.ManyPorts) && draw == 0 && machine.Daemon.Containers.Count(container => container.Labels.ContainsKey(Workload.ManyPorts)) < MostWithManyPorts)
        {
            await local.StartAsync((await local.CreateAsync(Workload.WithManyPorts(random), default)).Id, default);
            _counts.Add("by hand: many ports");
            return;
        }

        if (draw < 2)
        {
            var id = (await local.CreateAsync(Workload.OutOfBand(random, random.Next(3) == 0 ? "job" : "serve", DrawClaim(random), _knobs.Has(Setting.HungryStrangers)), default)).Id;
            await local.StartAsync(id, default);
            _counts.Add("by hand: run");
            return;
        }

        var containers = machine.Daemon.Containers;
        if (containers.Count == 0)
        {
            return;
        }

        var container = containers.ElementAt(random.Next(containers.Count));
        _counts.Add("by hand: change");
        switch (draw)
        {
            case 2 when !container.Labels.ContainsKey(Attempt.JobLabel):
                await local.StartAsync(container.Id, default);
                break;
            case 2 or 3:
                await local.StopAsync(container.Id, TimeSpan.FromSeconds(1), default);
                break;
            case 4:
                await local.KillAsync(container.Id, null, default);
                break;
            case 5:
                machine.Engine.Rename(container.Id, string.Create(CultureInfo.InvariantCulture, $"renamed-{random.NextInt64():x}"));
                break;
            case 6:
                machine.Engine.Pause(container.Id);
                break;
            case 7:
                machine.Engine.Unpause(container.Id);
                break;
            case 8 when random.Next(3) == 0:
                machine.Engine.RunOutOfMemory(container.Id);
                _counts.Add("by hand: out of memory");
                break;
            case 8:
                machine.Engine.EndProcess(container.Id, random.Next(100));
                break;
            default:
                MayBeGone(container);
                await local.RemoveAsync(container.Id, force: true, removeVolumes: true, default);
                break;
        }
    }

    // Whoever makes a container on an engine can write what is somebody else's into its labels.
    private string DrawClaim(Random random)
    {
        var others = random.Next(3) == 0 ? [] : _machines.SelectMany(machine => machine.Daemon.Containers).ToArray();
        if (others.Length == 0)
        {
            return "";
        }

        _counts.Add("by hand: forged");
        var victim = others[random.Next(others.Length)];
        var claim = random.Next(3) switch { 0 => victim.Id, 1 => victim.Name, _ => victim.Labels.ValueOrEmpty(SwarmLabels.Id) };
        _claimed.Add(claim);
        return claim;
    }

    private void MayBeGone(InMemoryContainer container)
    {
        if (container.Labels.TryGetValue(Attempt.Label, out var number))
        {
            _attempts[int.Parse(number, CultureInfo.InvariantCulture)].MayBeGone = true;
        }
    }

    private TimeSpan Exponential(TimeSpan mean) => mean * -Math.Log(1 - _simulation.Random.NextDouble());
}
