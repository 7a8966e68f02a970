using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>Works out, when asked, why a decision came out as it did.</summary>
internal sealed class Explanation : PlacementDetails
{
    // Enough to see what is going on; a request for a thousand nodes may fail for a thousand reasons.
    private const int MaxReasons = 10;

    private readonly PlacementRequest _request;
    private readonly Attempt _attempt;
    private readonly RankedNode? _chosen;
    private readonly bool _softRulesDropped;
    private readonly Func<PlacementRequest, int, Attempt> _relaxed;
    private readonly bool _wishesDropped;
    private readonly Func<PlacementDetails>? _forTenant;
    private Findings? _findings;
    private string? _classicMessage;
    private RemedySearch? _search;

    /// <summary>Prepares an explanation. The reasons are collected when they are read, but at once when no node was found and a filter of the host had a say.</summary>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public Explanation(PlacementRequest request, Attempt attempt, RankedNode? chosen, bool softRulesDropped, Func<PlacementRequest, int, Attempt> relaxed, bool wishesDropped = false, Func<PlacementDetails>? forTenant = null)
    {
        _request = request;
        _attempt = attempt;
        _chosen = chosen;
        _softRulesDropped = softRulesDropped;
        _relaxed = relaxed;
        _wishesDropped = wishesDropped;
        _forTenant = forTenant;
        if (chosen is null && attempt.Filters.Any(step => step.IsForeign))
        {
            // What a filter of the host throws belongs to the decision.
            _findings = Find();
            _classicMessage = ClassicReport.Of(attempt, _findings.Rejected, request);
        }
    }

    public override ImmutableArray<RankedNode> Ranking => Found.Ranking;

    public override ImmutableArray<NodeRejection> Rejections => Found.Rejections;

    public override ImmutableArray<RejectionCount> RejectionCounts => Found.Counts;

    public override string? ClassicMessage => _chosen is null ? _classicMessage ??= ClassicReport.Of(_attempt, Found.Rejected, _request) : null;

    // Two racing readers work out the same.
    private Findings Found => _findings ??= Find();

    /// <summary>Gets what would make the request fit, each by itself; empty when a node was found.</summary>
    public ImmutableArray<Remedy> FindRemedies() => Searched.Remedies;

    // Looked for once: whoever asks again is to hear the same, at no further cost.
    private RemedySearch Searched => _search ??= SearchRemedies();

    public override string Explain()
    {
        var text = new StringBuilder();
        var nodes = _attempt.Context.Nodes.Count;
        if (_chosen is null)
        {
            text.Append(ClassicReport.Of(_attempt, Found.Rejected, _request, clean: true));
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{_chosen.Value.Node} is the best of {Found.Ranking.Length} suitable nodes by {CleanText.Of(_attempt.Strategy)}.");
        }

        for (var i = 0; i < _request.PortsChosenOf.Length; i++)
        {
            if (HostPortRange.IsMeant(_request.PortsChosenOf[i].HostPort))
            {
                text.Append(CultureInfo.InvariantCulture, $"\nOf the host ports {CleanText.Of(HostPorts.NameOf(_request.PortsChosenOf[i]))} it gets {_request.PortBindings[i].HostPort}.");
            }
        }

        if (_softRulesDropped)
        {
            text.Append("\nNo node met all soft rules, so they were left out.");
        }

        if (_wishesDropped)
        {
            text.Append("\nNo node met all wishes of the host program, so they were left out.");
        }

        if (_chosen is { UnmetWishes: > 0 and var unmetWishes })
        {
            text.Append(CultureInfo.InvariantCulture, $"\nIt does not meet {unmetWishes} of the wishes of the host program; no other suitable node meets more of them.");
        }

        if (_chosen is { UnmetSoftRules: > 0 and var unmet })
        {
            text.Append(CultureInfo.InvariantCulture, $"\nIt does not meet {unmet} of the soft rules; no other suitable node meets more of them.");
        }

        foreach (var group in Found.Groups.Take(MaxReasons))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{group.Nodes.Length} of {nodes} nodes: {group.Representative}");
        }

        if (Found.Groups.Length > MaxReasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Found.Groups.Length - MaxReasons} further reasons.");
        }

        if (_chosen is null && nodes > 0)
        {
            AppendRemedies(text);
        }

        return text.ToString();
    }

    private void AppendRemedies(StringBuilder text)
    {
        try
        {
            var remedies = FindRemedies();
            foreach (var remedy in remedies.Take(MaxReasons))
            {
                text.Append("\nIt would fit if ").Append(remedy.Text).Append('.');
            }

            if (!Searched.IsComplete)
            {
                text.Append("\nWhat else would make it fit takes too much work to find out.");
            }
            else if (remedies.IsEmpty)
            {
                text.Append("\nNo single change would make it fit.");
            }
        }
        catch (PlacementPluginException error)
        {
            // The reasons are known all the same.
            text.Append("\nWhat would make it fit cannot be said: ").Append(error.Message);
        }
    }

    public override PlacementDetails ForTenant() => _forTenant?.Invoke() ?? this;

    private RemedySearch SearchRemedies()
    {
        var isComplete = true;
        var remedies = _chosen is null ? Remedies.Of(_attempt, Found.Groups, _relaxed, out isComplete) : [];
        return new RemedySearch(remedies, isComplete);
    }

    private Findings Find()
    {
        var (ranking, rejected) = _attempt.Judge();
        var groups = rejected
            .GroupBy(node => node, ReasonComparer.Instance)
            .Select(group => new ReasonGroup(group.Key.Filter, [.. group]))
            .OrderByDescending(group => group.Nodes.Length)
            .ThenBy(group => group.Filter)
            .ThenBy(group => group.Representative.Code, StringComparer.Ordinal)
            .ThenBy(group => group.Representative.Subject, StringComparer.Ordinal);
        return new Findings(ranking, rejected, [.. groups]);
    }

    private sealed record RemedySearch(ImmutableArray<Remedy> Remedies, bool IsComplete);

    private sealed class Findings(ImmutableArray<RankedNode> ranking, ImmutableArray<RejectedNode> rejected, ImmutableArray<ReasonGroup> groups)
    {
        public ImmutableArray<RankedNode> Ranking => ranking;

        public ImmutableArray<RejectedNode> Rejected => rejected;

        public ImmutableArray<ReasonGroup> Groups => groups;

        public ImmutableArray<NodeRejection> Rejections { get; } = [.. rejected.Select(each => new NodeRejection(each.Node, each.Rejection))];

        public ImmutableArray<RejectionCount> Counts { get; } =
        [
            .. groups.Select(group => new RejectionCount(
                group.Representative.Filter, group.Representative.Code, group.Representative.Subject, group.Nodes.Length)),
        ];
    }
}
