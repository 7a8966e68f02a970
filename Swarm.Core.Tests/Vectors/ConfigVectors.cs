using System.Text.Json;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Vectors;

internal static class ConfigVectors
{
    public static string? Check(VectorCase vector) =>
        vector.Kind == "config" ? Expectation.Check(vector, () => Build(vector)) : $"unknown kind {vector.Kind}";

    private static string? Build(VectorCase vector)
    {
        var config = ContainerConfig.Parse(Body(vector.Input));
        var built = SchedulingLists.Of(config.Typed).ApplyTo(config).WithConsolidatedLimits();
        var labels = built.Typed.Labels;
        var wanted = vector.Expected;

        var difference = State(wanted, labels)
            ?? Expectation.Same("env", wanted.Texts("env"), built.Typed.Environment)
            ?? HostConfig(wanted.GetProperty("host_config"), built.Typed)
            ?? Policies(vector, labels);
        foreach (var (op, after) in vector.Input.Items("ops").Zip(wanted.Items("after_ops")))
        {
            labels = Apply(labels, op.Text("op"), op.Text("arg"));
            difference ??= State(after, labels);
        }

        return difference ?? Expectation.Same("after_ops", vector.Input.Items("ops").Count(), wanted.Items("after_ops").Count());
    }

    private static LabelSet Apply(LabelSet labels, string op, string arg) => op switch
    {
        "add_affinity" => SchedulingLabels.Add(labels, SwarmLabels.Affinities, arg),
        "remove_affinity" => SchedulingLabels.Remove(labels, SwarmLabels.Affinities, arg),
        "add_constraint" => SchedulingLabels.Add(labels, SwarmLabels.Constraints, arg),
        "add_whitelist" => SchedulingLabels.Add(labels, SwarmLabels.Whitelists, arg),
        "remove_whitelist" => SchedulingLabels.Remove(labels, SwarmLabels.Whitelists, arg),
        "set_swarm_id" => labels.With(SwarmLabels.Id, arg),
        _ => throw new NotSupportedException($"Unknown operation {op}."),
    };

    private static string? State(JsonElement wanted, LabelSet labels) =>
        Expectation.Same("labels", wanted.Map("labels"), labels)
        ?? Expectation.Same("affinities", wanted.Texts("affinities"), SchedulingLabels.Read(labels, SwarmLabels.Affinities))
        ?? Expectation.Same("constraints", wanted.Texts("constraints"), SchedulingLabels.Read(labels, SwarmLabels.Constraints))
        ?? Expectation.Same("whitelists", wanted.Texts("whitelists"), SchedulingLabels.Read(labels, SwarmLabels.Whitelists))
        ?? Expectation.Same("swarm_id", wanted.Text("swarm_id"), labels.ValueOrEmpty(SwarmLabels.Id))
        ?? Expectation.Same("have_node_constraint", wanted.Flag("have_node_constraint"), SchedulingLabels.HasNodeConstraint(labels))
        ?? Expectation.Same("validate_error", wanted.Has("validate_error") ? wanted.Text("validate_error") : null, SchedulingLabels.PolicyErrorOf(labels));

    private static string? HostConfig(JsonElement wanted, ContainerSpec spec) =>
        Expectation.Same("memory", wanted.Number("memory"), spec.MemoryBytes)
        ?? Expectation.Same("memory_swap", wanted.Number("memory_swap"), spec.MemorySwapBytes)
        ?? Expectation.Same("cpu_shares", wanted.Number("cpu_shares"), spec.CpuShares)
        ?? Expectation.Same("cpuset_cpus", wanted.Text("cpuset_cpus"), spec.CpusetCpus);

    private static string? Policies(VectorCase vector, LabelSet labels) => Expectation.Same(
        "has_policy",
        vector.Input.Texts("query_policies").Select(policy => $"{policy}:{vector.Expected.GetProperty("has_policy").GetProperty(policy).GetBoolean()}"),
        vector.Input.Texts("query_policies").Select(policy => $"{policy}:{SchedulingLabels.HasPolicy(labels, policy)}"));

    private static byte[] Body(JsonElement input) => VectorWorld.Body(body =>
    {
        VectorWorld.WriteTexts(body, "Env", input.Texts("env"));
        VectorWorld.WriteLabels(body, input);
        if (input.Has("old"))
        {
            WriteLimits(body, input.GetProperty("old"), "cpuset", "Cpuset");
        }

        if (input.Has("host_config"))
        {
            body.WriteStartObject("HostConfig");
            WriteLimits(body, input.GetProperty("host_config"), "cpuset_cpus", "CpusetCpus");
            body.WriteEndObject();
        }
    });

    private static void WriteLimits(Utf8JsonWriter body, JsonElement limits, string cpuset, string cpusetName)
    {
        body.WriteNumber("Memory", limits.Number("memory"));
        body.WriteNumber("MemorySwap", limits.Number("memory_swap"));
        body.WriteNumber("CpuShares", limits.Number("cpu_shares"));
        body.WriteString(cpusetName, limits.Text(cpuset));
    }
}
