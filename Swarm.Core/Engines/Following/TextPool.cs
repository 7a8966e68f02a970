namespace Swarm.Core.Engines;

/// <summary>Gives equal short texts one object, so that the labels of many containers take little memory. Bounded, and safe for concurrent use without a lock.</summary>
/// <remarks>Each text has one slot, and the newest keeps it: texts that nobody can predict push others out, but never make it grow.</remarks>
internal sealed class TextPool
{
    private const int Slots = 1 << 14;
    private const int Longest = 128;

    private readonly string?[] _slots = new string?[Slots];

    public string Share(string text)
    {
        if (text.Length is 0 or > Longest)
        {
            return text;
        }

        ref var slot = ref _slots[text.GetHashCode(StringComparison.Ordinal) & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (string.Equals(known, text, StringComparison.Ordinal))
        {
            return known!;
        }

        Volatile.Write(ref slot, text);
        return text;
    }
}
