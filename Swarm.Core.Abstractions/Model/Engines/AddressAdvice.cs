namespace Swarm.Core.Model;

/// <summary>Says what to write instead of what people write who know engines from elsewhere.</summary>
internal static class AddressAdvice
{
    private const string UnixExample = "unix:///var/run/docker.sock";
    private const string PipeExample = "npipe:////./pipe/docker_engine";

    // What is quoted of a text stands behind one of these.
    private const string Write = "write ";
    private const string Written = "written as ";

    private static readonly string[] _schemes = ["tcp", "unix", "ssh", "npipe"];

    /// <summary>Returns a clause without what it quotes of the text that it is about.</summary>
    public static string WithoutQuote(string reason)
    {
        var (write, written) = (reason.IndexOf(Write, StringComparison.Ordinal), reason.IndexOf(Written, StringComparison.Ordinal));
        var quote = write < 0 || (written >= 0 && written < write) ? written : write;
        var rest = quote < 0 ? reason : reason[..quote].TrimEnd(' ', ';', ':');
        return rest.Length == 0 ? "it is written otherwise" : rest;
    }

    /// <summary>Returns a clause about a text that is no address; <see langword="null"/> when its parts say enough.</summary>
    public static string? For(string text)
    {
        text = AddressText.WithoutPassword(text);
        if (text[0] is '/' or '~' or '.' or '\\')
        {
            return text[0] == '/'
                ? $"a path needs its scheme; write unix://{text}"
                : $"a socket is given by its whole path, as {UnixExample}";
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        var rest = text[(colon + 1)..];
        return scheme switch
        {
            "http" or "https" when rest.StartsWith("//", StringComparison.Ordinal) =>
                $"write {Bare(rest)} without {scheme}://; whether TLS is used is said by the options of connections",
            "fd" when rest.StartsWith("//", StringComparison.Ordinal) => $"that is what a daemon listens on; write where it can be reached, as {UnixExample}",
            "tcp" when text.StartsWith("tcp://", StringComparison.Ordinal) => OfHost(text["tcp://".Length..]),
            "npipe" => $"a named pipe of this machine is written as {PipeExample}",
            "unix" => $"a unix socket is written as {(rest.StartsWith('/') && !rest.StartsWith("//", StringComparison.Ordinal) ? $"unix://{rest}" : UnixExample)}",
            _ when _schemes.Contains(scheme, StringComparer.Ordinal) && rest.StartsWith("//", StringComparison.Ordinal) && text[..colon] != scheme => $"its scheme must be in lower case; write {scheme}:{rest}",
            _ when rest.StartsWith("//", StringComparison.Ordinal) => $"its scheme is none of {string.Join(", ", _schemes)}",
            _ => OfHost(text),
        };
    }

    private static string? OfHost(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return "it has more than one scheme";
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && !text.AsSpan(0, slash).Contains('@') ? $"it has a path, and an engine has none; write {text[..slash]}"
            : text.Contains('@', StringComparison.Ordinal) ? "it names a user, which is for ssh://user@host"
            : text.Contains('%', StringComparison.Ordinal) ? "it has a zone; give an address that is not link-local, or a name"
            : text.Contains(".:", StringComparison.Ordinal) ? $"its host ends in a dot; write {text.Replace(".:", ":", StringComparison.Ordinal)}"
            : text.Count(character => character == ':') > 1 && !text.StartsWith('[') ? "an IPv6 address needs brackets, as [2001:db8::1]:2376"
            : !text.Contains(':', StringComparison.Ordinal) || (text.StartsWith('[') && text.EndsWith(']')) ? $"it has no port; Docker's own are 2376 with TLS and 2375 without: write {text}:2376"
            : null;
    }

    private static string Bare(string rest)
    {
        var host = rest.TrimStart('/');
        host = host[(host.LastIndexOf('@') + 1)..];
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        host = slash < 0 ? host : host[..slash];
        return host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:2376";
    }
}
