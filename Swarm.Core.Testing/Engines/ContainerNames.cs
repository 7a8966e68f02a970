using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>Container names: which are allowed, and those the engine makes up.</summary>
internal static class ContainerNames
{
    private static readonly string[] _qualities =
    [
        "able", "bold", "brisk", "calm", "clever", "crisp", "eager", "fair", "firm", "fond", "gentle", "glad", "keen", "kind", "lively", "lucid",
        "mellow", "merry", "neat", "nimble", "patient", "plain", "proud", "quick", "quiet", "ready", "sharp", "sleepy", "steady", "swift", "warm", "wise",
    ];

    private static readonly string[] _people =
    [
        "abel", "bohr", "cantor", "dirac", "euler", "fermat", "gauss", "hilbert", "ibn", "jacobi", "kepler", "lamarr", "mirzakhani", "noether", "ohm", "pascal",
        "quetelet", "ramanujan", "sagan", "turing", "ulam", "volta", "weyl", "xu", "yalow", "zuse", "hopper", "lovelace", "curie", "meitner", "somerville", "hypatia",
    ];

    public static bool IsValid(string name) =>
        name.Length >= 2 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    public static string Invent(IdSource ids, Func<string, bool> isTaken)
    {
        for (var tries = 0; ; tries++)
        {
            var bits = ids.Next();
            var name = $"{_qualities[(int)(bits & 31)]}_{_people[(int)((bits >> 5) & 31)]}";
            if (tries > 0)
            {
                name += (tries + (int)((bits >> 10) % 10)).ToString(CultureInfo.InvariantCulture);
            }

            if (!isTaken(name))
            {
                return name;
            }
        }
    }
}
