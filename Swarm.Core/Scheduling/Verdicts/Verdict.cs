using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>What a node is to a class of requests, in one number: the lower the better, ordered as scores are.</summary>
internal static class Verdict
{
    /// <summary>The node will not do, whatever else it has.</summary>
    public const long Refused = long.MaxValue;

    /// <summary>The node will do; how good it is has to be asked anew.</summary>
    public const long Unscored = 0;

    /// <summary>Makes the verdict of a score.</summary>
    /// <param name="score">The score.</param>
    /// <param name="verdict">The verdict; meaningless when the result is <see langword="false"/>.</param>
    /// <returns>Whether the score is small enough: its parts have 32 bits, but for the greatest number, which means <see cref="Refused"/>.</returns>
    public static bool TryMake(PlacementScore score, out long verdict)
    {
        var (primary, secondary) = ((int)score.Primary, (int)score.Secondary);
        verdict = ((long)primary << 32) | (uint)(secondary ^ int.MinValue);
        return primary == score.Primary && secondary == score.Secondary && verdict != Refused;
    }
}
