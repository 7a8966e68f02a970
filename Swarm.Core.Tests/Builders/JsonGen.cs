using System.Text;
using CsCheck;

namespace Swarm.Core.Builders;

/// <summary>Generated texts and documents.</summary>
internal static class JsonGen
{
    private static readonly string[] _tokens = ["{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e400", "\"", "\\u12", "\"Memory\":", "\uFEFF", "\0", "é"];

    /// <summary>Gets texts with what JSON and Go treat in a special way.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 8],
        Gen.OneOf("a", "\"", "\\", "<b>&", "é", "\u2028", "\n\t\r\b\f", "\0", "ſK", "😀", "\u007F", "�", "/").Array[0, 4].Select(string.Concat));

    /// <summary>Gets texts of at least one character.</summary>
    public static Gen<string> Word { get; } = Text.Select(Gen.Char.AlphaNumeric, (text, first) => first + text);

    /// <summary>Breaks a document in a few places.</summary>
    public static Gen<byte[]> Mutations(byte[] document) => Mutation.Array[1, 4].Select(steps =>
    {
        var bytes = new List<byte>(document);
        foreach (var (kind, place, length, token) in steps)
        {
            var start = bytes.Count == 0 ? 0 : (int)(place % (uint)bytes.Count);
            var count = Math.Min(length, bytes.Count - start);
            switch (kind)
            {
                case 0:
                    bytes.RemoveRange(start, count);
                    break;
                case 1:
                    bytes.InsertRange(start, Encoding.UTF8.GetBytes(token));
                    break;
                case 2:
                    bytes.InsertRange(start, bytes.GetRange(start, count));
                    break;
                case 3 when bytes.Count > 0:
                    bytes[start] = (byte)(place >> 8);
                    break;
                case 4:
                    bytes.RemoveRange(start, bytes.Count - start);
                    break;
            }
        }

        return bytes.ToArray();
    });

    private static Gen<(int Kind, uint Place, int Length, string Token)> Mutation { get; } =
        Gen.Select(Gen.Int[0, 4], Gen.UInt, Gen.Int[0, 40], Gen.OneOf(_tokens));
}
