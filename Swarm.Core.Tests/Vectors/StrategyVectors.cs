using System.Text.Json;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Vectors;

internal static class StrategyVectors
{
    public static string? Check(VectorCase vector) => vector.Kind switch
    {
        "rank" => Expectation.Check(vector, () => Rank(vector)),
        "random" => Random(vector),
        "new" => New(vector),
        "list" => Expectation.Same("names", vector.Expected.Texts("names"), BuiltInStrategies.All.Select(strategy => strategy.Name)),
        "totals" => Totals(vector),
        "health_indicator" => Health(vector),
        "add_container" => Expectation.Check(vector, () => AddContainer(vector)),
        _ => $"unknown kind {vector.Kind}",
    };

    public static NamedPlugin<IPlacementStrategy>? Find(string name) =>
        PluginSelection.Strategy(BuiltInStrategies.All.ToDictionary(strategy => strategy.Name), name);

    // A strategy of classic Swarm complains in its own words about every list it can take nothing from, the empty one included.
    private static string? Rank(VectorCase vector)
    {
        var strategy = vector.Input.Text("strategy");
        var result = Place(vector.Input, strategy, AdmissionChecks.Memory | AdmissionChecks.Cpu);
        return Expectation.Error(vector.Expected, result.IsPlaced ? null : "no resources available to schedule container")
            ?? (result.IsPlaced ? SchedulerVectors.Ranking(vector.Expected, strategy, result) : null);
    }

    private static string? Random(VectorCase vector)
    {
        var ranking = Place(vector.Input, StrategyNames.Random, AdmissionChecks.None).Ranking;
        return Expectation.Same("any_order_of", vector.Expected.Texts("any_order_of"), ranking.Select(node => node.Node.Id).Order(StringComparer.Ordinal));
    }

    private static PlacementResult Place(JsonElement input, string strategy, AdmissionChecks checks) =>
        new Scheduler([], BuiltInStrategies.All, strategy, checks).Place(Request(input), VectorWorld.Nodes(input));

    private static string? New(VectorCase vector)
    {
        var strategy = Find(vector.Input.Text("name"));
        return Expectation.Error(vector.Expected, strategy is null ? "strategy not supported" : null)
            ?? Expectation.Same("name", vector.Expected.Has("name") ? vector.Expected.Text("name") : null, strategy?.Name);
    }

    private static string? Totals(VectorCase vector)
    {
        var ratio = vector.Input.GetProperty("overcommit").GetDecimal();
        return Expectation.Same("total_memory", vector.Expected.Number("total_memory"), Overcommit.Apply(vector.Input.Number("memory"), ratio))
            ?? Expectation.Same("total_cpus", vector.Expected.Number("total_cpus"), Overcommit.Apply(vector.Input.Number("cpus"), ratio));
    }

    private static string? Health(VectorCase vector)
    {
        var health = HealthIndicator.Of(
            Enum.Parse<EngineStatus>(vector.Input.Text("state")), (int)vector.Input.Number("failure_count"), (int)vector.Input.Number("failure_retry"));
        return Expectation.Same("health", vector.Expected.Number("health"), health)
            ?? Expectation.Same("node_is_healthy", vector.Expected.Flag("node_is_healthy"), health > 0);
    }

    private static string? AddContainer(VectorCase vector)
    {
        var node = VectorWorld.Node(vector.Input.GetProperty("node"));
        var request = vector.Input.Flag("without_config") ? new PlacementRequest() : Request(vector.Input);
        var rejection = Admission.Test(node, request, AdmissionChecks.Memory | AdmissionChecks.Cpu);
        var used = rejection is null ? node.Used + request.Resources : node.Used;
        return Expectation.Error(vector.Expected, rejection is null ? null : "not enough resources")
            ?? Expectation.Same("used_memory", vector.Expected.Number("used_memory"), used.MemoryBytes)
            ?? Expectation.Same("used_cpus", vector.Expected.Number("used_cpus"), used.NanoCpus)
            ?? Expectation.Same("container_count", vector.Expected.Number("container_count"), used.Slots);
    }

    private static PlacementRequest Request(JsonElement input) =>
        new PlacementRequestFactory(DemandRules.Default, new ExpressionCache()).Create(
            new ContainerSpec { MemoryBytes = input.Number("memory"), NanoCpus = input.Number("cpu_shares") });
}
