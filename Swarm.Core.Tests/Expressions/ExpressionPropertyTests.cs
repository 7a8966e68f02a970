using CsCheck;

namespace Swarm.Core.Expressions;

public sealed class ExpressionPropertyTests
{
    // Everything the grammar of values knows, and some that it does not.
    private const string Alphabet = "abkz019_.-:*/()?+[]\\^$|=!~ \n\tQEdDwWsSpPxXbBiImU\u017F\u212A,{}é😀";

    private static readonly string[] _texts = ["", "a", "ab", "node-1", "K", "\u212A", "é", "😀", "a\nb", "]", "0"];

    [Test]
    public void No_text_makes_reading_fail_in_another_way() =>
        Gen.String[Alphabet].Sample(text => ReadsOrIsRefused(text));

    [Test]
    public void No_value_makes_reading_or_matching_fail_in_another_way() =>
        Gen.String[Alphabet].Sample(value => ReadsOrIsRefused("key==" + value) && ReadsOrIsRefused($"key!=/{value}/"), iter: 3000);

    [Test]
    public void What_was_read_reads_the_same_again() =>
        Gen.String[Alphabet].Sample(value =>
        {
            if (!TryRead("key==" + value, out var expression))
            {
                return true;
            }

            var again = Expression.Parse(expression!.Text);
            return again.Condition == expression.Condition && again.IsSoft == expression.IsSoft;
        });

    [Test]
    public void Not_equal_is_the_opposite_of_equal() =>
        Gen.Select(Gen.String["abc*.-"], Gen.String["abc.-"]).Where((value, _) => value.Length > 0).Sample((value, text) =>
            Expression.Parse("key==" + value).Matches(text) != Expression.Parse("key!=" + value).Matches(text));

    [Test]
    public void A_value_without_a_star_matches_itself_alone() =>
        Gen.Select(Gen.String["abc.-|()?+"], Gen.String["abc.-|()?+"]).Where((value, _) => value.Length > 0).Sample((value, text) =>
            Expression.Parse("key==" + value).Matches(text) == (value == text));

    private static bool ReadsOrIsRefused(string text)
    {
        if (TryRead(text, out var expression))
        {
            foreach (var candidate in _texts)
            {
                expression!.Matches(candidate);
            }
        }

        return true;
    }

    private static bool TryRead(string text, out Expression? expression)
    {
        try
        {
            expression = Expression.Parse(text);
            return true;
        }
        catch (InvalidExpressionException)
        {
            expression = null;
            return false;
        }
    }
}
