namespace Swarm.Core.Model;

/// <summary>Where the members of one object stand in a document, in bytes.</summary>
internal sealed class JsonObjectMap(int start)
{
    public int Start { get; } = start;

    public List<Member> Members { get; } = [];

    /// <summary>Finds a member by its key; the keys of structs are kept folded.</summary>
    public Member? Find(string key)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Key, key, StringComparison.Ordinal))
            {
                return member;
            }
        }

        return null;
    }

    /// <param name="Key">The key, decoded; folded when the object is a struct.</param>
    /// <param name="NameStart">Where the quote before the key stands.</param>
    /// <param name="ValueStart">Where the value begins.</param>
    /// <param name="End">Where the value has ended.</param>
    /// <param name="IsNull">Whether the value is null, which means absent.</param>
    internal sealed record Member(string Key, int NameStart, int ValueStart, int End, bool IsNull);
}
