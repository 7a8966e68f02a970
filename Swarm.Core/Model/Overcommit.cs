using System.Numerics;

namespace Swarm.Core.Model;

/// <summary>Adds to what a machine has what the cluster is willing to promise beyond it.</summary>
internal static class Overcommit
{
    /// <summary>Returns the amount a node offers.</summary>
    /// <param name="amount">What the machine has, in any unit.</param>
    /// <param name="ratio">The part of it to add, for example 0.05; negative values hold some back.</param>
    /// <returns>⌊amount × (1 + ratio)⌋, exact, saturated at the limits of a 64-bit number. Classic Swarm truncated the ratio to whole percents.</returns>
    public static long Apply(long amount, decimal ratio)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(ratio, bits);
        var scale = BigInteger.Pow(10, (bits[3] >> 16) & 0xFF);
        var numerator = new BigInteger(ratio * (decimal)scale);
        var total = Floor(amount * (scale + numerator), scale);
        return (long)BigInteger.Clamp(total, long.MinValue, long.MaxValue);
    }

    private static BigInteger Floor(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
