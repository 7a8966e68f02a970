namespace Swarm.Core.Fuzzing;

/// <summary>A parser of what others wrote, how to start it, and what it may do with nonsense.</summary>
/// <param name="Name">What is parsed.</param>
/// <param name="Seeds">Inputs that are well formed, to be broken.</param>
/// <param name="Parse">Parses an input; true when it was read, false when it was refused in the documented way. Anything thrown is a defect.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Func<byte[], bool> Parse)
{
    // A few objects for every byte, and what an error message and its stack take.
    private const int BytesPerByte = 256;
    private const int BytesAlways = 128 * 1024;

    /// <summary>Gets the bytes of memory that even a short input may take.</summary>
    public int Allowance { get; init; } = BytesAlways;

    /// <summary>Parses an input and makes sure that it took no more memory than its length explains.</summary>
    public bool ParseWithinBounds(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Parse(input);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > Allowance + ((long)BytesPerByte * input.Length))
        {
            throw new InvalidOperationException($"{Name}: {input.Length} bytes took {taken} bytes of memory.");
        }

        return read;
    }

    public override string ToString() => Name;
}
