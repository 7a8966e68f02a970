using System.Globalization;
using Swarm.Core.Discovery;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class ClusterScenario
{
    private static readonly EngineOperation[] _weak =
        [EngineOperation.ListImages, EngineOperation.ListNetworks, EngineOperation.ListVolumes, EngineOperation.InspectContainer, EngineOperation.GetSpecs];

    // A change of discovery that takes less than the grace time must not be drawn out by another.
    private bool _isDiscoveryBusy;
    private TimeSpan _phaseEnd;
    private int _addresses;

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
            var usesDiscovery = outage >= Outage.SecondAddress || outage is Outage.ManagerCrash;
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
                machine.WipedAt = _simulation.Elapsed;
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
            case Outage.Freeze:
                machine.Engine.Hang(keepsRequests: true);
                await LastUnreachableAsync(machine, TimeSpan.FromMinutes(5));
                machine.Engine.Resume();
                break;
            case Outage.FalseEmptyList:
                machine.Engine.StopDaemon();
                await LastAsync(TimeSpan.FromSeconds(20));
                machine.Engine.HideContainers(IsKnown(machine) ? 1 : 0);
                machine.Engine.PowerOn();
                await LastAsync(TimeSpan.FromSeconds(20));
                machine.Engine.HideContainers(0);
                break;
            case Outage.Degraded:
                var operation = _weak[_simulation.Random.Next(_weak.Length)];
                var single = operation is EngineOperation.InspectContainer ? machine.Daemon.Containers.Select(container => container.Id).ElementAtOrDefault(_simulation.Random.Next(5)) : null;
                machine.Engine.Weaken(operation, single, _simulation.Random.Next(2) == 0);
                await LastAsync(TimeSpan.FromMinutes(3));
                machine.Engine.Mend();
                break;
            case Outage.HostRenamed:
                machine.Engine.RenameHost(string.Create(CultureInfo.InvariantCulture, $"{machine.Engine.Name}r"));
                break;
            case Outage.ManagerCrash:
                await CrashManagerAsync();
                break;
            case Outage.Moved:
            case Outage.MovedInGrace:
                await MoveAsync(machine, outage is Outage.MovedInGrace);
                break;
            case Outage.Clone:
                await CloneAsync(machine);
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

    // To who never saw its containers, an empty list is as good as any.
    private bool IsKnown(Machine machine) => !_isDown && Cluster.Engines.List().Any(state => state.Address == machine.Address && state.Id.Length > 0);

    private EngineAddress NewAddress()
    {
        _addresses++;
        return EngineAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.200.{_addresses / 250}.{(_addresses % 250) + 1}:2375"));
    }

    // Its connections break, and nothing answers at the old address any more.
    private async Task MoveAsync(Machine machine, bool isLost)
    {
        machine.Engine.Disconnect();
        _simulation.Engines.Remove(machine.Address);
        if (isLost)
        {
            _discovery.Remove(machine.Address);
            await LastAsync(_options.EngineRemovalGrace / 2);
        }

        var before = machine.Address;
        machine.Address = NewAddress();
        _simulation.Engines.Add(machine.Engine, machine.Address);
        machine.Engine.Reconnect();
        _discovery.Set([.. _discovery.Addresses.Where(address => address != before), machine.Address]);
        if (IsJustWiped(machine))
        {
            // To all who look it may be a copy of the one that was there, until that is given up.
            (machine.Overlay, machine.IsCloned) = (null, true);
            await _simulation.DelayAsync(_options.EngineRemovalGrace + TimeSpan.FromSeconds(1));
        }
    }

    private bool IsJustWiped(Machine machine) => _simulation.Elapsed - machine.WipedAt < TimeSpan.FromMinutes(1);

    // It has the containers of its own that it gets while it is there.
    private async Task CloneAsync(Machine machine)
    {
        machine.IsCloned = true;
        machine.Overlay = null;
        var clone = AddMachine(NewAddress(), machine.Engine.DaemonId);
        clone.IsCloned = true;
        clone.Overlay = null;
        clone.IsOut = true;
        clone.Engine.SetFaultRates(_isCalm ? null : _knobs.Rates, _simulation.Random);
        await LastAsync(TimeSpan.FromMinutes(10));
        clone.LeftAt = TimeSpan.MaxValue;
        clone.IsReplaced = true;
        Forget(clone);
        clone.Engine.PowerOff();
        _simulation.Engines.Remove(clone.Address);
        _machines.Remove(clone);
        _retired.Add(clone);
        _discovery.Remove(clone.Address);

        // The one that is left may have the other's name for the ID still.
        await _simulation.DelayAsync(_options.EngineRemovalGrace + TimeSpan.FromSeconds(1));
    }

    private async Task FlapAsync(Machine machine)
    {
        var generation = _manager.Generation;
        var before = _isDown ? null : Cluster.Engines.List().FirstOrDefault(state => state.Address == machine.Address);
        _discovery.Remove(machine.Address);
        await LastAsync(_options.EngineRemovalGrace - TimeSpan.FromSeconds(5));
        var now = _isDown ? null : Cluster.Engines.List().FirstOrDefault(state => state.Address == machine.Address);
        if (generation == _manager.Generation && !_isDown && before is { Id.Length: > 0 } && now?.Id != before.Id)
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
        var second = NewAddress();
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
        if (_simulation.Elapsed - since > _detectedWithin && !_isDown && Cluster.Engines.List().Any(state => state.Address == machine.Address && state.Status == EngineStatus.Healthy))
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
