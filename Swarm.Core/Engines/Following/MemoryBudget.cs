namespace Swarm.Core.Engines;

/// <summary>How much memory what is kept of engines may take: of one, and of all of a cluster together. Safe for concurrent use; the lock is held for a fixed number of steps.</summary>
/// <remarks>
/// Each engine may take what it wants up to its own limit. Where all together want more than there is, <see cref="FairShare"/> says how much each may take: those that want
/// most make do with less first, so that a few engines that are broken or hostile cost the others nothing, and no engine that wants an equal part at most ever makes do.
/// </remarks>
/// <param name="perEngine">What one engine may take, in bytes.</param>
/// <param name="together">What all may take together, in bytes.</param>
internal sealed class MemoryBudget(long perEngine, long together)
{
    private readonly Lock _gate = new();
    private readonly FairShare _share = new();
    private long _level = long.MaxValue;

    /// <summary>Gets what an engine may take now.</summary>
    public long Allowance => Math.Min(perEngine, Volatile.Read(ref _level));

    /// <summary>Opens the account of an engine.</summary>
    public MemoryAccount Open() => new(this);

    /// <summary>Takes in that an engine wants another amount.</summary>
    /// <returns>Whether everybody may take less now than before.</returns>
    internal bool Change(long before, long now)
    {
        lock (_gate)
        {
            _share.Remove(Math.Min(before, perEngine));
            _share.Add(Math.Min(now, perEngine));
            var (was, level) = (_level, _share.LevelOf(together));
            Volatile.Write(ref _level, level);
            return level < was && level < perEngine;
        }
    }
}
