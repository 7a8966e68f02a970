using System.Buffers;

namespace Swarm.Core.Model;

/// <summary>What keys and values of taints and tolerations may be made of.</summary>
internal static class TaintText
{
    private const int Longest = 253;

    private static readonly SearchValues<char> _characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./");

    public static bool IsValid(string text) => text.Length <= Longest && !text.AsSpan().ContainsAnyExcept(_characters);

    public static void ThrowUnlessValid(string text, string parameter)
    {
        if (!IsValid(text))
        {
            throw new ArgumentException("It may have letters, digits, '-', '_', '.' and '/', and 253 of them at most.", parameter);
        }
    }

    public static string Of(string key, string value) => value.Length == 0 ? key : $"{key}={value}";
}
