using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Who speaks for which engine ID. Guarded by the ledger's lock.</summary>
internal sealed class Speakers
{
    private readonly Dictionary<string, Speaker> _speakers = new(StringComparer.Ordinal);

    /// <summary>Tells whether what somebody says of an engine counts. Where nobody speaks for it, everybody does.</summary>
    public bool IsHeard(string engineId, IFollowedEngine? speaker) =>
        !_speakers.TryGetValue(engineId, out var heard) || (!heard.IsMuted && ReferenceEquals(heard.Engine, speaker));

    /// <summary>Says who speaks for an ID from now on.</summary>
    /// <returns>Whether it was somebody else before.</returns>
    public bool Set(string engineId, IFollowedEngine speaker)
    {
        var isHandedOver = _speakers.ContainsKey(engineId) && !IsHeard(engineId, speaker);
        _speakers[engineId] = new Speaker(speaker, IsMuted: false);
        return isHandedOver;
    }

    /// <summary>The engine of an ID is another one now: nobody is heard for it until its speaker is done.</summary>
    public void Mute(string engineId, IFollowedEngine speaker) => _speakers[engineId] = new Speaker(speaker, IsMuted: true);

    /// <summary>Ends that an engine speaks for an ID: then everybody does, until the next one is set.</summary>
    /// <returns>Whether it was this one who spoke for it.</returns>
    public bool TryEnd(string engineId, IFollowedEngine speaker) =>
        _speakers.TryGetValue(engineId, out var heard) && ReferenceEquals(heard.Engine, speaker) && _speakers.Remove(engineId);

    private readonly record struct Speaker(IFollowedEngine Engine, bool IsMuted);
}
