using System.Collections.Immutable;
using Swarm.Core.Diagnostics;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>Decides where a container goes: filters say where it may run, admission where it fits, the strategy where it is best.</summary>
/// <remarks>
/// Pure: the same request, nodes and seed give the same result. Keeps no state and may be called concurrently; filters and strategies run
/// on the caller's thread.
/// </remarks>
internal sealed class Scheduler
{
    private readonly ImmutableArray<NamedPlugin<IFilter>> _filters;
    private readonly ImmutableSortedDictionary<string, IPlacementStrategy> _strategies;
    private readonly NamedPlugin<IPlacementStrategy> _defaultStrategy;
    private readonly AdmissionChecks _checks;
    private readonly TieBreak _tieBreak;
    private readonly SoftRuleMode _softRules;
    private readonly StepBudget _steps;
    private readonly DecisionObserver? _observer;

    /// <summary>Puts a scheduler together.</summary>
    /// <param name="filters">The filters in the order they run.</param>
    /// <param name="strategies">The strategies a request may ask for.</param>
    /// <param name="defaultStrategy">The strategy of requests that ask for none.</param>
    /// <param name="checks">What admission looks at.</param>
    /// <param name="tieBreak">Which of several equally good nodes is chosen by requests that do not say.</param>
    /// <param name="softRules">What soft rules do to requests that do not say.</param>
    /// <param name="maxSteps">How many steps of work a decision may take; <see langword="null"/> for a number that grows with the cluster.</param>
    /// <param name="observer">Hears of each decision, before its caller does.</param>
    /// <exception cref="ArgumentException">Two strategies have one name, or none has that of the default.</exception>
    public Scheduler(
        IEnumerable<IFilter> filters,
        IEnumerable<IPlacementStrategy> strategies,
        string defaultStrategy,
        AdmissionChecks checks = AdmissionChecks.All,
        TieBreak tieBreak = TieBreak.LowestId,
        SoftRuleMode softRules = SoftRuleMode.AllOrNone,
        long? maxSteps = null,
        DecisionObserver? observer = null)
    {
        _filters = [.. filters.Select(filter => new NamedPlugin<IFilter>(filter.Name, filter))];
        _strategies = strategies.ToImmutableSortedDictionary(strategy => strategy.Name, strategy => strategy, StringComparer.Ordinal);
        _defaultStrategy = PluginSelection.Strategy(_strategies, defaultStrategy)
            ?? throw new ArgumentException($"There is no strategy '{defaultStrategy}'.", nameof(defaultStrategy));
        _checks = checks;
        _tieBreak = tieBreak;
        _softRules = softRules;
        _steps = new StepBudget(maxSteps);
        _observer = observer;
    }

    /// <summary>Chooses the best node for a request.</summary>
    /// <param name="request">What is to be placed.</param>
    /// <param name="nodes">The nodes of the cluster.</param>
    /// <param name="seed">The number from which every random choice follows.</param>
    /// <param name="book">What is remembered of earlier decisions on these nodes, to judge only what has changed since; <see langword="null"/> to judge all. With one a decision may come out that takes too many steps without.</param>
    /// <param name="cancellationToken">Gives up; a plain decision is made all the same.</param>
    /// <returns>The result; that no node will do is no exception, and neither is that it takes too many steps to find out.</returns>
    /// <exception cref="InvalidRequestException">The request asks for a strategy that does not exist.</exception>
    /// <exception cref="PlacementPluginException">A filter or the strategy threw.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public PlacementResult Place(PlacementRequest request, NodeSet nodes, long seed = 0, VerdictBook? book = null, CancellationToken cancellationToken = default)
    {
        var meter = _steps.MeterOf(request, nodes, isInPassing: false, cancellationToken);
        var made = PlaceWithin(meter, request, nodes, seed, book, cancellationToken)
            ?? new PlacementResult(request, null, softRulesDropped: false, new BudgetExceeded(nodes, meter!.Budget, request.Conditions)) { Steps = meter.Spent };
        _observer?.Invoke(request, nodes, seed, made);
        return made;
    }

    /// <summary>Chooses the best node if that takes little more work than for a plain request.</summary>
    /// <returns>What <see cref="Place"/> would return; <see langword="null"/> when it takes more.</returns>
    /// <inheritdoc cref="Place"/>
    public PlacementResult? TryPlaceInPassing(PlacementRequest request, NodeSet nodes, long seed, VerdictBook? book, CancellationToken cancellationToken)
    {
        var made = PlaceWithin(_steps.MeterOf(request, nodes, isInPassing: true, cancellationToken), request, nodes, seed, book, cancellationToken);
        if (made is not null)
        {
            _observer?.Invoke(request, nodes, seed, made);
        }

        return made;
    }

    private PlacementResult? PlaceWithin(WorkMeter? meter, PlacementRequest request, NodeSet nodes, long seed, VerdictBook? book, CancellationToken cancellationToken)
    {
        try
        {
            return PlaceWithin(meter, request, nodes, seed, book);
        }
        catch (WorkEndedException ended)
        {
            return ended.IsCancelled ? throw new OperationCanceledException(cancellationToken) : null;
        }
    }

