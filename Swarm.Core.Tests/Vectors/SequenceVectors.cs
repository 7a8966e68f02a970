using System.Collections.Immutable;
using System.Text.Json;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Vectors;

internal static class SequenceVectors
{
    public static string? Check(VectorCase vector) => vector.Kind == "sequence" ? Run(vector) : $"unknown kind {vector.Kind}";

    private static string? Run(VectorCase vector)
    {
        var scheduler = SchedulerVectors.SchedulerOf(vector.Input);
        var nodes = VectorWorld.Nodes(vector.Input);
        var number = 0;
        foreach (var (step, wanted) in vector.Input.Items("steps").Zip(vector.Expected.Items("steps")))
        {
            if (Step(scheduler, step, wanted, ref nodes) is { } difference)
            {
                return $"step {number}: {difference}";
            }

            number++;
        }

        return Expectation.Same("steps", vector.Input.Items("steps").Count(), number)
            ?? Expectation.Same(
                "final",
                vector.Expected.Members("final").ToDictionary(node => node.Name, node => node.Value.GetRawText().Replace(" ", "", StringComparison.Ordinal)),
                nodes.ToDictionary(node => node.Id, node => $"[{node.ContainerCount},{node.Used.MemoryBytes},{node.Used.NanoCpus}]"));
    }

    private static string? Step(Scheduler scheduler, JsonElement step, JsonElement wanted, ref NodeSet nodes)
    {
        PlacementRequest request;
        try
        {
            request = VectorWorld.Request(step.GetProperty("config"));
        }
        catch (SwarmException error)
        {
            return Expectation.Same("error_kind", wanted.Text("error_kind"), Expectation.KindOf(error));
        }

        var result = scheduler.Place(request, nodes);
        if (!result.IsPlaced)
        {
            return Expectation.Error(wanted, result.ClassicMessage);
        }

        nodes = nodes.With(Grown(result.Node, request, step));
        return Expectation.Error(wanted, null)
            ?? Expectation.Same("chosen", wanted.Text("chosen"), result.Node.Id)
            ?? Expectation.Same("phase", wanted.Text("phase"), SchedulerVectors.PhaseOf(result))
            ?? Expectation.Same("tied", wanted.Number("tied"), result.Ranking.LongCount(ranked => ranked.Score == result.Score));
    }

    private static NodeView Grown(NodeView node, PlacementRequest request, JsonElement step) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Labels = node.Labels,
        HealthIndicator = node.HealthIndicator,
        Images = node.Images,
        Total = node.Total,
        Used = node.Used + request.Resources,
        Containers =
        [
            .. node.Containers,
            new ContainerView
            {
                Id = step.Text("container_id"),
                Names = step.Has("name") ? ["/" + step.Text("name")] : ImmutableArray<string>.Empty,
                Labels = request.Labels,
                IsSwarmIdOurs = true,
                NetworkMode = request.NetworkMode,
                ExposedPorts = request.ExposedPorts,
                PortBindings = request.PortBindings,
            },
        ],
    };
}
