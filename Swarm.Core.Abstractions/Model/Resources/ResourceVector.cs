using System.Runtime.CompilerServices;

namespace Swarm.Core.Model;

/// <summary>An amount of everything a node can run out of: memory, CPU time, container slots and named resources.</summary>
/// <remarks>One type for what a request asks, what a node has, what is used and what is reserved. Arithmetic saturates instead of wrapping around.</remarks>
public readonly record struct ResourceVector
{
    /// <summary>The number of nano-CPUs in one CPU.</summary>
    public const long NanoCpusPerCpu = 1_000_000_000;

    /// <summary>The number of slots of a node that does not limit how many containers it takes.</summary>
    public const long UnlimitedSlots = long.MaxValue;

    private readonly NamedResources? _named;

    /// <summary>Gets the memory, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Gets the CPU time, in billionths of a CPU.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Gets the container slots. A request asks for one; a node has <see cref="UnlimitedSlots"/> unless its <c>containerslots</c> label says otherwise.</summary>
    public long Slots { get; init; }

    /// <summary>Gets the named resources; never <see langword="null"/>.</summary>
    public NamedResources Named
    {
        get => _named ?? NamedResources.Empty;
        init => _named = value;
    }

    /// <summary>Adds two amounts.</summary>
    /// <param name="left">The first amount.</param>
    /// <param name="right">The second amount.</param>
    /// <returns>The sum, saturated at the limits of a 64-bit number.</returns>
    public static ResourceVector operator +(ResourceVector left, ResourceVector right) => new()
    {
        MemoryBytes = SaturatingAdd(left.MemoryBytes, right.MemoryBytes),
        NanoCpus = SaturatingAdd(left.NanoCpus, right.NanoCpus),
        Slots = SaturatingAdd(left.Slots, right.Slots),
        Named = left.Named.Plus(right.Named),
    };

    /// <summary>Subtracts an amount.</summary>
    /// <param name="left">The amount to subtract from.</param>
    /// <param name="right">The amount to subtract.</param>
    /// <returns>The difference, saturated at the limits of a 64-bit number.</returns>
    public static ResourceVector operator -(ResourceVector left, ResourceVector right) => new()
    {
        MemoryBytes = SaturatingSubtract(left.MemoryBytes, right.MemoryBytes),
        NanoCpus = SaturatingSubtract(left.NanoCpus, right.NanoCpus),
        Slots = SaturatingSubtract(left.Slots, right.Slots),
        Named = left.Named.Minus(right.Named),
    };

    /// <summary>Adds two amounts; the same as the operator.</summary>
    /// <param name="left">The first amount.</param>
    /// <param name="right">The second amount.</param>
    /// <returns>The sum.</returns>
    public static ResourceVector Add(ResourceVector left, ResourceVector right) => left + right;

    /// <summary>Subtracts an amount; the same as the operator.</summary>
    /// <param name="left">The amount to subtract from.</param>
    /// <param name="right">The amount to subtract.</param>
    /// <returns>The difference.</returns>
    public static ResourceVector Subtract(ResourceVector left, ResourceVector right) => left - right;

    /// <summary>Tells which resource a request would exhaust, if any. Costs no allocation.</summary>
    /// <param name="total">What the node has.</param>
    /// <param name="used">What is used and reserved; taken as given, also when negative.</param>
    /// <param name="request">What is asked for.</param>
    /// <returns>The first shortage in the order memory, CPU, slots, named resources by name; or <see langword="null"/> when the request fits.</returns>
    /// <remarks>
    /// Room is exact: a request fits when used + requested ≤ total, a resource that is not asked for is not looked at, and the total must
    /// be at least the request in any case. Classic Swarm compared truncated percentages, which let a node be filled to almost 101 %.
    /// </remarks>
    public static ResourceShortage? FindShortage(in ResourceVector total, in ResourceVector used, in ResourceVector request)
    {
        if (!Fits(total.MemoryBytes, used.MemoryBytes, request.MemoryBytes))
        {
            return new ResourceShortage(ResourceNames.Memory, request.MemoryBytes, Free(total.MemoryBytes, used.MemoryBytes));
        }

        if (!Fits(total.NanoCpus, used.NanoCpus, request.NanoCpus))
        {
            return new ResourceShortage(ResourceNames.Cpu, request.NanoCpus, Free(total.NanoCpus, used.NanoCpus));
        }

        if (request.Slots > 0 && total.Slots != UnlimitedSlots && !Fits(total.Slots, used.Slots, request.Slots))
        {
            return new ResourceShortage(ResourceNames.Slots, request.Slots, Free(total.Slots, used.Slots));
        }

        if (request._named is { Count: > 0 } named)
        {
            foreach (var (name, amount) in named.AsSpan())
            {
                if (!Fits(total.Named[name], used.Named[name], amount))
                {
                    return new ResourceShortage(name, amount, Free(total.Named[name], used.Named[name]));
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(ResourceVector other) =>
        MemoryBytes == other.MemoryBytes && NanoCpus == other.NanoCpus && Slots == other.Slots && Named.Equals(other.Named);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MemoryBytes, NanoCpus, Slots, Named);

    internal static long SaturatingAdd(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) < 0 ? (left < 0 ? long.MinValue : long.MaxValue) : sum;
    }

    internal static long SaturatingSubtract(long left, long right)
    {
        var difference = unchecked(left - right);
        return ((left ^ right) & (left ^ difference)) < 0 ? (left < 0 ? long.MinValue : long.MaxValue) : difference;
    }

    // used + requested <= total, written so that no sum can wrap around: total >= 0 needs no care, a negative total refuses by itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(long total, long used, long request) =>
        total >= request && (request <= 0 || used <= total - request);

    private static long Free(long total, long used) => SaturatingSubtract(total, used);
}
