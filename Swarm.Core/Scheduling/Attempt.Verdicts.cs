using System.Collections.Immutable;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>The same attempt with the verdicts of earlier ones: nodes that have not changed since are not judged again.</summary>
internal sealed partial class Attempt
{
    // What the strategy and each filter say that their answers depend on; null of those that are asked anew.
    private string? _strategyKey;
    private ImmutableArray<string?> _filterKeys;

    /// <summary>Finds the best node, the same as without a book.</summary>
    /// <param name="book">What is remembered.</param>
    /// <param name="best">The node with its score; <see langword="null"/> when no node will do.</param>
    /// <returns>Whether that is known: of some requests nothing can be remembered.</returns>
    /// <exception cref="PlacementPluginException">A filter or the strategy threw.</exception>
    public bool TryFindBest(VerdictBook book, out RankedNode? best)
    {
        best = null;
        if (ClassOfRequests() is not { } requests)
        {
            return false;
        }

        var verdicts = book.Take(requests);
        if (!verdicts.TryFollow(Context.Nodes, TryJudge))
        {
            return false;
        }

        try
        {
            best = FindBest(verdicts);
            return true;
        }
        finally
        {
            book.Return(verdicts);
        }
    }

    private RankedNode? FindBest(ClassVerdicts verdicts)
    {
        Predicate<NodeView>? passes = AsksAnew ? PassesAnew : null;
        if (_strategyKey is null || !_counted.IsEmpty || _wishes is not null)
        {
            return FindBest(verdicts.Suitable(), passes);
        }

        return verdicts.FindBest(passes, out var verdict) is not { } first ? null
            : _ties == TieBreak.LowestId ? Rank(first)
            : FindBest(verdicts.Suitable(verdict), passes) ?? Rank(first);
    }

    private RankedNode? FindBest(IEnumerable<NodeView> suitable, Predicate<NodeView>? passes)
    {
        RankedNode? best = null;
        foreach (var node in suitable)
        {
            if (passes is null || passes(node))
            {
                var ranked = Rank(node);
                if (best is null || Compare(ranked, best.Value) < 0)
                {
                    best = ranked;
                }
            }
        }

        return best;
    }

    private RequestClass? ClassOfRequests()
    {
        var request = Context.Request;
        if ((request.Conditions is { } conditions ? conditions.Key : "") is not { } demands)
        {
            return null;
        }

        try
        {
            _strategyKey = (_plugin as IRememberedStrategy)?.KeyOf(request);
        }
        catch (Exception error)
        {
            throw new PlacementPluginException("strategy", _strategy, error);
        }

        _filterKeys = [.. _filters.Select(step => step.KeyOf(request))];
        return RequestClass.Of(_strategy, request.Resources, [demands, _strategyKey, .. _filterKeys]);
    }

    private bool TryJudge(NodeView node, out long verdict)
    {
        Context.Meter?.Spend(_stepsPerNode);
        verdict = Verdict.Refused;
        for (var i = 0; i < _filters.Length; i++)
        {
            if (_filterKeys[i] is not null && _filters[i].Test(node) is not null)
            {
                return true;
            }
        }

        if (Admission.Test(node, Context.Request, _checks & ~AdmissionChecks.Ports) is not null)
        {
            return true;
        }

        verdict = Verdict.Unscored;
        return _strategyKey is null || Verdict.TryMake(Score(node), out verdict);
    }

    private bool AsksAnew
    {
        get
        {
            for (var i = 0; i < _filters.Length; i++)
            {
                if (_filterKeys[i] is null && _filters[i].HasTest)
                {
                    return true;
                }
            }

            return AsksForPorts;
        }
    }

    private bool AsksForPorts => (_checks & AdmissionChecks.Ports) != 0 && (!Context.Request.PortBindings.IsEmpty || Context.Request.UsesHostNetwork);

    private bool PassesAnew(NodeView node)
    {
        Context.Meter?.Spend(1);
        for (var i = 0; i < _filters.Length; i++)
        {
            if (_filterKeys[i] is null && _filters[i].Test(node) is not null)
            {
                return false;
            }
        }

        return !AsksForPorts || HostPorts.FindConflict(node, Context.Request) is null;
    }
}
