using CsCheck;

namespace Swarm.Core.Expressions;

public sealed class GlobPatternTests
{
    private static readonly Gen<string> _glob = Gen.String[Gen.Char["ab*"], 0, 5];

    [TestCase("f*o", "foo", true)]
    [TestCase("f*o", "fo", true)]
    [TestCase("f*o", "f", false)]
    [TestCase("a*a", "a", false)]
    [TestCase("*", "", true)]
    [TestCase("**", "anything", true)]
    [TestCase("us*", "us-east", true)]
    [TestCase("us*", "eu-us", false)]
    [TestCase("*us", "eu-us", true)]
    [TestCase("*us", "us-east", false)]
    [TestCase("*us*", "a-us-b", true)]
    [TestCase("a*b*c", "a1b2c", true)]
    [TestCase("a*b*c", "abcbc", true)]
    [TestCase("a*b*c", "acb", false)]
    [TestCase("a*b*c", "ac", false)]
    [TestCase("a*bc*bc", "abc", false)]
    [TestCase("a*xy*xy*z", "axyz", false)]
    [TestCase("a*xy*xy*z", "axyxyz", true)]
    [TestCase("a.*", "a.b", true)]
    [TestCase("a.*", "axb", false)]
    [TestCase("a*z", "a\n\nz", true)]
    public void A_star_stands_for_any_run_of_characters(string glob, string text, bool expected) =>
        new GlobPattern(glob).Matches(text).Should().Be(expected);

    [Test]
    public void It_agrees_with_trying_every_split() =>
        Gen.Select(_glob, _glob, Gen.String[Gen.Char["ab"], 0, 12]).Sample((start, end, text) =>
            new GlobPattern($"{start}*{end}").Matches(text) == Naive($"{start}*{end}", text));

    // The definition, at exponential cost.
    private static bool Naive(string glob, string text) => glob switch
    {
        "" => text.Length == 0,
        ['*', .. var rest] => Enumerable.Range(0, text.Length + 1).Any(skipped => Naive(rest, text[skipped..])),
        _ => text.Length > 0 && text[0] == glob[0] && Naive(glob[1..], text[1..]),
    };
}
