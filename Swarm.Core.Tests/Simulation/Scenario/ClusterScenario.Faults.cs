using Swarm.Core.Discovery;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class ClusterScenario
{
    // A change of discovery that takes less than the grace time must not be drawn out by another.
    private bool _isDiscoveryBusy;
    private TimeSpan _phaseEnd;

    private async Task InjectAsync()
    {
        _phaseEnd = _simulation.Elapsed + _knobs.FaultPhase;
        var running = new List<Task>();
        if (_knobs.OutOfBand)
        {
            running.Add(_simulation.StartAsync(ActByHandAsync));
        }

        while (_knobs.Outages.Count > 0)
        {
            await _simulation.DelayAsync(Exponential(_knobs.OutagePace));
            if (_simulation.Elapsed >= _phaseEnd - TimeSpan.FromSeconds(1))
            {
                break;
            }

            var random = _simulation.Random;
            var outage = _knobs.Outages[random.Next(_knobs.Outages.Count)];
            var machine = _machines[random.Next(_machines.Count)];
            var usesDiscovery = outage >= Outage.SecondAddress;
            if (!machine.IsOut && !(usesDiscovery && _isDiscoveryBusy))
            {
                running.Add(_simulation.StartAsync(() => SufferAsync(machine, outage, usesDiscovery)));
            }
        }

        await Task.WhenAll(running);
    }

    private async Task SufferAsync(Machine machine, Outage outage, bool usesDiscovery)
    {
        machine.IsOut = true;
        _isDiscoveryBusy |= usesDiscovery;
        _counts.Add(outage.ToString());
        _simulation.Note($"{outage} of {machine.Engine.Name}");
        switch (outage)
        {
            case Outage.Crash:
                machine.Engine.PowerOff();
                await LastUnreachableAsync(machine, TimeSpan.FromMinutes(5));
                machine.Engine.PowerOn();
                break;
            case Outage.CrashEmpty:
                machine.Engine.PowerOff();
                Forget(machine);
                await LastAsync(TimeSpan.FromMinutes(5));
                machine.Engine.Wipe();
                machine.Engine.PowerOn();
                break;
            case Outage.DaemonRestart:
                machine.Engine.StopDaemon();
                await LastAsync(TimeSpan.FromMinutes(2));
                machine.Engine.PowerOn();
                break;
            case Outage.Disconnect:
                await WaitBeforeOutageAsync(machine);
                machine.Engine.Disconnect();
                var unseen = _simulation.StartAsync(() => MeddleAsync(machine));
                await LastUnreachableAsync(machine, TimeSpan.FromMinutes(5));
                machine.Engine.Reconnect();
                await unseen;
                break;
            case Outage.Hang:
                machine.Engine.Hang();
                await LastUnreachableAsync(machine, TimeSpan.FromMinutes(3));
                machine.Engine.Resume();
                break;
            case Outage.StreamBreak:
                machine.Engine.BreakEventStreams();
                break;
            case Outage.Replaced:
                await ReplaceAsync(machine);
                break;
            case Outage.SecondAddress:
                await AddAddressAsync(machine);
                break;
            case Outage.DiscoveryFlap:
                await FlapAsync(machine);
                break;
            case Outage.DiscoveryRemoval:
                machine.LeftAt = TimeSpan.MaxValue;
                _discovery.Remove(machine.Address);
                await _simulation.DelayAsync(_options.EngineRemovalGrace + TimeSpan.FromSeconds(60 * _simulation.Random.NextDouble()));
                machine.LeftAt = _simulation.Elapsed;
                _discovery.Add(machine.Address);
                break;
            case Outage.DiscoveryEmpty:
                _discovery.Set();
                await LastAsync(_options.EngineRemovalGrace / 2);
                _discovery.Set(_machines.Select(each => each.Address));
                break;
            case Outage.DiscoveryOutage:
                _discovery.Fail(new DiscoveryException("scenario", "the store cannot be reached"));
                await LastAsync(TimeSpan.FromMinutes(5));
                _discovery.Recover();

                // Until it is watched again, what it says is not heard.
                await _simulation.DelayAsync(_options.LongestRetryDelay);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outage), outage, "There is no such outage.");
        }

        machine.IsOut = false;
        _isDiscoveryBusy &= !usesDiscovery;
    }

    private async Task FlapAsync(Machine machine)
    {
        var before = _cluster.Engines.List().FirstOrDefault(state => state.Address == machine.Address);
        _discovery.Remove(machine.Address);
        await LastAsync(_options.EngineRemovalGrace - TimeSpan.FromSeconds(5));
        var now = _cluster.Engines.List().FirstOrDefault(state => state.Address == machine.Address);
        if (before is { Id.Length: > 0 } && now?.Id != before.Id)
        {
            throw new ViolationException("I4 (removal grace)", $"{machine.Engine.Name} was dropped although discovery had lost it for less than {_options.EngineRemovalGrace}.");
        }

        _discovery.Add(machine.Address);
    }

    private async Task ReplaceAsync(Machine machine)
    {
        machine.Engine.PowerOff();
        Forget(machine);
        await LastAsync(TimeSpan.FromMinutes(1));
        machine.IsReplaced = true;
        machine.LeftAt = TimeSpan.MaxValue;
        _simulation.Engines.Remove(machine.Address);
        _machines.Remove(machine);
        _retired.Add(machine);
        AddMachine(machine.Address);
        _machines[^1].Engine.SetFaultRates(_isCalm ? null : _knobs.Rates, _simulation.Random);
    }

    private async Task AddAddressAsync(Machine machine)
    {
        // Either may be the one by which it takes part afterwards.
        var second = EngineAddress.Parse(machine.Address.ToString().Replace("10.0.0.", "10.0.1.", StringComparison.Ordinal));
        _simulation.Engines.Add(machine.Engine, second);
        _discovery.Add(second);
        await LastAsync(TimeSpan.FromMinutes(3));
        _discovery.Remove(second);
        _simulation.Engines.Remove(second);

        // The one that left is followed for its grace time.
        await _simulation.DelayAsync(_options.EngineRemovalGrace + TimeSpan.FromSeconds(1));
    }

    // An engine that does not answer for long must be known not to.
    private async Task LastUnreachableAsync(Machine machine, TimeSpan longest)
    {
        var since = _simulation.Elapsed;
        await LastAsync(longest);
        if (_simulation.Elapsed - since > _detectedWithin && _cluster.Engines.List().Any(state => state.Address == machine.Address && state.Status == EngineStatus.Healthy))
        {
            throw new ViolationException("I4 (detection)", $"{machine.Engine.Name} has not answered since {since:c} and is taken for healthy.");
        }
    }

    private void Forget(Machine machine)
    {
        foreach (var container in machine.Daemon.Containers)
        {
            MayBeGone(container);
        }
    }

    // Short ones are as likely as long ones; all end with the phase.
    private Task LastAsync(TimeSpan longest)
    {
        var drawn = TimeSpan.FromMilliseconds(Math.Pow(longest.TotalMilliseconds, _simulation.Random.NextDouble()));
        var left = _phaseEnd - _simulation.Elapsed;
        return _simulation.DelayAsync(drawn < left ? drawn : left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }
}
