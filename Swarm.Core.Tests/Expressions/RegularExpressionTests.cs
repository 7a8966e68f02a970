using CsCheck;

namespace Swarm.Core.Expressions;

public sealed class RegularExpressionTests
{
    [TestCase("a", "xay", true, Description = "unanchored")]
    [TestCase("", "", true)]
    [TestCase("^a", "ba", false)]
    [TestCase("a$", "a\n", false, Description = "the very end")]
    [TestCase("^a", "b\na", false)]
    [TestCase("(?m)^a$", "b\na\nb", true)]
    [TestCase("(?m)^a$", "b\nab", false)]
    [TestCase("(?m:^)a", "b\na", true)]
    [TestCase("(?m:b)^a", "b\na", false, Description = "the flag ends with its group")]
    [TestCase("(?m-m)^a", "b\na", false)]
    [TestCase("a.b", "a\nb", false)]
    [TestCase("(?s)a.b", "a\nb", true)]
    [TestCase("(?s-s)a.b", "a\nb", false)]
    [TestCase("^.$", "😀", true, Description = "one code point")]
    [TestCase("^..$", "😀", false)]
    [TestCase("^[^a]$", "😀", true)]
    [TestCase("^[^a]$", "a", false)]
    [TestCase("^[^a]$", "\n", true)]
    [TestCase("^[^a]$", "^", true)]
    [TestCase("b^a", "ba", false)]
    [TestCase("(?s)^.$", "😀", true)]
    [TestCase("ubuntu|centos", "my centos", true)]
    [TestCase("^(a|b)+$", "abab", true)]
    [TestCase("^ab+$", "abbb", true, Description = "a repetition takes one character")]
    [TestCase("^ab+$", "abab", false)]
    [TestCase("^(ab)+$", "abab", true)]
    [TestCase("^(?:ab)?c$", "c", true)]
    [TestCase("^ab??$", "a", true)]
    [TestCase("^a|b$", "ax", true)]
    [TestCase("^(|a)b$", "b", true)]
    public void It_reads_as_RE2_does(string regex, string text, bool expected) => Matches(regex, text).Should().Be(expected);

    [TestCase("(?i)UBUNTU", "ubuntu", true)]
    [TestCase("a(?i:b)c", "aBc", true)]
    [TestCase("a(?i:b)c", "aBC", false)]
    [TestCase("a(?i)b|C", "c", true, Description = "the flag holds for the rest of the group")]
    [TestCase("(a(?i)b)C", "aBc", false)]
    [TestCase("(?-i)a", "A", false)]
    [TestCase("(?i)(?-i)a", "A", false)]
    [TestCase("^(?i)a$", "b", false)]
    [TestCase("(?i)\u017F", "S", true)]
    [TestCase("(?i)k", "\u212A", true, Description = "the Kelvin sign folds to k")]
    [TestCase("(?i)S", "\u017F", true, Description = "the long s folds to s")]
    [TestCase("(?i)\u017F", "s", true)]
    [TestCase("s", "\u017F", false)]
    [TestCase("(?i)[a-c]", "B", true)]
    [TestCase("(?i)[A-C]", "b", true)]
    [TestCase("(?i)[r-t]", "\u017F", true)]
    [TestCase("(?i)[l-z]", "\u212A", false)]
    [TestCase("(?i)[^a]", "A", false)]
    [TestCase("(?i)\\xe9", "\u00C9", true)]
    [TestCase("(?i)a1", "A1", true)]
    [TestCase("(?i)i", "\u0130", false)]
    public void Case_folds_as_in_RE2(string regex, string text, bool expected) => Matches(regex, text).Should().Be(expected);

