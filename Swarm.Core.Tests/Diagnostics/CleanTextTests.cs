using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Diagnostics;

[TestFixture]
internal sealed class CleanTextTests
{
    [TestCase("web")]
    [TestCase("constraint region==eu is not met")]
    [TestCase("größer als 512 MiB – 日本語 \ud83d\ude00 …")]
    [TestCase("")]
    public void Clean_text_stays_the_same_instance(string text)
    {
        CleanText.Of(text).Should().BeSameAs(text);
    }

    [Test]
    public void Cleaning_clean_text_allocates_nothing()
    {
        foreach (var text in new[] { "constraint region==eu is not met", "größer – 日本語 \ud83d\ude00 …", new string('x', CleanText.Longest) })
        {
            Allocation.Of(() => CleanText.Of(text)).Should().Be(0, text);
        }
    }

    [TestCase("a\r\nINFO forged", "a\\u000d\\u000aINFO forged", TestName = "{m}(line feeds)")]
    [TestCase("\u001b[31mred", "\\u001b[31mred", TestName = "{m}(what steers a terminal)")]
    [TestCase("\u009b31m\u0085\u007f\u0000", "\\u009b31m\\u0085\\u007f\\u0000", TestName = "{m}(the other control characters)")]
    [TestCase("\u2028\u2029", "\\u2028\\u2029", TestName = "{m}(separators)")]
    [TestCase("a\u202etxt.exe\u2066\u200f", "a\\u202etxt.exe\\u2066\\u200f", TestName = "{m}(what turns writing round)")]
    [TestCase("ad\u200bm\u00adin\ufeff\u3164\ufe0f\u034f", "ad\\u200bm\\u00adin\\ufeff\\u3164\\ufe0f\\u034f", TestName = "{m}(what is not seen)")]
    [TestCase("a\udb40\udc41", "a\\udb40\\udc41", TestName = "{m}(tags)")]
    [TestCase("\uffff", "\\uffff", TestName = "{m}(what is no character)")]
    public void What_is_not_seen_is_escaped(string text, string clean)
    {
        CleanText.Of(text).Should().Be(clean);
    }

    // Not a test case: attributes cannot hold half a pair.
    [Test]
    public void Half_a_pair_is_escaped()
    {
        CleanText.Of("\ud800 \udc00 \ud83d").Should().Be("\\ud800 \\udc00 \\ud83d");
    }

    [Test]
    public void A_long_text_says_how_much_of_it_is_left_out()
    {
        var clean = CleanText.Of(new string('x', 100_000));

        clean.Should().Be(new string('x', 480) + "… (+99520 characters)");
        clean.Length.Should().BeLessThanOrEqualTo(CleanText.Longest);
    }

    [Test]
    public void What_is_left_out_is_counted_in_characters_that_were_given()
    {
        CleanText.Of(new string('\n', 1000), 64).Should().Be(string.Concat(Enumerable.Repeat("\\u000a", 5)) + "… (+995 characters)");
    }

    [Test]
    public void A_cut_leaves_no_half_pair()
    {
        CleanText.Of("a" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 100)), 64).Should().Be("a" + string.Concat(Enumerable.Repeat("\ud83d\ude00", 15)) + "… (+170 characters)");
    }

    [Test]
    public void Null_is_empty()
    {
        CleanText.Of(null).Should().BeEmpty();
    }

    [Test]
    public void Room_for_the_mark_there_must_be()
    {
        FluentActions.Invoking(() => CleanText.Of("a", 63)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void Whatever_is_given_becomes_fit_to_be_shown_and_stays_so()
    {
        Gen.Char.Array[0, 700].Select(Gen.Int[64, 600]).Sample((characters, longest) =>
        {
            var clean = CleanText.Of(new string(characters), longest);
            return Hostile.FindProblem(clean) is null && clean.Length <= longest && ReferenceEquals(CleanText.Of(clean, longest), clean) && CleanText.IsClean(clean, longest);
        });
    }

    [TestCaseSource(typeof(Hostile), nameof(Hostile.Words))]
    public void Hostile_words_become_fit_to_be_shown(string words)
    {
        Hostile.FindProblem(CleanText.Of(words)).Should().BeNull();
        CleanText.Of(words).Should().StartWith(Hostile.Lead);
    }

    [Test]
    public void Of_many_texts_the_first_are_joined_and_the_others_counted()
    {
        CleanText.Join(", ", [.. Enumerable.Repeat("a\n", 100)]).Should().EndWith("a\\u000a, and 36 more");
    }
}
