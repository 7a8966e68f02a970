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
    [TestCase("^\\PL$", "5", true)]
    [TestCase("^\\PL$", "😀", true)]
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

    [TestCase("(")]
    [TestCase(")")]
    [TestCase("a)")]
    [TestCase("*")]
    [TestCase("a|*")]
    [TestCase("(*)")]
    [TestCase("(?i)*")]
    [TestCase("a**")]
    [TestCase("a+?*")]
    [TestCase("[")]
    [TestCase("[]")]
    [TestCase("[^")]
    [TestCase("[a")]
    [TestCase("[a-")]
    [TestCase("[z-a]")]
    [TestCase("[a-\\d]")]
    [TestCase("[[:foo:]]")]
    [TestCase("[\\b]")]
    [TestCase("[\\")]
    [TestCase("\\")]
    [TestCase("\\1")]
    [TestCase("\\8")]
    [TestCase("(a)\\1")]
    [TestCase("\\x")]
    [TestCase("\\x4")]
    [TestCase("\\xg1")]
    [TestCase("\\p")]
    [TestCase("\\pX")]
    [TestCase("\\Z")]
    [TestCase("\\G")]
    [TestCase("\\e")]
    [TestCase("\\cA")]
    [TestCase("\\u0041")]
    [TestCase("(?")]
    [TestCase("(?i")]
    [TestCase("(?i-)a")]
    [TestCase("(?--i)a")]
    [TestCase("(?x)a")]
    [TestCase("(?n)a")]
    [TestCase("(?P)a")]
    [TestCase("(?:")]
    public void What_RE2_refuses_is_refused(string regex)
    {
        var parse = () => Expression.Parse($"key==/{regex}/");

        parse.Should().Throw<InvalidExpressionException>().WithMessage($"The regular expression '{regex.Replace("*", "?", StringComparison.Ordinal)}' in *");
    }

    [TestCase("(?)", "x")]
    [TestCase("(?-s:a)", "a")]
    [TestCase("(?i-s:a)", "A")]
    public void Groups_of_flags_may_be_empty_or_mixed(string regex, string text) => Matches(regex, text).Should().BeTrue();

    [TestCase("a{2}")]
    [TestCase("}")]
    public void Braces_cannot_get_through(string regex)
    {
        var translate = () => RegexTranslator.Translate(regex);

        translate.Should().Throw<FormatException>();
    }

    private static bool Matches(string regex, string text) => Expression.Parse($"key==/{regex}/").Matches(text);
}
