namespace Swarm.Core.Engines;

/// <summary>Remembers which containers went lately, so that an event told twice is not taken for a second container. Bounded; keeps fingerprints, not names.</summary>
internal sealed class RecentlyGone
{
    /// <summary>How many are remembered: several times what a daemon can repeat.</summary>
    public const int Capacity = 1024;

    private readonly HashSet<ulong> _known = [];
    private readonly Queue<ulong> _inOrder = new();

    /// <summary>Says whether a container is remembered.</summary>
    public bool Contains(string containerId) => _known.Contains(Fingerprint.Of(containerId));

    /// <summary>Remembers a container.</summary>
    /// <returns>Whether it was not remembered already.</returns>
    public bool Add(string containerId)
    {
        var fingerprint = Fingerprint.Of(containerId);
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
}
