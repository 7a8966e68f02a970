namespace Swarm.Core.Expressions;

/// <summary>Matches each of the names that <c>|</c> separates, exactly.</summary>
internal sealed class NameListPattern(string names) : Pattern
{
    private readonly string[] _names = names.Split('|');

    public override bool Matches(ReadOnlySpan<char> candidate)
    {
        foreach (var name in _names)
        {
            if (candidate.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
