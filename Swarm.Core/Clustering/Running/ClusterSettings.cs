using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Clustering;

/// <summary>Options and plug-ins, checked together and turned into what the cluster works with. Of the options themselves nothing is read later, so that nothing is worked with that was not checked.</summary>
internal sealed record ClusterSettings(
    Scheduler Scheduler,
    PlacementRequestFactory Requests,
    DemandRules Rules,
    IEngineConnector Connector,
    EngineTimings Timings,
    CallLimits Limits,
    EngineIntake Intake,
    ImmutableArray<KeyValuePair<string, EngineOverlay>> Overlays,
    IdentifierSource Identifiers,
    SwarmIdentity Identity,
    string Strategy,
    decimal Overcommit,
    TimeSpan UnknownHoldTime,
    bool PullMissingImages,
    TimeSpan EngineRemovalGrace,
    int MaxDiscoveredEngines,
    long PlanSeed)
{
    private const long LeastDecisionSteps = 10_000;

    /// <summary>Reads the options; on mistakes gives all of them instead of the settings.</summary>
    public static (ClusterSettings? Settings, InvalidOptionsException? Mistakes) Read(SwarmOptions options, SwarmPlugins plugins, ILogger? logger = null)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        errors.AddRange(options.Misread);
        if (string.IsNullOrWhiteSpace(options.Name))
        {
            errors.Add("Name is empty.");
        }

        var filters = ByName("filter", "filters", [.. BuiltInFilters.All, .. plugins.Filters], filter => filter.Name, errors);
        var strategies = ByName("strategy", "strategies", [.. BuiltInStrategies.All, .. plugins.Strategies], strategy => strategy.Name, errors);
        foreach (var name in strategies.Keys.Where(name => BuiltInStrategies.Canonical(name) != name).Order(StringComparer.Ordinal))
        {
            errors.Add($"A strategy is named '{name}', which is another name of '{BuiltInStrategies.Canonical(name)}'.");
        }

        var chain = SelectFilters(options, plugins, filters, errors);
        if (options.Strategy is null || PluginSelection.Strategy(strategies, options.Strategy) is null)
        {
            errors.Add($"Strategy: no strategy is named '{options.Strategy}'; there are {Names(strategies.Keys)}.");
        }

        if (!Enum.IsDefined(options.TieBreak))
        {
            errors.Add($"TieBreak is {options.TieBreak}; it must be {nameof(TieBreak.LowestId)} or {nameof(TieBreak.Seeded)}.");
        }

        if (!Enum.IsDefined(options.SoftRules))
        {
            errors.Add($"SoftRules is {options.SoftRules}; it must be {nameof(SoftRuleMode.AllOrNone)} or {nameof(SoftRuleMode.MostMet)}.");
        }

        if (!Enum.IsDefined(options.EngineIdentity))
        {
            errors.Add($"EngineIdentity is {options.EngineIdentity}; it must be {nameof(EngineIdentity.Daemon)} or {nameof(EngineIdentity.Address)}.");
        }

        if (options.Overcommit is <= -1 or > 100)
        {
            errors.Add(FormattableString.Invariant($"Overcommit is {options.Overcommit}; it must be above -1 and at most 100."));
        }

        if (options.MaxDecisionSteps is < LeastDecisionSteps)
        {
            errors.Add(FormattableString.Invariant($"{nameof(options.MaxDecisionSteps)} is {options.MaxDecisionSteps}; it must be at least {LeastDecisionSteps}."));
        }

        CheckTimes(options, errors);
        CheckEngines(options, errors);
        if (plugins.Discovery is null)
        {
            errors.Add("No discovery is set: the cluster would never find an engine.");
        }

        var connector = plugins.Connector ?? Connect(options.Connection, plugins.Discovery is IProgramDiscovery, plugins.TimeProvider, logger, errors);
        if (errors.Count > 0)
        {
            return (null, new InvalidOptionsException(options.Name ?? "", errors.ToImmutable()));
        }

        var identifiers = IdentifierSource.Create(options.Seed);
        var planSeed = identifiers.NextSeed();
        var identity = SwarmIdentity.Create(identifiers);
        var rules = new DemandRules { CpuSharesAsCpus = options.CpuSharesAsCpus, CountMemoryReservation = options.CountMemoryReservation };
        return (new ClusterSettings(
            new Scheduler(chain, strategies.Values, options.Strategy!, tieBreak: options.TieBreak, softRules: options.SoftRules, maxSteps: options.MaxDecisionSteps, observer: plugins.DecisionObserver),
            new PlacementRequestFactory(rules, new ExpressionCache(), new BodyCheck(options.BodyRules), options.SpecLimits),
            rules,
            connector!,
            new EngineTimings
            {
                // The connector's own limit, which says more, comes first.
                ConnectTimeout = options.Connection.ConnectTimeout + TimeSpan.FromMilliseconds(500),
                CallTimeout = options.CallTimeout,
                PingInterval = options.PingInterval,
                PingTimeout = options.PingInterval,
                ShortestRetryDelay = options.ShortestRetryDelay,
                LongestRetryDelay = options.LongestRetryDelay,
                RefreshInterval = options.RefreshInterval,
                InspectionInterval = options.InspectionInterval,
                ObjectListInterval = options.ObjectListInterval,
                CertificateWarningTime = options.Connection.CertificateWarningTime,
            },
            new CallLimits(options.CallTimeout, options.CreateTimeout, options.PullTimeout, options.CredentialsTimeout, options.TransferIdleTimeout),
            new EngineIntake(options.EngineLimits, rules, identity, options.EngineIdentity == EngineIdentity.Address),
            [.. options.EngineOverlays],
            identifiers,
            identity,
            options.Strategy!,
            options.Overcommit,
            options.UnknownHoldTime,
            options.PullMissingImages,
            options.EngineRemovalGrace,
            options.MaxDiscoveredEngines,
            planSeed), null);
    }

    private static void CheckEngines(SwarmOptions options, ImmutableArray<string>.Builder errors)
    {
        if (options.EngineLimits is null)
        {
            errors.Add("EngineLimits is missing.");
        }
        else
        {
            errors.AddRange(options.EngineLimits.Validate().Select(error => $"EngineLimits.{error}"));
        }

        if (options.BodyRules is null)
        {
            errors.Add("BodyRules is missing.");
        }
        else
        {
            errors.AddRange(options.BodyRules.Validate().Select(error => $"BodyRules.{error}"));
        }

        if (options.SpecLimits is null)
        {
            errors.Add("SpecLimits is missing.");
        }
        else
        {
            errors.AddRange(options.SpecLimits.Validate().Select(error => $"SpecLimits.{error}"));
        }

        foreach (var (engine, overlay) in options.EngineOverlays.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(engine))
            {
                errors.Add("EngineOverlays: one has no ID, name or address.");
            }
            else if (overlay is null)
            {
                errors.Add($"EngineOverlays: that of '{AddressText.Of(engine)}' is null.");
            }
            else
            {
                errors.AddRange(overlay.Taints.Where(taint => taint.IsMisread).Select(taint => $"EngineOverlays: Taints of '{AddressText.Of(engine)}' has '{CleanText.Of(taint.Text)}'; each must be key=value or a key, of letters, digits, '-', '_', '.' and '/', 253 of them at most."));
                if (overlay.Binding?.Misread is { } misread)
                {
                    errors.Add($"EngineOverlays: Binding of '{AddressText.Of(engine)}' is '{AddressText.Of(misread)}'; it must be address:, certificate: or subject:, and what the engine is bound to.");
                }
            }
        }

        foreach (var same in options.EngineOverlays.Keys.GroupBy(engine => OverlayKey.Of(engine).Text, StringComparer.Ordinal).Where(group => group.Count() > 1).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            errors.Add($"EngineOverlays: {string.Join(" and ", same.Order(StringComparer.Ordinal).Select(key => $"'{AddressText.Of(key)}'"))} are one address.");
        }
    }

    private static DockerEngineConnector? Connect(EngineConnectionOptions? options, bool programAddresses, TimeProvider? time, ILogger? logger, ImmutableArray<string>.Builder errors)
    {
        if (options is null)
        {
            errors.Add("Connection is missing.");
            return null;
        }

        var before = errors.Count;
        errors.AddRange(options.Validate().Select(error => $"Connection.{error}"));
        if (errors.Count > before)
        {
            return null;
        }

        try
        {
            return new DockerEngineConnector(options, programAddresses, time, logger: logger);
        }
        catch (ArgumentException exception)
        {
            errors.Add($"Connection.{exception.Message}");
            return null;
        }
    }

    private static ImmutableArray<IFilter> SelectFilters(SwarmOptions options, SwarmPlugins plugins, Dictionary<string, IFilter> known, ImmutableArray<string>.Builder errors)
    {
        // What is wrong with a filter itself was said already.
        var names = options.Filters
            ?? [.. BuiltInFilters.All.Concat(plugins.Filters).Where(filter => filter is not null && !string.IsNullOrWhiteSpace(filter.Name)).Select(filter => filter.Name)];
        var chain = PluginSelection.Filters(known, names, out var unknown);
        errors.AddRange(unknown.Select(name => $"Filters: no filter is named '{name}'; there are {Names(known.Keys)}."));
        return chain;
    }

    private static Dictionary<string, T> ByName<T>(string kind, string kinds, IEnumerable<T?> plugins, Func<T, string> nameOf, ImmutableArray<string>.Builder errors)
        where T : class
    {
        var byName = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var plugin in plugins)
        {
            if (plugin is null)
            {
                errors.Add($"A {kind} is null.");
                continue;
            }

            var name = nameOf(plugin);
            if (string.IsNullOrWhiteSpace(name))
            {
                errors.Add($"The {kind} {plugin.GetType().FullName} has no name.");
            }
            else if (!byName.TryAdd(name, plugin))
            {
                errors.Add($"Two {kinds} are named '{name}': {byName[name].GetType().FullName} and {plugin.GetType().FullName}.");
            }
        }

        return byName;
    }

    private static void CheckTimes(SwarmOptions options, ImmutableArray<string>.Builder errors)
    {
        (string Name, TimeSpan Value)[] positive =
        [
            (nameof(options.StartupTimeout), options.StartupTimeout),
            (nameof(options.CallTimeout), options.CallTimeout),
            (nameof(options.CreateTimeout), options.CreateTimeout),
            (nameof(options.PullTimeout), options.PullTimeout),
            (nameof(options.CredentialsTimeout), options.CredentialsTimeout),
            (nameof(options.TransferIdleTimeout), options.TransferIdleTimeout),
            (nameof(options.PingInterval), options.PingInterval),
            (nameof(options.ShortestRetryDelay), options.ShortestRetryDelay),
            (nameof(options.LongestRetryDelay), options.LongestRetryDelay),
            (nameof(options.RefreshInterval), options.RefreshInterval),
            (nameof(options.InspectionInterval), options.InspectionInterval),
            (nameof(options.ObjectListInterval), options.ObjectListInterval),
            (nameof(options.UnknownHoldTime), options.UnknownHoldTime),
        ];
        var longest = TimeSpan.FromDays(1);
        foreach (var (name, value) in positive)
        {
            if (value <= TimeSpan.Zero || value > longest)
            {
                errors.Add(FormattableString.Invariant($"{name} is {value}; it must be above zero and at most a day."));
            }
        }

        if (options.EngineRemovalGrace < TimeSpan.Zero || options.EngineRemovalGrace > longest)
        {
            errors.Add(FormattableString.Invariant($"{nameof(options.EngineRemovalGrace)} is {options.EngineRemovalGrace}; it must be between zero and a day."));
        }

        if (options.LongestRetryDelay < options.ShortestRetryDelay)
        {
            errors.Add($"{nameof(options.LongestRetryDelay)} is shorter than {nameof(options.ShortestRetryDelay)}.");
        }

        if (options.MaxDiscoveredEngines < 1)
        {
            errors.Add(FormattableString.Invariant($"{nameof(options.MaxDiscoveredEngines)} is {options.MaxDiscoveredEngines}; it must be at least 1."));
        }

        if (options.EventBufferCapacity < 1)
        {
            errors.Add(FormattableString.Invariant($"{nameof(options.EventBufferCapacity)} is {options.EventBufferCapacity}; it must be at least 1."));
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));
}
