namespace Swarm.Core.Engines;

/// <summary>Which of an engine's events make anybody look again. The others are most of them, and cost nothing.</summary>
/// <remarks>
/// Follows classic Swarm's table, but compares up to the colon: daemons send <c>exec_create: sh</c>, so every command run inside a container, and every
/// probe of a health check, cost classic Swarm a list. What Podman says with words of its own counts like what Docker says for it: <c>exec</c>, <c>init</c>
/// before a start, and <c>health_status</c> after each probe. Docker tells health when it changes, and adds to what.
/// </remarks>
internal static class EventInterest
{
    private const int LongestKnown = 32;

    /// <summary>Tells whether an event is worth a look.</summary>
    /// <param name="type">What it is about.</param>
    /// <param name="action">What happened, in the engine's words.</param>
    public static bool Has(EngineEventType type, ReadOnlySpan<char> action)
    {
        var colon = action.IndexOf(':');
        return HasVerb(type, colon < 0 ? action : action[..colon], isAlone: colon < 0);
    }

    private static bool HasVerb(EngineEventType type, ReadOnlySpan<char> verb, bool isAlone) =>
        type switch
        {
            EngineEventType.Container => !verb.StartsWith("exec_", StringComparison.Ordinal)
                && (!isAlone || verb is not "health_status")
                && verb is not ("exec" or "init" or "attach" or "detach" or "resize" or "top" or "export" or "archive-path" or "extract-to-dir" or "copy" or "prune"),
            EngineEventType.Image => verb is not ("save" or "push"),
            EngineEventType.Network => verb is "create" or "destroy" or "remove",
            EngineEventType.Volume => verb is "create" or "destroy" or "remove",
            EngineEventType.Daemon => verb is "reload",
            _ => false,
        };

    /// <summary>Tells whether an event is worth a look from the bytes of its action as it was sent. Allocates nothing.</summary>
    public static bool Has(EngineEventType type, ReadOnlySpan<byte> action)
    {
        var colon = action.IndexOf((byte)':');
        var verb = colon < 0 ? action : action[..colon];

        // Nothing longer is known, but it may begin like something known.
        verb = verb[..Math.Min(verb.Length, LongestKnown)];
        Span<char> letters = stackalloc char[LongestKnown];
        for (var i = 0; i < verb.Length; i++)
        {
            letters[i] = (char)verb[i];
        }

        return HasVerb(type, letters[..verb.Length], isAlone: colon < 0);
    }

    /// <summary>Tells whether an event says that a container is gone: <c>destroy</c>, or Podman's <c>remove</c>.</summary>
    public static bool IsEndOfContainer(EngineEvent received) => received.Type == EngineEventType.Container && (received.Action is "destroy" or "remove");

    /// <summary>Gets what kind of thing an event is about from the engine's word for it.</summary>
    public static EngineEventType TypeOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("container"u8) ? EngineEventType.Container
        : word.SequenceEqual("image"u8) ? EngineEventType.Image
        : word.SequenceEqual("network"u8) ? EngineEventType.Network
        : word.SequenceEqual("volume"u8) ? EngineEventType.Volume
        : word.SequenceEqual("daemon"u8) ? EngineEventType.Daemon
        : EngineEventType.Other;
}
