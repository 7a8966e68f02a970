namespace Swarm.Core.Discovery;

/// <summary>Where engines are looked up, as classic Swarm writes it: <c>scheme://rest</c>, or the rest alone for a list of nodes.</summary>
/// <param name="Scheme">The text before the first <c>://</c>; case counts, nothing is trimmed.</param>
/// <param name="Rest">All that follows; what it means depends on the scheme.</param>
internal readonly record struct DiscoveryUrl(string Scheme, string Rest)
{
    public const string Nodes = "nodes";

    public const string File = "file";

    private const string Separator = "://";

    public static DiscoveryUrl Parse(string text)
    {
        var separator = text.IndexOf(Separator, StringComparison.Ordinal);
        return separator < 0
            ? new DiscoveryUrl(Nodes, text)
            : new DiscoveryUrl(text[..separator], text[(separator + Separator.Length)..]);
    }
}