    [TestCase("^\\d$", "5", true)]
    [TestCase("^\\d$", "\u0661", false)]
    [TestCase("^\\D$", "\u0661", true)]
    [TestCase("^\\D$", "5", false)]
    [TestCase("^\\D$", "😀", true)]
    [TestCase("^\\w$", "_", true)]
    [TestCase("^\\w$", "é", false)]
    [TestCase("^\\W$", "é", true)]
    [TestCase("^\\W$", "Z", false)]
    [TestCase("^(?i)\\w$", "\u212A", true)]
    [TestCase("^(?i)\\W$", "\u212A", false)]
    [TestCase("^\\s$", "\t", true)]
    [TestCase("^\\s$", "\f", true)]
    [TestCase("^\\s$", "\v", false)]
    [TestCase("^\\s$", "\u00A0", false)]
    [TestCase("^\\S$", "\v", true)]
    [TestCase("^\\S$", " ", false)]
    [TestCase("^\\pL$", "é", true)]
    [TestCase("^\\pL$", "5", false)]
    [TestCase("^\\pL$", "ab", false)]
    [TestCase("^\\d$", "55", false)]
    [TestCase("^[\\PL\\PN]$", "😀", true)]
    [TestCase("^\\PL$", "5", true)]
    [TestCase("^\\PL$", "😀", true)]
    [TestCase("^\\pS$", "😀", true)]
    [TestCase("^\\pL$", "\U00010330", true, Description = "a letter beyond the first 65,536")]
    [TestCase("^\\pM$", "\u0301", true)]
    [TestCase("^\\pN$", "\u0661", true)]
    [TestCase("^\\pP$", "!", true)]
    [TestCase("^\\pZ$", "\u00A0", true)]
    [TestCase("^\\pC$", "\u0001", true)]
    [TestCase("^\\pC$", "\u0378", false, Description = "not assigned: in no category")]
    [TestCase("^\\PC$", "\u0378", true)]
    [TestCase("^[\\pL\\PN]$", "5", false)]
    [TestCase("^[^\\pL\\pN]$", "é", false)]
    [TestCase("^[^\\pL\\pN]$", "-", true)]
    [TestCase("(?s)^.$", "\uD83D", false, Description = "half a pair is no character")]
    [TestCase("\\b\\W", "é", false, Description = "words are ASCII")]
    [TestCase("a\\b", "aé", true)]
    [TestCase("^\\PL$", "é", false)]
    [TestCase("^[\\pN-]$", "-", true)]
    [TestCase("^[\\d-a]$", "-", true)]
    [TestCase("^[\\d-a]$", "a", true)]
    [TestCase("^[\\d-a]$", "B", false)]
    [TestCase("^[^\\D]$", "7", true)]
    [TestCase("^[^\\D]$", "x", false)]
    [TestCase("^[^\\D]$", "😀", false)]
    [TestCase("^[^\\w]$", "é", true)]
    [TestCase("^[\\Wa]$", "a", true)]
    public void Classes_are_ASCII(string regex, string text, bool expected) => Matches(regex, text).Should().Be(expected);

    [TestCase("alnum", "aZ5", "_é")]
    [TestCase("alpha", "aZ", "5")]
    [TestCase("ascii", "a\0\u007F", "\u0080")]
    [TestCase("blank", " \t", "\n")]
    [TestCase("cntrl", "\0\u001F\u007F", " ")]
    [TestCase("digit", "09", "a")]
    [TestCase("graph", "!~", " ")]
    [TestCase("lower", "az", "A")]
    [TestCase("print", " ~", "\t\u007F")]
    [TestCase("punct", "!/:@[`{~", "0Aa ")]
    [TestCase("space", "\t\n\v\f\r ", "a")]
    [TestCase("upper", "AZ", "a")]
    [TestCase("word", "aZ5_", "-")]
    [TestCase("xdigit", "09afAF", "gG")]
    public void Named_classes_hold_what_RE2_says(string name, string inside, string outside)
    {
        foreach (var character in inside)
        {
            Matches($"^[[:{name}:]]$", character.ToString()).Should().BeTrue();
            Matches($"^[[:^{name}:]]$", character.ToString()).Should().BeFalse();
        }

        foreach (var character in outside)
        {
            Matches($"^[[:{name}:]]$", character.ToString()).Should().BeFalse();
            Matches($"^[[:^{name}:]]$", character.ToString()).Should().BeTrue();
        }
    }

