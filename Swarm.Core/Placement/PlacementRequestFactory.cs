using System.Collections.Immutable;
using Swarm.Core.Diagnostics;
using Swarm.Core.Expressions;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Reads what a container needs from its configuration, once. Safe for concurrent use.</summary>
/// <remarks>
/// A request goes one way, whoever makes it and whatever for: its limits; what its text may say; then
/// what it asks for is read, and counted; then it is placed. What the chosen engine is sent is written last, by <see cref="DemandStamp"/>.
/// </remarks>
internal sealed class PlacementRequestFactory(DemandRules rules, ExpressionCache cache, BodyCheck? body = null, SpecLimits? limits = null)
{
    internal const string ContainerMode = "container:";

    private readonly SpecCheck _limits = new(limits ?? new SpecLimits());

    private delegate bool Parser(string text, out Expression? expression, out string? error);

    /// <summary>Checks the body of an update.</summary>
    /// <exception cref="InvalidRequestException">It is too large.</exception>
    public void Check(ContainerUpdate update, string container) => _limits.Check(update, container);

    /// <summary>Checks the command of a process that is to run in a container.</summary>
    /// <exception cref="InvalidRequestException">It is too long.</exception>
    public void CheckCommand(ImmutableArray<string> command, string container) => _limits.CheckCommand(command, container);

    /// <summary>Makes the request.</summary>
    /// <param name="config">The configuration as the caller gave it.</param>
    /// <param name="placement">How the caller wants it placed; <see langword="null"/> for the cluster's own way.</param>
    /// <param name="made">The operation that is to create the container, and a Swarm ID for it; <see langword="null"/> when none is.</param>
    /// <returns>
    /// The request. Its <see cref="PlacementRequest.Config"/> is what goes to the engine: scheduling entries have moved from the environment to
    /// the labels as in classic Swarm, and old-style limits to where the engine enforces them.
    /// </returns>
    /// <exception cref="LabelNotAllowedException">Its text says what it may not say.</exception>
    /// <exception cref="InvalidLabelException">A scheduling label is malformed, or names a rescheduling policy that does not exist or more than one.</exception>
    /// <exception cref="InvalidExpressionException">An expression is one that classic Swarm crashes on or silently misreads.</exception>
    /// <exception cref="InvalidRequestException">A resource is asked for in a negative amount, a host port or a range of them is none, or more is asked for than the limits allow.</exception>
    public PlacementRequest Create(ContainerConfig config, PlacementOptions? placement = null, (string Operation, string Id)? made = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        _limits.Check(config);
        config = body?.Apply(config) ?? config;
        var lists = SchedulingLists.Of(config.Typed);
        _limits.Check(config, lists);
        if (ReschedulePolicies.ErrorOf(lists.ReschedulePolicies) is { } policyError)
        {
            throw new InvalidLabelException(SwarmLabels.ReschedulePolicies, GoJson.WriteStringList(lists.ReschedulePolicies), $"{policyError}.");
        }

        var named = NamedResourcesOf(config.Typed.Labels);
        _limits.CheckNamedResources(config.Name, named.Count);
        var tolerations = TolerationsOf(config);
        var constraints = ReadAll(lists.Constraints, cache.TryParse);
        var affinities = ReadAll(lists.Affinities, cache.TryParse);
        var whitelists = ReadAll(lists.Whitelists, Expression.TryParseWhitelist);

        var isOurs = made is not null && config.Typed.Labels.ValueOrEmpty(SwarmLabels.Id).Length == 0;
        var effective = lists.ApplyTo(config, StampOf(made, isOurs)).WithConsolidatedLimits();
        var spec = effective.Typed;
        return new PlacementRequest
        {
            Config = effective,
            Name = spec.Name,
            Image = spec.Image,
            Labels = spec.Labels,
            IsSwarmIdOurs = isOurs,
            Resources = DemandOf(spec) with { Slots = 1, Named = named },
            NetworkMode = spec.NetworkMode,
            ExposedPorts = spec.ExposedPorts,
            PortBindings = PortBinding.Normalize(spec.PortBindings),
            HasPortRanges = PortRanges.AreIn(spec.PortBindings, string.Equals(spec.NetworkMode, "host", StringComparison.Ordinal)),
            Constraints = constraints,
            Affinities = affinities,
            Whitelists = whitelists,
            Tolerations = tolerations,
            Dependencies = DependenciesOf(spec),
            Strategy = placement?.Strategy,
            TieBreak = placement?.TieBreak,
            SoftRules = placement?.SoftRules,
            Conditions = HostConditions.Of(placement),
        };
    }

    // Every create carries its own operation, so that a container can be recognised when the answer got lost; and an identity that outlives the container.
    private static IEnumerable<KeyValuePair<string, string>> StampOf((string Operation, string Id)? made, bool isOurs)
    {
        if (made is var (operation, id))
        {
            yield return new(SwarmLabels.Operation, operation);
            if (isOurs)
            {
                yield return new(SwarmLabels.Id, id);
            }
        }
    }

