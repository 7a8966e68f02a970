using System.Collections.Immutable;
using System.Text.Json;
using Swarm.Core.Filters;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Vectors;

internal static class SchedulerVectors
{
    public static string? Check(VectorCase vector) => vector.Kind switch
    {
        "select" => Expectation.Check(vector, () => Select(vector)),
        "describe" => Expectation.Same("strategy", vector.Expected.Text("strategy"), StrategyVectors.Find(vector.Input.Text("strategy"))?.Name)
            ?? Expectation.Same("filters", vector.Expected.Text("filters"), string.Join(',', FiltersOf(vector.Input).Select(filter => filter.Name))),
        _ => $"unknown kind {vector.Kind}",
    };

    /// <summary>Makes a scheduler that admits by memory and CPU: the recorded cases leave slots and ports to the filters they name.</summary>
    public static Scheduler SchedulerOf(JsonElement input) =>
        new(FiltersOf(input), BuiltInStrategies.All, input.Text("strategy"), AdmissionChecks.Memory | AdmissionChecks.Cpu);

    public static string PhaseOf(PlacementResult result) => result.SoftRulesDropped ? "hard" : "soft";

    public static string? Ranking(JsonElement wanted, string strategy, PlacementResult result)
    {
        var groups = result.Ranking
            .GroupBy(ranked => ranked.Score)
            .Select(group => string.Join('=', group.Select(ranked => ranked.Node.Id).Order(StringComparer.Ordinal)));
        var weights = result.Ranking.ToDictionary(
            ranked => ranked.Node.Id,
            ranked => (strategy == StrategyNames.BinPack ? -ranked.Score.Primary : ranked.Score.Primary).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Expectation.Same("tie_groups", wanted.Items("tie_groups").Select(group => string.Join('=', group.EnumerateArray().Select(id => id.GetString()))), groups)
            ?? Expectation.Same("weights", wanted.Members("weights").ToDictionary(weight => weight.Name, weight => weight.Value.GetRawText()), weights)
            ?? Expectation.Same("best", result.Ranking[0].Node.Id, result.Node?.Id);
    }

    private static ImmutableArray<IFilter> FiltersOf(JsonElement input) => input.Has("filters")
        ? PluginSelection.Filters(BuiltInFilters.All.ToDictionary(filter => filter.Name), input.Texts("filters"), out _)
        : BuiltInFilters.All;

    private static string? Select(VectorCase vector)
    {
        var request = VectorWorld.Request(vector.Input.GetProperty("config"));
        var result = SchedulerOf(vector.Input).Place(request, VectorWorld.Nodes(vector.Input));
        return Expectation.Error(vector.Expected, result.ClassicMessage)
            ?? (result.IsPlaced
                ? Ranking(vector.Expected, vector.Input.Text("strategy"), result) ?? Expectation.Same("phase", vector.Expected.Text("phase"), PhaseOf(result))
                : null);
    }
}
