using System.Collections.Immutable;
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
        var wanted = vector.Expected;

        var difference = State(wanted, built)
            ?? Expectation.Same("env", wanted.Texts("env"), built.Typed.Environment)
            ?? HostConfig(wanted.GetProperty("host_config"), built.Typed)
            ?? Policies(vector, built.Typed.Labels);
        foreach (var (op, after) in vector.Input.Items("ops").Zip(wanted.Items("after_ops")))
        {
            built = Apply(built, op.Text("op"), op.Text("arg"));
            difference ??= State(after, built);
        }

        return difference ?? Expectation.Same("after_ops", vector.Input.Items("ops").Count(), wanted.Items("after_ops").Count());
    }

    // Nothing of the library edits a list that is in the labels already: it adds what the environment says, and writes what a caller made.
    private static ContainerConfig Apply(ContainerConfig config, string op, string arg)
    {
        return op switch
        {
            "add_affinity" => Add("affinity"),
            "remove_affinity" => Remove(SwarmLabels.Affinities, list => list.Affinities),
            "add_constraint" => Add("constraint"),
            "add_whitelist" => Add("whitelist"),
            "remove_whitelist" => Remove(SwarmLabels.Whitelists, list => list.Whitelists),
            "set_swarm_id" => config.WithLabel(SwarmLabels.Id, arg),
            _ => throw new NotSupportedException($"Unknown operation {op}."),
        };

        ContainerConfig Add(string kind)
        {
            var asked = config.WithEnvironment([$"{kind}:{arg}"]);
            return SchedulingLists.Of(asked.Typed).ApplyTo(asked);
        }

        ContainerConfig Remove(string label, Func<SchedulingLists, ImmutableArray<string>> list) =>
            config.WithLabel(label, GoJson.WriteStringList(list(SchedulingLists.Of(config.Typed)).RemoveAll(each => each == arg)));
    }

    private static string? State(JsonElement wanted, ContainerConfig config)
    {
        var labels = config.Typed.Labels;
        var lists = SchedulingLists.Of(config.Typed);
        return Expectation.Same("labels", wanted.Map("labels"), labels)
            ?? Expectation.Same("affinities", wanted.Texts("affinities"), lists.Affinities)
            ?? Expectation.Same("constraints", wanted.Texts("constraints"), lists.Constraints)
            ?? Expectation.Same("whitelists", wanted.Texts("whitelists"), lists.Whitelists)
            ?? Expectation.Same("swarm_id", wanted.Text("swarm_id"), labels.ValueOrEmpty(SwarmLabels.Id))
            ?? Expectation.Same("have_node_constraint", wanted.Flag("have_node_constraint"), lists.Constraints.Any(IsHardOnTheNode))
            ?? Expectation.Same("validate_error", wanted.Has("validate_error") ? wanted.Text("validate_error") : null, ReschedulePolicies.ErrorOf(lists.ReschedulePolicies));
    }

    // The question is classic Swarm's; the library has no use for the answer, but its list must be the one the answer follows from.
    private static bool IsHardOnTheNode(string constraint) =>
        constraint.StartsWith("node==", StringComparison.Ordinal) && !constraint.StartsWith("node==~", StringComparison.Ordinal);

    private static string? HostConfig(JsonElement wanted, ContainerSpec spec) =>
        Expectation.Same("memory", wanted.Number("memory"), spec.MemoryBytes)
        ?? Expectation.Same("memory_swap", wanted.Number("memory_swap"), spec.MemorySwapBytes)
        ?? Expectation.Same("cpu_shares", wanted.Number("cpu_shares"), spec.CpuShares)
        ?? Expectation.Same("cpuset_cpus", wanted.Text("cpuset_cpus"), spec.CpusetCpus);

    private static string? Policies(VectorCase vector, LabelSet labels) => Expectation.Same(
        "has_policy",
        vector.Input.Texts("query_policies").Select(policy => $"{policy}:{vector.Expected.GetProperty("has_policy").GetProperty(policy).GetBoolean()}"),
        vector.Input.Texts("query_policies").Select(policy => $"{policy}:{ReschedulePolicies.Has(labels, policy)}"));

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
