using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

// What is told of engines that claim to be others, and how often.
internal sealed partial class EngineRegistry
{
    // How often one kind of thing is told of one address in that time, and each thing once.
    private const int MostNews = 8;
    private static readonly TimeSpan _newsInterval = TimeSpan.FromHours(1);
    private static readonly string[] _newsKinds = [nameof(Log.DaemonReplaced), nameof(Log.DuplicateEngine), nameof(Log.ClonedEngine), nameof(Log.IdentityClaimed)];

    // What was told of an address, for as long as there is an engine.
    private readonly Dictionary<(EngineAddress Address, string Kind), (HashSet<string> What, long Since)> _news = [];

    // Once for each that it claims to be: an ID and a host name that come from two addresses are no news every half minute.
    private void AnnounceClaim(EngineMember member, EngineMember other, string outcome)
    {
        var (name, daemonId) = (member.Reading!.Name, member.DaemonId!);
        if (name != other.Reading!.Name || member.ClaimOf == other || member.Engine.Address.Equals(other.Engine.Address)
            || !IsNews(nameof(Log.IdentityClaimed), member.Engine.Address, $"{daemonId} {other.Engine.Address}"))
        {
            return;
        }

        member.ClaimOf = other;
        Log.IdentityClaimed(_logger, member.Engine.Address, name, daemonId, other.Engine.Address, outcome);
        _router.Claimed(member.Engine.Address, daemonId, name, $"{other.Engine.Address} has that ID and that host name already; {outcome}.");
    }

    // Whoever says another ID each time is another engine each time; what it is told of is bounded by its address.
    private bool IsNews(string kind, EngineAddress address, string what)
    {
        var now = _time.GetTimestamp();
        if (!_news.TryGetValue((address, kind), out var told) || _time.GetElapsedTime(told.Since, now) >= _newsInterval)
        {
            told = _news[(address, kind)] = ([], now);
        }

        return told.What.Count < MostNews && told.What.Add(what);
    }

    private void ForgetNews(EngineAddress address)
    {
        foreach (var kind in _newsKinds)
        {
            _news.Remove((address, kind));
        }
    }
}
