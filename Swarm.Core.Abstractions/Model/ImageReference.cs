namespace Swarm.Core.Model;

/// <summary>Takes image references apart as classic Swarm does: nothing is normalised, neither registry nor tag is filled in.</summary>
internal static class ImageReference
{
    /// <summary>Returns the repository of a reference: what stands before the digest or the tag.</summary>
    /// <param name="reference">The reference, for example <c>registry:5000/team/app:1.2</c>.</param>
    /// <returns>The repository, for example <c>registry:5000/team/app</c>.</returns>
    public static ReadOnlySpan<char> RepositoryOf(ReadOnlySpan<char> reference)
    {
        var digest = reference.IndexOf('@');
        if (digest >= 0)
        {
            return reference[..digest];
        }

        // What follows the last colon is a port, not a tag, when a slash comes after it.
        var colon = reference.LastIndexOf(':');
        return colon >= 0 && !reference[colon..].Contains('/') ? reference[..colon] : reference;
    }
}
