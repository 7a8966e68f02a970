using System.Collections.Immutable;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>One attempt to find a node for a request: every filter and the strategy made ready once, then asked node by node.</summary>
internal sealed partial class Attempt
{
    private const int StepsPerAmount = 8;
    private const int MostAmounts = 10_000;

    private readonly ImmutableArray<FilterStep> _filters;
    private readonly string _strategy;
    private readonly NodeScore _score;
    private readonly AdmissionChecks _checks;
    private readonly TieBreak _ties;
    private readonly ImmutableArray<SoftRules> _counted;
    private readonly int _stepsPerNode;
    private readonly HostConditions? _wishes;
    private readonly IPlacementStrategy _plugin;
    private ImmutableArray<RejectedNode>? _rejected;

    private Attempt(
        PlacementContext context,
        ImmutableArray<FilterStep> filters,
        string strategy,
        NodeScore score,
        AdmissionChecks checks,
        TieBreak ties,
        ImmutableArray<SoftRules> counted,
        HostConditions? wishes,
        IPlacementStrategy plugin)
    {
        Context = context;
        _plugin = plugin;
        _filters = filters;
        _strategy = strategy;
        _score = score;
        // What the filter of ports has let pass need not be looked at again.
        _checks = filters.Any(step => step.Filter is PortFilter) ? checks & ~AdmissionChecks.Ports : checks;

        // Each amount is looked for among all.
        var amounts = Math.Min(context.Request.Resources.Named.Count, MostAmounts);
        _stepsPerNode = 1 + (amounts * (StepsPerAmount + (amounts / 2)));
        _ties = ties;
        _counted = counted;
        _wishes = wishes;
    }

    public PlacementContext Context { get; }

    public ImmutableArray<FilterStep> Filters => _filters;

    public string Strategy => _strategy;

    /// <summary>Makes filters and strategy ready.</summary>
    /// <param name="filters">The filters in the order they run.</param>
    /// <param name="strategy">The strategy.</param>
    /// <param name="context">What is to be placed, and where it could go.</param>
    /// <param name="checks">What admission looks at.</param>
    /// <param name="ties">Which of several equally good nodes is chosen.</param>
    /// <param name="counted">The request whose soft rules are counted for each node; <see langword="null"/> for none.</param>
    /// <exception cref="PlacementPluginException">One of them threw.</exception>
    public static Attempt Prepare(
        ImmutableArray<NamedPlugin<IFilter>> filters,
        NamedPlugin<IPlacementStrategy> strategy,
        PlacementContext context,
        AdmissionChecks checks,
        TieBreak ties,
        PlacementRequest? counted = null)
    {
        var steps = ImmutableArray.CreateBuilder<FilterStep>(filters.Length);
        foreach (var (name, filter) in filters)
        {
            steps.Add(FilterStep.Prepare(filter, name, context));
        }

        try
        {
            return new Attempt(context, steps.MoveToImmutable(), strategy.Name, strategy.Plugin.Prepare(context), checks, ties, SoftRulesOf(filters, counted, context.Meter), counted?.Conditions, strategy.Plugin);
        }
        catch (Exception error)
        {
            throw new PlacementPluginException("strategy", strategy.Name, error);
        }
    }

    /// <summary>Finds the best node: the fewest counted wishes of the host program unmet, then the fewest counted soft rules, then the lowest score, and among equals the one that the tie-break says. Allocates nothing per node, but where steps are counted the reasons of those before the first that will do.</summary>
    /// <returns>The node with its score; <see langword="null"/> when no node will do.</returns>
    /// <exception cref="PlacementPluginException">A filter or the strategy threw.</exception>
    public RankedNode? FindBest()
    {
        // Where steps are counted a second look for the reasons of a refusal could be one too many, so they are noted until a node will do.
        var rejected = Context.Meter is null ? null : ImmutableArray.CreateBuilder<RejectedNode>();
        RankedNode? best = null;
        foreach (var node in Context.Nodes)
        {
            if (Test(node, out var filter) is { } rejection)
            {
                rejected?.Add(new RejectedNode(node, rejection, filter));
                continue;
            }

            rejected = null;

            var ranked = Rank(node);
            if (best is null || Compare(ranked, best.Value) < 0)
            {
                best = ranked;
            }
        }

        _rejected = rejected?.DrainToImmutable();
        return best;
    }

    /// <summary>Ranks the nodes that will do and collects the reasons of those that will not.</summary>
    /// <exception cref="PlacementPluginException">A filter or the strategy threw.</exception>
    public (ImmutableArray<RankedNode> Ranking, ImmutableArray<RejectedNode> Rejected) Judge()
    {
        if (_rejected is { } all)
        {
            return ([], all);
        }

        var ranking = ImmutableArray.CreateBuilder<RankedNode>();
        var rejected = ImmutableArray.CreateBuilder<RejectedNode>();
        foreach (var node in Context.Nodes)
        {
            if (Test(node, out var filter) is { } rejection)
            {
                rejected.Add(new RejectedNode(node, rejection, filter));
            }
            else
            {
                ranking.Add(Rank(node));
            }
        }

        ranking.Sort(Compare);
        return (ranking.DrainToImmutable(), rejected.DrainToImmutable());
    }

    /// <summary>Tests one node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="filter">The position of the filter that rejected it; behind the last one when admission did.</param>
    /// <returns>The first reason found, or <see langword="null"/> when the node will do.</returns>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public Rejection? Test(NodeView node, out int filter)
    {
        Context.Meter?.Spend(_stepsPerNode);
        for (filter = 0; filter < _filters.Length; filter++)
        {
            if (_filters[filter].Test(node) is { } rejection)
            {
                return rejection;
            }
        }

        return Admission.Test(node, Context.Request, _checks);
    }

    // Two nodes that drew the same number are told apart by their IDs: some order there always is.
    private int Compare(RankedNode left, RankedNode right)
    {
        var order = left.UnmetWishes.CompareTo(right.UnmetWishes);
        order = order != 0 ? order : left.UnmetSoftRules.CompareTo(right.UnmetSoftRules);
        order = order != 0 ? order : left.Score.CompareTo(right.Score);
        if (order == 0 && _ties == TieBreak.Seeded)
        {
            order = SeededDraw.Of(Context.Seed, left.Node.Id).CompareTo(SeededDraw.Of(Context.Seed, right.Node.Id));
        }

        return order != 0 ? order : string.CompareOrdinal(left.Node.Id, right.Node.Id);
    }

    private static ImmutableArray<SoftRules> SoftRulesOf(ImmutableArray<NamedPlugin<IFilter>> filters, PlacementRequest? counted, WorkMeter? meter) => counted is null
        ? []
        : [.. filters.Select(filter => filter.Plugin).OfType<ExpressionFilter>().Select(filter => new SoftRules(filter, counted, meter))];

    private RankedNode Rank(NodeView node)
    {
        var unmet = 0;
        foreach (var rules in _counted)
        {
            unmet += rules.CountUnmet(node);
        }

        return new RankedNode(node, Score(node)) { UnmetSoftRules = unmet, UnmetWishes = _wishes?.CountUnmetWishes(node) ?? 0 };
    }

    private PlacementScore Score(NodeView node)
    {
        try
        {
            return _score(node);
        }
        catch (Exception error)
        {
            throw new PlacementPluginException("strategy", _strategy, error);
        }
    }
}