    [TestCase("^[]a]+$", "]a", true)]
    [TestCase("^[^]a]$", "]", false)]
    [TestCase("^[a-]+$", "-a", true)]
    [TestCase("^[-a]+$", "-a", true)]
    [TestCase("^[a-z-9]+$", "b-9", true)]
    [TestCase("^[a-z-[x]]$", "[]", true, Description = "no subtraction of classes")]
    [TestCase("^[a-z-[x]]$", "b]", true)]
    [TestCase("^[[:a]$", ":", true, Description = "no named class without its end")]
    [TestCase("^[\\]]$", "]", true)]
    [TestCase("^[\\-a]$", "-", true)]
    [TestCase("^[\\x61-\\x63]$", "b", true)]
    [TestCase("^[.]$", "a", false)]
    [TestCase("^[a^]$", "^", true)]
    [TestCase("^[[:alpha:]5]$", "5", true)]
    public void Classes_read_as_in_RE2(string regex, string text, bool expected) => Matches(regex, text).Should().Be(expected);

    [TestCase("\\A\\.\\z", ".", true)]
    [TestCase("^\\x41$", "A", true)]
    [TestCase("^\\0$", "\0", true)]
    [TestCase("^\\101$", "A", true)]
    [TestCase("^\\1011$", "A1", true, Description = "three octal digits at most")]
    [TestCase("^\\12$", "\n", true)]
    [TestCase("^\\77$", "?", true)]
    [TestCase("^\\71$", "9", true)]
    [TestCase("^\\17$", "\u000F", true)]
    [TestCase("^\\107$", "G", true)]
    [TestCase("^\\08$", "\u00008", true)]
    [TestCase("^\\_$", "_", true)]
    [TestCase("^\\ $", " ", true)]
    [TestCase("^\\a\\f\\n\\r\\t\\v$", "\a\f\n\r\t\v", true)]
    [TestCase("^\\Qa.b\\E.$", "a.bc", true)]
    [TestCase("^\\Qa.b", "axb", false)]
    [TestCase("^\\Qa.b", "a.b", true)]
    [TestCase("^\\Qab\\E*$", "abb", true)]
    [TestCase("(?i)\\QA\\E", "a", true)]
    [TestCase("a\\b", "a b", true)]
    [TestCase("a\\b", "ab", false)]
    [TestCase("a\\B", "ab", true)]
    [TestCase("(?U)^a+?$", "aa", true)]
    [TestCase("^a(?i)*$", "aaa", true, Description = "flags stand between an atom and its repetition")]
    [TestCase("^*a$", "a", true)]
    [TestCase("]", "a]", true)]
    public void Escapes_and_oddities_read_as_in_RE2(string regex, string text, bool expected) => Matches(regex, text).Should().Be(expected);

