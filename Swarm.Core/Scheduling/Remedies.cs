using System.Collections.Immutable;
using Swarm.Core.Diagnostics;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Scheduling;

/// <summary>Finds the single changes that would make a refused request fit. Each is tried, none is guessed.</summary>
/// <remarks>
/// A change that takes one reason away can only help the nodes whose first reason it is: any other node is still rejected for its own. So
/// each node is tested once more at most, however many reasons there are.
/// </remarks>
internal static class Remedies
{
    /// <summary>Finds the changes.</summary>
    /// <param name="attempt">The attempt that found no node.</param>
    /// <param name="groups">Why, most common first.</param>
    /// <param name="relaxed">Prepares an attempt for another request, without the filter at the given position; -1 for with all.</param>
    /// <param name="isComplete">Whether all were looked for; else that took too many steps.</param>
    /// <returns>The changes, that for the most common reason first.</returns>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public static ImmutableArray<Remedy> Of(Attempt attempt, IEnumerable<ReasonGroup> groups, Func<PlacementRequest, int, Attempt> relaxed, out bool isComplete)
    {
        isComplete = true;
        var remedies = ImmutableArray.CreateBuilder<Remedy>();
        foreach (var group in groups)
        {
            try
            {
                var isResource = group.Filter == attempt.Filters.Length && Same(RejectionCodes.Resources, group.Representative.Code);
                var remedy = isResource
                    ? LessOf(group, attempt.Context.Request, relaxed)
                    : Without(group, attempt, relaxed);
                if (remedy is not null)
                {
                    remedies.Add(remedy);
                }
            }
            catch (WorkEndedException)
            {
                isComplete = false;
                break;
            }
        }

        return remedies.DrainToImmutable();
    }

    // Asks for none of the resource first; what the best of the nodes that take it then has free is what could have been asked for.
    private static Remedy? LessOf(ReasonGroup group, PlacementRequest request, Func<PlacementRequest, int, Attempt> relaxed)
    {
        var resource = group.Representative.Subject!;
        var attempt = relaxed(WithAmount(request, resource, 0), -1);
        long? most = null;
        foreach (var (node, rejection, _) in group.Nodes)
        {
            if (attempt.Test(node, out _) is null)
            {
                most = Math.Max(most ?? 0, Math.Min(rejection.Free, AmountOf(node.Total, resource)));
            }
        }

        return most switch
        {
            null => null,
            <= 0 => new Remedy($"it asked for no {CleanText.Of(resource)}", WithAmount(request, resource, 0)),
            { } amount => new Remedy($"{CleanText.Of(resource)} were at most {AmountText.Of(resource, amount)}", WithAmount(request, resource, amount)),
        };
    }

    private static Remedy? Without(ReasonGroup group, Attempt attempt, Func<PlacementRequest, int, Attempt> relaxed)
    {
        var isAdmission = group.Filter == attempt.Filters.Length;
        var isOurs = isAdmission || BuiltInFilters.Include(attempt.Filters[group.Filter].Filter);
        var (text, changed) = isOurs ? Change(attempt.Context.Request, group.Representative) : (null, null);
        text ??= isAdmission ? "an engine that takes no new work took it" : $"the filter {CleanText.Of(attempt.Filters[group.Filter].Name)} were left out";

        // Where nothing the request asks for is to blame, the node is looked at as if the filter had let it pass.
        var again = changed is not null
            ? relaxed(changed, -1)
            : relaxed(WithoutSlots(attempt.Context.Request, group.Representative), isAdmission ? -1 : group.Filter);
        foreach (var (node, _, _) in group.Nodes)
        {
            if (again.Test(node, out _) is null)
            {
                return new Remedy(text, changed);
            }
        }

        return null;
    }

    private static (string? Text, PlacementRequest? Request) Change(PlacementRequest request, Rejection reason) => reason.Code switch
    {
        RejectionCodes.Constraint => ($"the constraint {CleanText.Of(reason.Subject)} were dropped", request with { Constraints = Less(request.Constraints, reason.Subject) }),
        RejectionCodes.Host => ($"the host program did not demand otherwise: {CleanText.Of(reason.Subject)}", request with { Conditions = request.Conditions?.Without(reason.Subject) }),
        RejectionCodes.Affinity => ($"the affinity {CleanText.Of(reason.Subject)} were dropped", request with { Affinities = Less(request.Affinities, reason.Subject) }),
        RejectionCodes.Whitelist => ($"the whitelist {CleanText.Of(reason.Subject)} were dropped", request with { Whitelists = Less(request.Whitelists, reason.Subject) }),
        RejectionCodes.Dependency => (
            $"it did not have to be with {CleanText.Of(reason.Subject)}",
            request with { Dependencies = request.Dependencies.RemoveAll(dependency => Same(dependency.Reference, reason.Subject)) }),
        RejectionCodes.Taint => ($"it tolerated the taint {CleanText.Of(reason.Subject)}", Tolerating(request, reason.Subject)),
        RejectionCodes.Ineligible => ("a node that takes no new work took some", null),
        RejectionCodes.Port => ($"it did not ask for port {CleanText.Of(reason.Subject)}", WithoutPort(request, reason.Subject)),
        RejectionCodes.Unhealthy => ("an engine that does not answer came back", null),
        RejectionCodes.Slots => ("a full node took another container", null),
        RejectionCodes.Unreadable => ($"the {CleanText.Of(reason.Filter)} expressions were dropped", null),
        _ => (null, null),
    };

    // A full node would be rejected again by admission.
    private static PlacementRequest WithoutSlots(PlacementRequest request, Rejection reason) =>
        Same(reason.Code, RejectionCodes.Slots) ? request with { Resources = request.Resources with { Slots = 0 } } : request;

    private static PlacementRequest WithoutPort(PlacementRequest request, string? port) => request.UsesHostNetwork
        ? request with { ExposedPorts = request.ExposedPorts.RemoveAll(each => Same(each, port)) }
        : request with { PortBindings = request.PortBindings.RemoveAll(binding => Same(HostPorts.NameOf(binding), port)) };

    private static PlacementRequest? Tolerating(PlacementRequest request, string? taint) =>
        Toleration.TryParse(taint, out var toleration) ? request with { Tolerations = request.Tolerations.Add(toleration) } : null;

    private static ExpressionList Less(ExpressionList list, string? condition) =>
        new(list.Items.RemoveAll(expression => Same(expression.Condition, condition)));

    private static bool Same(string left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private static long AmountOf(in ResourceVector vector, string resource) => resource switch
    {
        ResourceNames.Memory => vector.MemoryBytes,
        ResourceNames.Cpu => vector.NanoCpus,
        _ => vector.Named[resource],
    };

    private static PlacementRequest WithAmount(PlacementRequest request, string resource, long amount) => request with
    {
        Resources = resource switch
        {
            ResourceNames.Memory => request.Resources with { MemoryBytes = amount },
            ResourceNames.Cpu => request.Resources with { NanoCpus = amount },
            _ => request.Resources with
            {
                Named = NamedResources.Create(request.Resources.Named
                    .Where(each => !Same(each.Key, resource))
                    .Append(KeyValuePair.Create(resource, amount))),
            },
        },
    };
}
