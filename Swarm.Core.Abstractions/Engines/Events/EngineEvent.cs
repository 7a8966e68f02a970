using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>One event of an engine. A hint to look again, never the truth itself: events can be lost, doubled and out of order.</summary>
/// <param name="Type">What kind of thing it is about.</param>
/// <param name="Action">What happened, in the engine's words, for example <c>start</c> or <c>health_status: healthy</c>.</param>
/// <param name="ActorId">The ID of the thing; a name for volumes.</param>
/// <param name="Attributes">The engine's further attributes, for example <c>name</c>, <c>image</c> and <c>exitCode</c>.</param>
/// <param name="Time">When it happened, in UTC by the engine's clock.</param>
public sealed record EngineEvent(EngineEventType Type, string Action, string ActorId, LabelSet Attributes, DateTimeOffset Time)
{
    /// <summary>Gets whether the event tells of a command run inside a container. Health checks make three of them every few seconds, and they change nothing.</summary>
    public bool IsExec => Type == EngineEventType.Container && (Action == "exec" || Action.StartsWith("exec_", StringComparison.Ordinal));
}
