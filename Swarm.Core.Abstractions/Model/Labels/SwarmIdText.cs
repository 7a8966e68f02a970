using System.Buffers;

namespace Swarm.Core.Model;

/// <summary>What a Swarm ID looks like.</summary>
internal static class SwarmIdText
{
    /// <summary>How many digits the short form has.</summary>
    public const int ShortLength = 12;

    private const int Length = 64;

    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Tells whether a text has nothing but lower-case hexadecimal digits.</summary>
    public static bool IsHexadecimal(string text) => !text.AsSpan().ContainsAnyExcept(_digits);

    /// <summary>Tells whether a text may be an ID or a Swarm ID, whole or in its short form. Hardly any name is.</summary>
    public static bool MayIdentify(string text) => text.Length is ShortLength or Length && IsHexadecimal(text);

    /// <summary>Tells whether a text is one as clusters make them: 64 lower-case hexadecimal digits whose first 12 are not all decimal, since those read as a number elsewhere.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length && IsHexadecimal(text) && text.AsSpan(0, ShortLength).ContainsAnyExceptInRange('0', '9');
}
