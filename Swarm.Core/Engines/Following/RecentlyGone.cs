namespace Swarm.Core.Engines;

/// <summary>Remembers which containers went lately, so that an event told twice is not taken for a second container. Bounded; keeps fingerprints, not names.</summary>
internal sealed class RecentlyGone
{
    /// <summary>How many are remembered: several times what a daemon can repeat.</summary>
    public const int Capacity = 1024;

    private readonly HashSet<ulong> _known = [];
    private readonly Queue<ulong> _inOrder = new();

    /// <summary>Remembers a container.</summary>
    /// <returns>Whether it was not remembered already.</returns>
    public bool Add(string containerId)
    {
        var fingerprint = Of(containerId);
        if (!_known.Add(fingerprint))
        {
            return false;
        }

        _inOrder.Enqueue(fingerprint);
        if (_inOrder.Count > Capacity)
        {
            _known.Remove(_inOrder.Dequeue());
        }

        return true;
    }

    // FNV-1a: the platform's own hash of a text is another in every process.
    private static ulong Of(string text)
    {
        var hash = 14_695_981_039_346_656_037;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 1_099_511_628_211);
        }

        return hash;
    }
}
