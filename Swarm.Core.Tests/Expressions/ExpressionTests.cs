using Swarm.Core.Model;

namespace Swarm.Core.Expressions;

public sealed class ExpressionTests
{
    [Test]
    public void An_expression_has_a_key_an_operator_and_a_value()
    {
        var expression = Expression.Parse("region!=eu-*");

        expression.Key.Should().Be("region");
        expression.IsNegated.Should().BeTrue();
        expression.Value.Should().Be("eu-*");
        expression.IsSoft.Should().BeFalse();
        expression.Text.Should().Be("region!=eu-*");
        expression.ToString().Should().Be("region!=eu-*");
    }

    [Test]
    public void A_tilde_before_the_value_makes_it_soft()
    {
        var expression = Expression.Parse("region==~eu");

        expression.IsSoft.Should().BeTrue();
        expression.Value.Should().Be("eu");
        expression.Condition.Should().Be("region==eu");
    }

    [TestCase("node", "One of operator ==, != is expected")]
    [TestCase("a==b", "Key 'a' is invalid")]
    [TestCase("1node==x", "Key '1node' is invalid")]
    [TestCase("-a==x", "Key '-a' is invalid")]
    [TestCase("foo!=a==b", "Key 'foo!=a' is invalid")]
    [TestCase("node==", "Value '' is invalid")]
    [TestCase("node==~", "Value '~' is invalid")]
    [TestCase("node===", "Value '=' is invalid")]
    [TestCase("node==~~a", "Value '~~a' is invalid")]
    [TestCase("node==a,b", "Value 'a,b' is invalid")]
    [TestCase("node==a=b", "Value 'a=b' is invalid")]
    [TestCase("node==/~", "Value '/~' is invalid")]
    public void What_is_no_expression_is_refused_in_classic_words(string text, string message)
    {
        var parse = () => Expression.Parse(text);

        parse.Should().Throw<InvalidExpressionException>().WithMessage(message).Which.Expression.Should().Be(text);
    }

    [TestCase("no_de.x-1==a")]
    [TestCase("_a==b")]
    [TestCase("node===foo")]
    [TestCase("node==!foo")]
    [TestCase("node==/foo")]
    [TestCase("node==a b\t:-_.*/()?+[]\\^$|9Z")]
    public void The_grammar_is_as_wide_as_classic_Swarms(string text) =>
        Expression.Parse(text).Text.Should().Be(text);

    [TestCase("node==/")]
    [TestCase("node==~/")]
    public void A_lone_slash_is_refused(string text)
    {
        var parse = () => Expression.Parse(text);

        parse.Should().Throw<InvalidExpressionException>().WithMessage("*lone '/'*");
    }

    [Test]
    public void A_value_matches_as_a_whole_and_case_counts()
    {
        var expression = Expression.Parse("storage==ssd");

        expression.Matches("ssd").Should().BeTrue();
        expression.Matches("ssd2").Should().BeFalse();
        expression.Matches("SSD").Should().BeFalse();
        expression.Matches("").Should().BeFalse();
    }

    [Test]
    public void Characters_of_regular_expressions_are_literal_in_a_plain_value()
    {
        Expression.Parse("operatingsystem==CentOS Linux 7 (Core)").Matches("CentOS Linux 7 (Core)").Should().BeTrue();
        Expression.Parse("node==web.1").Matches("webx1").Should().BeFalse();
        Expression.Parse("node==a|b").Matches("a").Should().BeFalse();
    }

    [Test]
    public void Not_equal_holds_where_no_text_matches()
    {
        var expression = Expression.Parse("node!=n1");

        expression.Matches("n2", "web").Should().BeTrue();
        expression.Matches("n1", "web").Should().BeFalse();
        expression.Matches("web", "n1").Should().BeFalse();
        expression.Matches("n1").Should().BeFalse();
        expression.MatchesValue("n1").Should().BeTrue();
    }

    [Test]
    public void Without_any_text_equal_does_not_hold_and_not_equal_does()
    {
        Expression.Parse("node==*").Matches([]).Should().BeFalse();
        Expression.Parse("node!=*").Matches([]).Should().BeTrue();
    }

    [Test]
    public void An_expression_may_be_as_long_as_the_limit_and_no_longer()
    {
        var longest = "node==" + new string('a', Expression.MaxLength - 6);
        var tooLong = () => Expression.Parse(longest + "a");

        Expression.Parse(longest).Value.Length.Should().Be(Expression.MaxLength - 6);
        tooLong.Should().Throw<InvalidExpressionException>().WithMessage($"*{Expression.MaxLength + 1} characters*");
    }

    [TestCase("node==*", "")]
    [TestCase("node==/", "/")]
    public void A_pattern_may_be_as_long_as_the_limit_and_no_longer(string start, string end)
    {
        var length = Expression.MaxPatternLength - (end.Length == 0 ? 1 : 0);
        var tooLong = () => Expression.Parse(start + new string('a', length + 1) + end);

        Expression.Parse(start + new string('a', length) + end).Matches(new string('a', length)).Should().BeTrue();
        tooLong.Should().Throw<InvalidExpressionException>().WithMessage("*pattern of 257 characters*");
    }

    [Test]
    public void A_whitelist_names_nodes_exactly()
    {
        var whitelist = Expression.ParseWhitelist("node==n1|n2|n*");

        whitelist.Matches("n1").Should().BeTrue();
        whitelist.Matches("n2").Should().BeTrue();
        whitelist.Matches("n*").Should().BeTrue();
        whitelist.Matches("n3").Should().BeFalse();
        whitelist.Matches("n1|n2").Should().BeFalse();
    }

    [TestCase("node!=n1")]
    [TestCase("region==n1")]
    public void A_whitelist_that_would_mean_something_else_is_refused(string text)
    {
        var parse = () => Expression.ParseWhitelist(text);

        parse.Should().Throw<InvalidExpressionException>().WithMessage("*node==name|name*");
    }

    [Test]
    public void A_malformed_whitelist_is_refused_in_classic_words()
    {
        var parse = () => Expression.ParseWhitelist("node");

        parse.Should().Throw<InvalidExpressionException>().WithMessage("One of operator ==, != is expected");
    }

    [Test]
    public void Softening_keeps_the_condition()
    {
        var soft = Expression.Parse("region!=/eu|us/").AsSoft();

        soft.IsSoft.Should().BeTrue();
        soft.Text.Should().Be("region!=~/eu|us/");
        soft.Matches("eu-1").Should().BeFalse();
        soft.AsSoft().Should().BeSameAs(soft);
        Expression.Parse(soft.Text).Condition.Should().Be(soft.Condition);
    }

    [Test]
    public void An_expression_error_is_an_error_of_the_library() =>
        new InvalidExpressionException("text", "message").Should().BeAssignableTo<SwarmException>();
}
