namespace Swarm.Core.Engines;

/// <summary>What the readings of one engine take that are under way: beside the one that counts there may be one that was cut short and has not ended. Safe for concurrent use.</summary>
/// <param name="account">The account of the engine.</param>
internal sealed class ReadingMemory(MemoryAccount account)
{
    private readonly Lock _gate = new();
    private long _wanted;

    /// <summary>Begins to count a reading.</summary>
    public Share Begin() => new(this);

    private bool Change(long more)
    {
        lock (_gate)
        {
            _wanted += more;
            return account.Reading(_wanted);
        }
    }

    /// <summary>What one reading takes. That reading uses it.</summary>
    public sealed class Share(ReadingMemory all)
    {
        private long _wanted;

        /// <summary>Says what the reading would take whole, as far as it has come; 0 at its end.</summary>
        /// <returns>Whether others may take less now.</returns>
        public bool Want(long wanted)
        {
            var more = wanted - _wanted;
            _wanted = wanted;
            return all.Change(more);
        }
    }
}