    // The first expression that classic Swarm refuses makes the whole list unreadable; one that this library refuses throws wherever it stands.
    private static ExpressionList ReadAll(ImmutableArray<string> texts, Parser parse)
    {
        if (texts.IsEmpty)
        {
            return ExpressionList.Empty;
        }

        string? firstError = null;
        var items = ImmutableArray.CreateBuilder<Expression>(texts.Length);
        foreach (var text in texts)
        {
            if (parse(text, out var expression, out var error))
            {
                items.Add(expression!);
            }
            else
            {
                firstError ??= error;
            }
        }

        return firstError is null ? new ExpressionList(items.DrainToImmutable()) : ExpressionList.Unreadable(firstError);
    }

    private static NamedResources NamedResourcesOf(LabelSet labels)
    {
        if (!labels.TryGetValue(SwarmLabels.Resources, out var text) || text.Length == 0)
        {
            return NamedResources.Empty;
        }

        return GoJson.TryReadAmounts(text, out var amounts) && amounts.All(amount => amount.Value >= 0 && !IsBuiltIn(amount.Key))
            ? amounts
            : throw new InvalidLabelException(
                SwarmLabels.Resources,
                text,
                $"The label {SwarmLabels.Resources} is not a JSON object of whole numbers by resource name, none of them negative, such as {{\"gpu\":1}}.");
    }

    private ImmutableArray<Toleration> TolerationsOf(ContainerConfig config)
    {
        if (!config.Typed.Labels.TryGetValue(SwarmLabels.Tolerations, out var text) || text.Length == 0)
        {
            return [];
        }

        if (!GoJson.TryReadStringList(text, out var items))
        {
            throw new InvalidLabelException(SwarmLabels.Tolerations, text, $"The label {SwarmLabels.Tolerations} is not a JSON list of strings.");
        }

        _limits.CheckTolerations(config.Name, items.Length);
        var tolerations = ImmutableArray.CreateBuilder<Toleration>(items.Length);
        foreach (var item in items)
        {
            tolerations.Add(Toleration.TryParse(item, out var toleration)
                ? toleration
                : throw new InvalidLabelException(SwarmLabels.Tolerations, text, $"'{CleanText.Of(item)}' in the label {SwarmLabels.Tolerations} is no toleration such as dedicated=gpu, dedicated or *."));
        }

        return tolerations.MoveToImmutable();
    }

    private static bool IsBuiltIn(string resource) => resource is ResourceNames.Memory or ResourceNames.Cpu or ResourceNames.Slots;

    private ResourceVector DemandOf(ContainerSpec spec)
    {
        var limits = spec.Limits;
        var (isReserved, isShared) = (rules.CountMemoryReservation && limits.MemoryReservationBytes != 0, rules.CpuSharesAsCpus && limits.CpuShares != 0);
        RefuseNegative(isReserved ? "HostConfig.MemoryReservation" : "HostConfig.Memory", isReserved ? limits.MemoryReservationBytes : limits.MemoryBytes);
        RefuseNegative(isShared ? "HostConfig.CpuShares" : "HostConfig.NanoCpus", isShared ? limits.CpuShares : limits.NanoCpus);
        return ResourceDemand.Of(limits, rules, CountedDemand.OfRequest);
    }

    private static void RefuseNegative(string field, long amount)
    {
        if (amount < 0)
        {
            throw new InvalidRequestException(field, $"{field} is negative: {amount}.");
        }
    }

    private static ImmutableArray<ContainerDependency> DependenciesOf(ContainerSpec spec)
    {
        var dependencies = ImmutableArray.CreateBuilder<ContainerDependency>();
        foreach (var entry in spec.VolumesFrom)
        {
            dependencies.Add(new ContainerDependency(BeforeColon(entry), $"--volumes-from={entry}"));
        }

        foreach (var entry in spec.Links)
        {
            dependencies.Add(new ContainerDependency(BeforeColon(entry), $"--link={entry}"));
        }

        AddShared(dependencies, "--net", spec.NetworkMode);
        AddShared(dependencies, "--ipc", spec.IpcMode);
        AddShared(dependencies, "--pid", spec.PidMode);
        return dependencies.DrainToImmutable();
    }

    // A namespace of another container can only be shared on its own machine; classic Swarm saw that for the network alone.
    private static void AddShared(ImmutableArray<ContainerDependency>.Builder dependencies, string option, string mode)
    {
        if (mode.StartsWith(ContainerMode, StringComparison.Ordinal))
        {
            dependencies.Add(new ContainerDependency(mode[ContainerMode.Length..], $"{option}={mode}"));
        }
    }

    private static string BeforeColon(string entry)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? entry : entry[..colon];
    }
}
