using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class EngineRegistry
{
    // How often an engine is read out of turn, between two readings that are due anyway, to tell it from another.
    private const int MostExtraReadings = 4;

    // No daemon's ID contains it.
    private const char Qualifier = '|';

    // How long a decision waits for another engine to be read. Long enough for an empty list to be said twice.
    private static readonly TimeSpan _longestDeferral = TimeSpan.FromSeconds(3);

    // All engines that gave a daemon's ID at their last reading, admitted or not, in the order they came.
    private readonly Dictionary<string, List<EngineMember>> _daemons = new(StringComparer.Ordinal);
    private readonly LinkedList<(EngineMember Member, long Since)> _deferred = new();

    /// <summary>Tells which daemon an ID in the cluster means.</summary>
    public static string DaemonIdOf(string engineId) => engineId.Split(Qualifier, 2)[0];

    private void HandleRequest(Message.MembershipRequest request)
    {
        var (engine, reading) = (request.Engine, request.Reading);
        if (!Engines.TryGetValue(engine.Address, out var current) || !ReferenceEquals(current, engine))
        {
            request.Answer.TrySetResult((null, "The engine is being let go."));
            return;
        }

        var member = _members[engine];
        var daemonId = reading.Specs.DaemonId;
        if (member.Id is { } known && member.DaemonId != daemonId)
        {
            // Another daemon answers at the address: it inherits nothing, so it starts as an engine of its own, where discovery still names the address.
            var (former, isWanted) = (member.DaemonId, member.Leaving is null);
            if (IsNews(nameof(Log.DaemonReplaced), engine.Address, $"{known} {daemonId}"))
            {
                Log.DaemonReplaced(_logger, engine.Address, known, daemonId);
            }

            Remove(member);
            if (isWanted)
            {
                Add([engine.Address]);
            }

            ReadWaitingAgain(former, isUrgent: true);
            request.Answer.TrySetResult((null, $"Another daemon ({daemonId}) answers in place of {known}."));
            return;
        }

        var group = Join(member, daemonId);
        member.Reading = DaemonReading.Of(reading, request.EndedAt, member.Reading, group.Count > 1, _timings.EmptyListConfirmation, _time);
        if (member.Id is null)
        {
            member.Requests.Add(request.Answer);
            Judge(member);
            return;
        }

        JudgeAgain(member);
        request.Answer.TrySetResult(member.Id is null ? (null, "The engine is another one's second address.") : (member.Id, null));
        JudgeDeferred(daemonId);
    }

    private List<EngineMember> Join(EngineMember member, string daemonId)
    {
        if (member.DaemonId != daemonId)
        {
            LeaveGroup(member);
            member.DaemonId = daemonId;
            (_daemons.TryGetValue(daemonId, out var found) ? found : _daemons[daemonId] = []).Add(member);
        }

        return _daemons[daemonId];
    }

    private void LeaveGroup(EngineMember member)
    {
        if (member.DaemonId is { } daemonId && _daemons.TryGetValue(daemonId, out var group))
        {
            group.Remove(member);
            if (group.Count == 0)
            {
                _daemons.Remove(daemonId);
            }
        }

        member.DaemonId = null;
        member.Reading = null;
        foreach (var other in member.Others)
        {
            other.Others.Remove(member);
        }

        member.Others.Clear();
    }

    // Whether an engine may take part: not before it is told from each engine of its ID that does.
    private void Judge(EngineMember member, bool isOverdue = false)
    {
        EngineMember? same = null, moved = null;
        List<(EngineMember Other, bool Share)> unclear = [];
        var waits = false;
        foreach (var other in AdmittedBeside(member))
        {
            var (verdict, share) = Compare(member, other);
            if (verdict == IdentityVerdict.Unclear)
            {
                unclear.Add((other, share));
                var isRequested = Answers(other) && !WasReadSince(other, member) && (member.Deferred is not null || RequestReading(other));
                waits |= !isOverdue && (isRequested || !member.Reading!.CanMiss || !other.Reading!.CanMiss);
            }
            else if (verdict == IdentityVerdict.Same)
            {
                CountAsSame(other);
            }
        }

        if (same is null && unclear.Count > 0 && waits)
        {
            member.Deferred ??= _deferred.AddLast((member, _time.GetTimestamp()));
            return;
        }

        if (same is null && unclear.Count > 0 && RequestReading(member))
        {
            // Perhaps its own next reading tells.
            KeepWaiting(member, unclear[0].Other, isClear: false);
            return;
        }

        // Nothing has told, however often both were read: what differs comes and goes, as on one busy daemon.
        foreach (var (other, share) in unclear)
        {
            if (share || other.Reading!.Name == member.Reading!.Name)
            {
                CountAsSame(other);
            }
            else if (same is null)
            {
                KeepWaiting(member, other, isClear: false);
                return;
            }
        }

        if (same is not null && Outranks(member, same))
        {
            // The host program has said who is meant, or one has proved who it is, and it is not the one that came first: that waits instead.
            Displace(member, same);
        }
        else if (same is not null)
        {
            KeepWaiting(member, same, isClear: true);
        }
        else
        {
            Admit(member, moved);
        }

        void CountAsSame(EngineMember other)
        {
            if (other.Leaving is null || Proves(other, member))
            {
                same ??= other;
            }
            else
            {
                moved ??= other;
            }
        }
    }

    // Those that take part are judged too: what they were told apart by may have been of the moment.
    private void JudgeAgain(EngineMember member)
    {
        foreach (var other in AdmittedBeside(member))
        {
            var (verdict, share) = Compare(member, other);
            var isProven = member.Others.Contains(other);
            if (verdict == IdentityVerdict.Same && (!isProven || IsProofOver(member, other, share)))
            {
                Merge(member, other);
                if (member.Id is null)
                {
                    return;
                }
            }
            else if (verdict == IdentityVerdict.Unclear && share && !isProven && Answers(other))
            {
                RequestReading(other);
            }
        }
    }

    private void JudgeDeferred(string? daemonId)
    {
        foreach (var member in GroupOf(daemonId))
        {
            if (member.Deferred is not null)
            {
                Judge(member);
            }
        }
    }

    private static (IdentityVerdict Verdict, bool Share) Compare(EngineMember member, EngineMember other)
    {
        // Until its loop has taken its admission in, its state shows next to nothing.
        var state = other.Engine.State;
        var found = DaemonIdentity.Compare(member.Reading!, other.Reading!, state.Id.Length > 0 ? [.. state.Containers.Select(container => container.Id)] : other.Reading!.ContainerIds, Answers(other));
        if (found.Verdict == IdentityVerdict.ProvenDifferent)
        {
            member.Others.Add(other);
            other.Others.Add(member);
        }

        return found;
    }

    // An address may lead to another machine than before. But one that does not answer tells nothing new, and no machine has two names.
    private static bool IsProofOver(EngineMember member, EngineMember other, bool share) =>
        share && Answers(other) && member.Reading!.Name == other.Reading!.Name;

    private static bool Answers(EngineMember member) => member.Engine.State.Status is EngineStatus.Healthy or EngineStatus.Pending;

    private static bool WasReadSince(EngineMember member, EngineMember other) => member.Reading!.StartedAt >= other.Reading!.EndedAt;

    private EngineMember[] AdmittedBeside(EngineMember member) => [.. GroupOf(member.DaemonId).Where(other => other != member && other.Id is not null)];

    private EngineMember[] GroupOf(string? daemonId) => daemonId is not null && _daemons.TryGetValue(daemonId, out var group) ? [.. group] : [];

    // Asks for a reading out of turn; not without end, for two addresses of a busy daemon may look different each time.
    private bool RequestReading(EngineMember member)
    {
        var now = _time.GetTimestamp();
        var (count, since) = member.ExtraReadings.Count == 0 || _time.GetElapsedTime(member.ExtraReadings.Since, now) >= _timings.RefreshInterval ? (0, now) : member.ExtraReadings;
        if (count >= MostExtraReadings)
        {
            return false;
        }

        member.ExtraReadings = (count + 1, since);
        member.Engine.RefreshSoon();
        return true;
    }

    // One of those that wait may have waited for the ID that is free now, or for an engine that does not tell any more.
    private void ReadWaitingAgain(string? daemonId, bool isUrgent)
    {
        foreach (var member in GroupOf(daemonId))
        {
            if (member is { Id: null, Deferred: null } && isUrgent)
            {
                member.Engine.RefreshSoon();
            }
            else if (member is { Id: null, Deferred: null })
            {
                RequestReading(member);
            }
        }

        JudgeDeferred(daemonId);
    }

    private void KeepWaiting(EngineMember member, EngineMember other, bool isClear)
    {
        var (daemonId, name, address) = (member.DaemonId!, member.Reading!.Name, other.Engine.Address);
        var reason = !isClear ? $"Its ID {daemonId} is that of {address}, and nothing tells yet that they are two: one daemon under two addresses takes part once."
            : name == other.Reading!.Name ? $"Its ID {daemonId} and host name {name} are those of {address}: one daemon under two addresses takes part once."
            : $"Its ID {daemonId} and its containers are those of {address}: one daemon under two addresses takes part once.";
        AnnounceClaim(member, other, "it waits");
        if (member.WaitsFor != other)
        {
            // By what was told, not by the engine's state: that may be a moment behind.
            member.WaitsFor = other;
            if (IsNews(nameof(Log.DuplicateEngine), member.Engine.Address, $"{daemonId} {address}"))
            {
                Log.DuplicateEngine(_logger, member.Engine.Address, daemonId, address);
            }
        }

        Answer(member, null, reason);
    }

    private void Admit(EngineMember member, EngineMember? moved)
    {
        var (daemonId, engine) = (member.DaemonId!, member.Engine);
        var id = moved?.Id ?? (_admitted.ContainsKey(daemonId) ? $"{daemonId}{Qualifier}{engine.Address}" : daemonId);
        if (moved is not null)
        {
            AnnounceClaim(member, moved, "it takes part in its place");

            // The same daemon under a new address, its old one gone from discovery: it is found by whatever that was.
            member.Aliases.UnionWith(moved.Aliases);
            Remove(moved);
        }
        else if (_admitted.ContainsKey(id))
        {
            Answer(member, null, $"An engine that has moved takes part as {id} already.");
            return;
        }

        if (moved is null && AdmittedBeside(member) is [var holder, ..])
        {
            // Machines cloned from one image share an ID.
            if (IsNews(nameof(Log.ClonedEngine), engine.Address, $"{daemonId} {holder.Engine.Address}"))
            {
                Log.ClonedEngine(_logger, engine.Address, member.Reading!.Name, daemonId, holder.Engine.Address, holder.Reading!.Name);
            }

            foreach (var other in AdmittedBeside(member))
            {
                AnnounceClaim(member, other, "both take part, for something tells that they are two");
            }
        }

        member.Id = id;
        member.WaitsFor = null;
        _ids[engine] = id;
        _admitted[id] = engine;
        foreach (var alias in member.Aliases)
        {
            _aliases[alias] = engine;
        }

        _router.Ledger.SetSpeaker(id, engine);
        Answer(member, id, null);
    }

    private bool Outranks(EngineMember member, EngineMember other) =>
        IsMeant(member) is var isMeant && isMeant != IsMeant(other) ? isMeant : Proves(member, other);

    // A socket of this machine needs no certificate; whoever shows none elsewhere has only given an ID and a name, which anybody can.
    private static bool Proves(EngineMember member, EngineMember other) =>
        member.Reading!.Certificate is not null && other.Reading!.Certificate is null && !IsOnThisMachine(other.Engine.Address);

    private static bool IsOnThisMachine(EngineAddress address) =>
        address.Scheme is EngineScheme.Unix or EngineScheme.NamedPipe
        || address.Host == "localhost"
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private bool IsMeant(EngineMember member) => _overlays.IsMeant(member.DaemonId!, member.Engine.Address, member.Reading!.Certificate);

    private void Displace(EngineMember member, EngineMember holder)
    {
        var (address, isWanted) = (holder.Engine.Address, holder.Leaving is null);
        Admit(member, holder);
        if (isWanted)
        {
            Add([address]);
        }
    }

    private void Answer(EngineMember member, string? id, string? reason)
    {
        if (member.Deferred is { } deferred)
        {
            _deferred.Remove(deferred);
            member.Deferred = null;
        }

        foreach (var request in member.Requests)
        {
            request.TrySetResult((id, reason));
        }

        member.Requests.Clear();
    }
}
