namespace Swarm.Core.Model;

/// <summary>The labels this library reads and writes on containers. Those of classic Swarm keep their names and formats.</summary>
public static class SwarmLabels
{
    /// <summary>What every label of classic Swarm and of this library begins with.</summary>
    public const string Prefix = "com.docker.swarm.";

    /// <summary>The Swarm ID: 64 lower-case hexadecimal digits that stay with a container when it is rescheduled.</summary>
    public const string Id = "com.docker.swarm.id";

    /// <summary>Affinity expressions: a JSON list of strings.</summary>
    public const string Affinities = "com.docker.swarm.affinities";

    /// <summary>Node constraint expressions: a JSON list of strings.</summary>
    public const string Constraints = "com.docker.swarm.constraints";

    /// <summary>Node whitelist expressions: a JSON list of strings.</summary>
    public const string Whitelists = "com.docker.swarm.whitelists";

    /// <summary>The rescheduling policy: a JSON list of at most one string, <c>off</c> or <c>on-node-failure</c>.</summary>
    public const string ReschedulePolicies = "com.docker.swarm.reschedule-policies";

    /// <summary>The operation that created the container: 32 lower-case hexadecimal digits, unique per create call. Ours, not classic Swarm's.</summary>
    public const string Operation = "com.docker.swarm.operation";

    /// <summary>The named resources a container takes: a JSON object of whole numbers, for example <c>{"gpu":1}</c>. Ours, not classic Swarm's.</summary>
    public const string Resources = "com.docker.swarm.resources";

    /// <summary>What was counted for a container when it was created: a JSON object, for example <c>{"v":1,"memory":734003200}</c>. Ours, not classic Swarm's.</summary>
    public const string Demand = "com.docker.swarm.demand";

    /// <summary>The taints a container tolerates: a JSON list of strings, each <c>key=value</c>, <c>key</c> or <c>*</c>. Ours, not classic Swarm's.</summary>
    public const string Tolerations = "com.docker.swarm.tolerations";

    /// <summary>The engine label that limits how many containers a node takes.</summary>
    public const string ContainerSlots = "containerslots";
}
