using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>Matches a whole text against a value in which <c>*</c> stands for any run of characters, also none, and everything else for itself.</summary>
internal sealed class GlobPattern(string glob) : Pattern
{
    private readonly string[] _parts = glob.Split('*');

    public override bool MayMatchHex { get; } = IsHex(glob.Replace("*", "", StringComparison.Ordinal));

    public override bool Matches(ReadOnlySpan<char> candidate, WorkMeter? meter = null)
    {
        meter?.Spend(2);
        var first = _parts[0];
        var last = _parts[^1];
        if (candidate.Length < first.Length + last.Length || !candidate.StartsWith(first) || !candidate.EndsWith(last))
        {
            return false;
        }

        // Between the two ends every part may take its first place: a later one could only leave less room for the rest.
        var rest = candidate[first.Length..(candidate.Length - last.Length)];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            // At worst every place is tried with most of the part, some characters at a time.
            meter?.Spend(1 + (((long)rest.Length * Math.Min(part.Length, rest.Length)) >> 6));
            var at = rest.IndexOf(part);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + part.Length)..];
        }

        return true;
    }
}
