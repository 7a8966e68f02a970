using System.Globalization;
using Swarm.Core.Builders;
using Swarm.Core.Expressions;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Fuzzing;

/// <summary>Decides about whatever body a tenant sends, on a small cluster that has something of everything; what is allowed ends within its steps.</summary>
internal static class DecisionFuzz
{
    /// <summary>How many steps a decision gets: few, so that many inputs come to the end of them.</summary>
    public const long Steps = 10_000;

    private static readonly PlacementRequestFactory _requests = new(DemandRules.Default, new ExpressionCache(), new BodyCheck(BodyRules.Classic));
    private static readonly Scheduler _scheduler = new(BuiltInFilters.All, BuiltInStrategies.All, "spread", maxSteps: Steps);
    private static readonly Scheduler _counting = new(BuiltInFilters.All, BuiltInStrategies.All, "binpack", softRules: SoftRuleMode.MostMet, maxSteps: Steps);
    private static readonly NodeSet _nodes = A.Nodes(Enumerable.Range(0, 8).Select(Node));

    /// <summary>Reads a body and decides about it.</summary>
    /// <returns>Whether it was read; false when it was refused in the documented way. Anything thrown is a defect.</returns>
    public static bool Decide(byte[] body)
    {
        PlacementRequest request;
        try
        {
            request = _requests.Create(ContainerConfig.Parse(body));
        }
        catch (Exception exception) when (exception is InvalidRequestException or InvalidLabelException or InvalidExpressionException or LabelNotAllowedException)
        {
            return false;
        }

        Look(request, _scheduler.Place(request, _nodes));
        Look(request, _counting.Place(request, _nodes));
        return true;
    }

    private static void Look(PlacementRequest request, PlacementResult result)
    {
        Require(result.Steps <= Steps, "no decision takes more steps than it may");
        Require(result.Steps > 0 || IsSmall(request), "what is not counted is small");
        Require(result.IsPlaced == (result.Rejections.Length < _nodes.Count), "a node is rejected or suits");
        Require(result.IsPlaced || result.Explain().Length > 0, "a refusal has a reason");
        Require(result.RejectionCounts.All(count => count.Code != RejectionCodes.TooExpensive) || !result.IsPlaced, "what was given up is not placed");
    }

    // Looked at by itself: how many comparisons, each of a few nanoseconds, the things of a request come to for one container.
    private static bool IsSmall(PlacementRequest request) =>
        request.Constraints.Items.Length + request.Affinities.Items.Length + request.Whitelists.Items.Length + request.Tolerations.Length
        + (request.UsesHostNetwork ? request.ExposedPorts.Length : request.PortBindings.Length) + request.Resources.Named.Count + request.Dependencies.Length <= 32
        && !request.Constraints.Items.Concat(request.Affinities.Items).Any(expression => expression.Value.Contains('*', StringComparison.Ordinal) || (expression.Value[0] == '/' && expression.Value[^1] == '/'));

    private static NodeView Node(int number) => A.Node(
        $"n{number}",
        labels: [$"region=eu-{number}", "storage=ssd", "long=" + new string('a', 1000)],
        containers:
        [
            A.Container("db", id: Id(number), labels: ["tier=back", "com.docker.swarm.long=" + new string('a', 4000)]),
            A.Container($"web-{number}", id: Id(number + 100), labels: ["tier=front"], ports: [A.Port("80")]),
            A.Container($"host-{number}", id: Id(number + 200), network: "host", exposed: ["53/udp"]),
        ],
        images: [A.Image($"sha256:{Id(7)}", "registry.example.com/team/busybox:1.36", "busybox")],
        named: A.Named("gpu", 4));

    private static string Id(int number) => string.Concat(Enumerable.Range(0, 8).Select(part => unchecked((uint)((number + 1) * (part + 7) * 2654435761)).ToString("x8", CultureInfo.InvariantCulture)));

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Broken rule: {rule}.");
        }
    }
}