    [TestCase("(", "a group is not closed")]
    [TestCase("(?", "a group is not closed")]
    [TestCase("(?i", "a group is not closed")]
    [TestCase("(?:", "a group is not closed")]
    [TestCase(")", "a ')' has no '('")]
    [TestCase("a)", "a ')' has no '('")]
    [TestCase("*", "has nothing to repeat")]
    [TestCase("a|*", "has nothing to repeat")]
    [TestCase("(*)", "has nothing to repeat")]
    [TestCase("(?i)*", "has nothing to repeat")]
    [TestCase("a**", "a repetition cannot be repeated")]
    [TestCase("a+?*", "a repetition cannot be repeated")]
    [TestCase("[", "a '[' is not closed")]
    [TestCase("[]", "a '[' is not closed")]
    [TestCase("[^", "a '[' is not closed")]
    [TestCase("[a", "a '[' is not closed")]
    [TestCase("[a-", "a '[' is not closed")]
    [TestCase("[z-a]", "a range in a class is reversed")]
    [TestCase("[[:foo:]]", "there is no class '[:foo:]'")]
    [TestCase("\\", "a '\\' ends it")]
    [TestCase("[\\", "a '\\' ends it")]
    [TestCase("[a-\\d]", "'\\d' has no meaning")]
    [TestCase("[\\b]", "'\\b' has no meaning")]
    [TestCase("\\1", "'\\1' has no meaning")]
    [TestCase("(a)\\1", "'\\1' has no meaning")]
    [TestCase("\\1a", "'\\1' has no meaning")]
    [TestCase("\\18", "'\\1' has no meaning")]
    [TestCase("\\8", "'\\8' has no meaning")]
    [TestCase("\\Z", "'\\Z' has no meaning")]
    [TestCase("\\G", "'\\G' has no meaning")]
    [TestCase("\\e", "'\\e' has no meaning")]
    [TestCase("\\cA", "'\\c' has no meaning")]
    [TestCase("\\u0041", "'\\u' has no meaning")]
    [TestCase("\\x", "two hexadecimal digits are expected")]
    [TestCase("\\x4", "two hexadecimal digits are expected")]
    [TestCase("\\xg1", "two hexadecimal digits are expected")]
    [TestCase("\\p", "one of the letters C, L, M, N, P, S, Z is expected")]
    [TestCase("\\pX", "one of the letters C, L, M, N, P, S, Z is expected")]
    [TestCase("(?i-)a", "only the flags i, m, s and U are known")]
    [TestCase("(?--i)a", "only the flags i, m, s and U are known")]
    [TestCase("(?x)a", "only the flags i, m, s and U are known")]
    [TestCase("(?n)a", "only the flags i, m, s and U are known")]
    [TestCase("(?P)a", "only the flags i, m, s and U are known")]
    public void What_RE2_refuses_is_refused_with_the_reason(string regex, string reason)
    {
        var parse = () => Expression.Parse($"key==/{regex}/");

        parse.Should().Throw<InvalidExpressionException>().Which.Message
            .Should().StartWith($"The regular expression '{regex}' in 'key==/{regex}/' cannot be used: ").And.Contain(reason);
    }

    [TestCase("(?)", "x")]
    [TestCase("(?-s:a)", "a")]
    [TestCase("(?i-s:a)", "A")]
    public void Groups_of_flags_may_be_empty_or_mixed(string regex, string text) => Matches(regex, text).Should().BeTrue();

    [TestCase("a{2}", "braces are not supported.")]
    [TestCase("}", "braces are not supported.")]
    [TestCase("\\\u0080", "'\\\\u0080' has no meaning.")]
    [TestCase("[[:a\nERROR forged:]]", "there is no class '[:a\\u000aERROR forged:]'.")]
    public void What_the_grammar_of_values_keeps_out_is_refused_too(string regex, string reason)
    {
        var parse = () => RegexParser.Parse(regex);

        parse.Should().Throw<FormatException>().WithMessage(reason);
    }

    private static bool Matches(string regex, string text) => Expression.Parse($"key==/{regex}/").Matches(text);

    [Test]
    public void It_agrees_with_the_platform_where_both_read_the_same()
    {
        var texts = Gen.String[Gen.Char["ab-\n"], 0, 12];
        Gen.Select(Patterns, texts.Array[8]).Sample((pattern, candidates) =>
        {
            var platform = new System.Text.RegularExpressions.Regex(pattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking);
            foreach (var candidate in candidates)
            {
                Matches(pattern.Replace("\\z", "$", StringComparison.Ordinal), candidate).Should().Be(platform.IsMatch(candidate), $"'{pattern}' on '{candidate}'");
            }
        });
    }

    // Only what means the same in both dialects.
    private static Gen<string> Patterns { get; } = Gen.Recursive<string>((depth, inner) =>
    {
        var atom = Gen.OneOf("a", "b", "-", ".", "[^a]", "[a-]", "\\n", "\\A", "\\z", "\\b", "\\B", "\\w");
        return depth > 4
            ? atom
            : Gen.Frequency(
                (3, atom),
                (2, Gen.Select(inner, Gen.OneOf("*", "+", "?", "*?", "+?", "??"), (body, repeat) => $"(?:{body}){repeat}")),
                (3, Gen.Select(inner, inner, (first, second) => first + second)),
                (2, Gen.Select(inner, inner, (first, second) => $"({first}|{second})")));
    });
}