    private PlacementResult PlaceWithin(WorkMeter? meter, PlacementRequest request, NodeSet nodes, long seed, VerdictBook? book)
    {
        var strategy = StrategyOf(request);
        var ties = request.TieBreak ?? _tieBreak;
        var hasWishes = request.Conditions is { HasWishes: true };
        var counted = (request.HasSoftRules || hasWishes) && (request.SoftRules ?? _softRules) == SoftRuleMode.MostMet ? request : null;

        // What is remembered has steps of its own: a look at all nodes, where it comes to that, is to be able to take all that a decision may.
        var rememberedMeter = book is null ? null : meter?.Another();
        Attempt attempt = null!;
        var best = Find(counted is null ? request.ObeyingWishes() : request.WithoutSoftRules());

        // All soft rules or none, as in classic Swarm: they are left out only when no node meets every one of them. Those of the configuration go
        // first: it must not get rid of the host program's by wishing for what there is not.
        var (softRulesDropped, wishesDropped) = (false, false);
        if (counted is null)
        {
            TryUnless(!request.HasSoftRules, softRules: false, wishes: true);
            TryUnless(!(request.HasSoftRules && hasWishes), softRules: true, wishes: false);
            TryUnless(!hasWishes, softRules: false, wishes: false);
        }

        // All that would make it fit, together, may cost as much as the decision.
        var remedyMeter = meter is null ? null : new WorkMeter(meter.Budget);
        var placed = best is { Node: var chosenNode } ? PortChoice.Apply(request, chosenNode) : request;
        var explanation = new Explanation(placed, attempt, best, softRulesDropped, Relaxed, wishesDropped, ForTenant);
        meter?.Release();
        rememberedMeter?.Release();
        return new PlacementResult(placed, best, softRulesDropped, explanation) { Steps = (meter?.Spent ?? 0) + (rememberedMeter?.Spent ?? 0), HostWishesDropped = wishesDropped };

        void TryUnless(bool isPointless, bool softRules, bool wishes)
        {
            if (best is null && !isPointless)
            {
                (softRulesDropped, wishesDropped) = (request.HasSoftRules && !softRules, hasWishes && !wishes);
                var wanted = softRules ? request : request.WithoutSoftRules();
                best = Find(wishes ? wanted.ObeyingWishes() : wanted);
            }
        }

        RankedNode? Find(PlacementRequest wanted)
        {
            attempt = Prepare(wanted, book is null ? meter : rememberedMeter);
            if (book is not null && TryFindRemembered(attempt, book, out var found))
            {
                return found;
            }

            // With a fresh start, for the filters hold on to their meter.
            attempt = meter is null ? attempt : Prepare(wanted, meter);
            return attempt.FindBest();
        }

        // The same outcome, seen by whom the nodes that the host program rules out are hidden from.
        PlacementDetails ForTenant()
        {
            var conditions = attempt.Context.Request.Conditions;
            var seen = NodeSet.Create(nodes.Where(node => conditions?.FindUnmet(node) is null));
            var context = new PlacementContext(attempt.Context.Request.ForTenant(), seen, seed);
            var shown = Attempt.Prepare(_filters, strategy, context, _checks, ties, counted);
            var tenantMeter = meter is null ? null : new WorkMeter(meter.Budget);
            var chosen = best is { } known ? known with { UnmetWishes = 0 } : best;
            return new Explanation(placed.ForTenant(), shown, chosen, softRulesDropped, (wanted, withoutFilter) => Attempt.Prepare(
                withoutFilter < 0 ? _filters : _filters.RemoveAt(withoutFilter), strategy, new PlacementContext(wanted, seen, seed) { Meter = tenantMeter }, _checks, ties));
        }

        Attempt Prepare(PlacementRequest wanted, WorkMeter? steps) => Attempt.Prepare(_filters, strategy, new PlacementContext(wanted, nodes, seed) { Meter = steps }, _checks, ties, counted);

        // The same decision for a request that asks for less, if need be without one of the filters.
        Attempt Relaxed(PlacementRequest wanted, int withoutFilter) => Attempt.Prepare(
            withoutFilter < 0 ? _filters : _filters.RemoveAt(withoutFilter), strategy, new PlacementContext(wanted, nodes, seed) { Meter = remedyMeter }, _checks, ties);
    }

    // Whether that was enough: where steps are counted the reasons of a refusal are noted in the look at all nodes. So is what took too many steps, or what a
    // plug-in broke, left to that: remembered filters and strategies are also asked about nodes that others would have kept from them.
    private static bool TryFindRemembered(Attempt attempt, VerdictBook book, out RankedNode? best)
    {
        try
        {
            return attempt.TryFindBest(book, out best) && (best is not null || attempt.Context.Meter is null);
        }
        catch (Exception error) when (error is PlacementPluginException or WorkEndedException { IsCancelled: false })
        {
            best = null;
            return false;
        }
    }

    private NamedPlugin<IPlacementStrategy> StrategyOf(PlacementRequest request) => request.Strategy is not { } name
        ? _defaultStrategy
        : PluginSelection.Strategy(_strategies, name)
            ?? throw new InvalidRequestException("Strategy", $"There is no strategy '{CleanText.Of(name)}'; known are {CleanText.Join(", ", [.. _strategies.Keys])}.");
}
