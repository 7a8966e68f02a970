namespace Swarm.Core.Expressions;

public sealed class ExpressionKeyTests
{
    [Test]
    public void Constraints_can_be_written_in_code()
    {
        Constraint.On("region").EqualTo("eu-*").Text.Should().Be("region==eu-*");
        Constraint.On("region").NotEqualTo("eu").Text.Should().Be("region!=eu");
        Constraint.On("region").EqualTo("eu").AsSoft().Text.Should().Be("region==~eu");
        Constraint.On("ostype").Matching("lin|win").Text.Should().Be("ostype==/lin|win/");
        Constraint.On("ostype").NotMatching("win").Text.Should().Be("ostype!=/win/");
        Constraint.OnNode().EqualTo("web-1").Text.Should().Be("node==web-1");
        Constraint.On("region").Key.Should().Be("region");
    }

    [Test]
    public void Affinities_can_be_written_in_code()
    {
        Affinity.ToContainer("db").Text.Should().Be("container==db");
        Affinity.AwayFromContainer("web-*").Text.Should().Be("container!=web-*");
        Affinity.ToImage("redis:7").Text.Should().Be("image==redis:7");
        Affinity.AwayFromImage("redis").Text.Should().Be("image!=redis");
        Affinity.ToLabel("tier").EqualTo("front").Text.Should().Be("tier==front");
    }

    [Test]
    public void Whitelists_can_be_written_in_code()
    {
        Whitelist.Of("web-1", "web-2").Text.Should().Be("node==web-1|web-2");
        Whitelist.Of("web-1").Matches("web-1").Should().BeTrue();
    }

    [TestCase("a,b")]
    [TestCase("é")]
    [TestCase("~a")]
    [TestCase("/a/")]
    [TestCase("//")]
    [TestCase("/")]
    [TestCase("")]
    public void A_value_that_would_be_read_as_something_else_is_refused(string value)
    {
        var make = () => Constraint.On("region").EqualTo(value);

        make.Should().Throw<InvalidExpressionException>();
    }

    [Test]
    public void A_refusal_says_what_is_wrong()
    {
        var regex = () => Constraint.On("region").EqualTo("/eu/");
        var soft = () => Constraint.On("region").EqualTo("~eu");
        var names = () => Whitelist.Of("a|b");

        regex.Should().Throw<InvalidExpressionException>().WithMessage("The value '/eu/' would be read as a regular expression; Matching makes one.");
        soft.Should().Throw<InvalidExpressionException>().WithMessage("The value '~eu' for the key 'region' would be read as something else.");
        names.Should().Throw<InvalidExpressionException>().WithMessage("The names in 'node==a|b' would be read as something else.");
    }

    [TestCase("a")]
    [TestCase("a b")]
    [TestCase("ab==c")]
    [TestCase("ab!=c")]
    public void A_key_that_would_be_read_as_something_else_is_refused(string key)
    {
        var equal = () => Constraint.On(key).EqualTo("x");
        var different = () => Constraint.On(key).NotEqualTo("x");

        equal.Should().Throw<InvalidExpressionException>();
        different.Should().Throw<InvalidExpressionException>();
    }

    [Test]
    public void A_value_may_begin_with_a_slash_or_end_with_one()
    {
        Constraint.On("path").EqualTo("/a").Matches("/a").Should().BeTrue();
        Constraint.On("path").EqualTo("a/").Matches("a/").Should().BeTrue();
    }

    [TestCase("a|b")]
    [TestCase("")]
    [TestCase("~a")]
    public void A_whitelisted_name_that_would_be_read_as_something_else_is_refused(string name)
    {
        var make = () => Whitelist.Of("web-1", name);
        var alone = () => Whitelist.Of(name);

        make.Should().Throw<InvalidExpressionException>();
        alone.Should().Throw<InvalidExpressionException>();
    }

    [Test]
    public void A_whitelist_needs_a_name()
    {
        var make = () => Whitelist.Of();

        make.Should().Throw<InvalidExpressionException>();
    }
}
