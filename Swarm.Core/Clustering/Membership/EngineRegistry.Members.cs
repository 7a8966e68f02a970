using System.Collections.Immutable;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

// Who is named, who has left, who turned out to be another, and who is let go.
internal sealed partial class EngineRegistry
{
    private void ApplySet(ImmutableArray<EngineAddress> addresses)
    {
        var change = DiscoveryDiff<EngineAddress>.Between([.. Engines.Where(each => _members[each.Value].Leaving is null).Select(each => each.Key)], addresses);

        // Leave first, so that an engine that changed its address is taken back under the new one.
        var left = change.Left.Select(address => _members[Engines[address]]).Select(member => (Member: member, member.DaemonId)).ToArray();
        foreach (var (member, _) in left)
        {
            Leave(member);
        }

        foreach (var address in change.Joined)
        {
            if (Engines.TryGetValue(address, out var engine) && _members[engine] is { Leaving: { } leaving } member)
            {
                _leaving.Remove(leaving);
                member.Leaving = null;
                engine.SetDiscovered(true);
            }
        }

        foreach (var (_, daemonId) in left)
        {
            ReadWaitingAgain(daemonId, isUrgent: true);
        }

        Add([.. change.Joined.Where(address => !Engines.ContainsKey(address))]);
    }

    private void Add(ImmutableArray<EngineAddress> addresses)
    {
        // All at once: whoever looks at the engines sees the set as discovery gave it.
        var members = addresses.Select(address => new EngineMember(_open(address, this))).ToArray();
        var engines = Engines.ToBuilder();
        foreach (var member in members)
        {
            engines.Add(member.Engine.Address, member.Engine);
            _members.Add(member.Engine, member);
        }

        Volatile.Write(ref _engines, engines.ToImmutable());
        foreach (var member in members)
        {
            Begin(member);
        }
    }

    private void Begin(EngineMember member)
    {
        if (member.HasBegun || _closing.ContainsKey(member.Engine.Address))
        {
            return;
        }

        member.HasBegun = true;
        _router.Discovered(member.Engine.State);
        if (!_stop.IsCancellationRequested)
        {
            member.Engine.Start(); // or it would outlive a stop that has given this loop up
        }
    }

    private void Leave(EngineMember member)
    {
        var engine = member.Engine;
        if (engine.State.Id.Length == 0 || _removalGrace <= TimeSpan.Zero)
        {
            Remove(member);
            return;
        }

        member.Leaving = _leaving.AddLast((member, _time.GetTimestamp()));
        engine.SetDiscovered(false);
    }

    // Whatever message comes: an alarm that is late, or was never set, is made good for.
    private void EndOverdue()
    {
        while (_leaving.First is { Value: var (left, since) } && _time.GetElapsedTime(since) >= _removalGrace)
        {
            var daemonId = left.DaemonId;
            Remove(left);
            ReadWaitingAgain(daemonId, isUrgent: true);
        }

        while (_deferred.First is { Value: var (member, since) } && _time.GetElapsedTime(since) >= _longestDeferral)
        {
            Judge(member, isOverdue: true);
        }
    }

    private void SetAlarm()
    {
        var next = Math.Min(
            _leaving.First is { } left ? EndOf(left.Value.Since, _removalGrace) : long.MaxValue,
            _deferred.First is { } deferred ? EndOf(deferred.Value.Since, _longestDeferral) : long.MaxValue);
        if (next == _alarmAt)
        {
            return;
        }

        _alarm?.Dispose();
        _alarm = null;
        _alarmAt = long.MaxValue;
        if (next < long.MaxValue)
        {
            // Timers know whole milliseconds: rounded down, it could ring before the time has come, and would not ring again.
            var wait = Math.Max(0, Math.Ceiling(_time.GetElapsedTime(_time.GetTimestamp(), next).TotalMilliseconds));
            _alarm = _time.CreateTimer(static registry => ((EngineRegistry)registry!).Post(new Message.Alarm()), this, TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
            _alarmAt = next;
        }
    }

    private long EndOf(long since, TimeSpan time) => since + (long)(time.TotalSeconds * _time.TimestampFrequency);

    private void Remove(EngineMember member)
    {
        var (engine, id) = (member.Engine, member.Id);
        if (member.Leaving is { } leaving)
        {
            _leaving.Remove(leaving);
            member.Leaving = null;
        }

        Answer(member, null, "The engine is being let go.");
        LeaveGroup(member);
        _members.Remove(engine);
        if (id is not null)
        {
            member.Id = null;
            _ids.TryRemove(engine, out _);
            _admitted.TryRemove(id, out _);
            foreach (var alias in member.Aliases)
            {
                _aliases.TryRemove(KeyValuePair.Create(alias, engine));
            }
        }

        Volatile.Write(ref _engines, Engines.Remove(engine.Address));
        var before = _closing.TryGetValue(engine.Address, out var closing) ? closing.Closed : Task.CompletedTask;
        _closing[engine.Address] = (engine, id, CloseAsync(engine, id, before));
    }

    private async Task CloseAsync(ManagedEngine engine, string? id, Task before)
    {
        try
        {
            await engine.DisposeAsync();
            if (id is not null)
            {
                _router.Ledger.EndSpeaker(id, engine);
            }

            // It ends some day, whatever a host's own connector does: letting go of an engine has a time limit.
            await before;
        }
        finally
        {
            Post(new Message.Closed(engine, id));
        }
    }

    private void EndClosing(Message.Closed closed)
    {
        var (engine, id) = (closed.Engine, closed.Id);
        if (id is not null && !_admitted.ContainsKey(id))
        {
            _overlays.MarkGone(id);
        }

        if (_closing.TryGetValue(engine.Address, out var last) && last.Engine == engine)
        {
            _closing.Remove(engine.Address);
            if (Engines.TryGetValue(engine.Address, out var next))
            {
                Begin(_members[next]);
            }
            else
            {
                ForgetNews(engine.Address);
            }
        }
    }

    // Two that take part are one daemon, of which the first was just read: what is promised on the one goes to the other, in one step, and the one waits like any second address.
    private void Merge(EngineMember one, EngineMember other)
    {
        // The one that was just read answers, whatever its state says yet.
        var (stays, goes) = Rank(one, Outranks(other, one), answers: true).CompareTo(Rank(other, Outranks(one, other), Answers(other))) <= 0 ? (one, other) : (other, one);
        var (engine, id) = (goes.Engine, goes.Id!);
        Log.EnginesMerged(_logger, engine.Address, id, stays.Engine.Address, stays.Id!);
        _router.Merge(id, engine, stays.Id!);
        if (_overlays.Follow(id, stays.Id!, stays.Engine.Address, stays.Reading!.Certificate, stays.Reading.Name))
        {
            stays.Engine.RefreshOverlay();
        }

        stays.Aliases.UnionWith(goes.Aliases);
        stays.Aliases.Add(id);
        var isWanted = goes.Leaving is null;
        Remove(goes);
        foreach (var alias in stays.Aliases)
        {
            _aliases[alias] = stays.Engine;
        }

        if (isWanted)
        {
            Add([engine.Address]);
        }

        static (bool IsOutranked, bool Left, bool IsLost, bool IsQualified, EngineAddress Address) Rank(EngineMember member, bool isOutranked, bool answers) =>
            (isOutranked, member.Leaving is not null, !answers, member.Id != member.DaemonId, member.Engine.Address);
    }
}
