namespace Swarm.Core.Model;

public sealed class TolerationTests
{
    [TestCase("dedicated=gpu", "dedicated", "gpu", true)]
    [TestCase("dedicated=gpu", "dedicated", "db", false)]
    [TestCase("dedicated=gpu", "dedicated", "", false)]
    [TestCase("dedicated=gpu", "other", "gpu", false)]
    [TestCase("dedicated", "dedicated", "gpu", true)]
    [TestCase("dedicated", "dedicated", "", true)]
    [TestCase("dedicated", "Dedicated", "", false)]
    [TestCase("dedicated=", "dedicated", "", true)]
    [TestCase("dedicated=", "dedicated", "gpu", false)]
    [TestCase("*", "anything", "at-all", true)]
    public void A_taint_is_tolerated_by_key_and_value(string toleration, string key, string value, bool tolerated)
    {
        Toleration.TryParse(toleration, out var parsed).Should().BeTrue();

        parsed!.Tolerates(new Taint(key, value)).Should().Be(tolerated);
        parsed.ToString().Should().Be(toleration);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("=gpu")]
    [TestCase("a b")]
    [TestCase("a=b=c")]
    [TestCase("a=*")]
    [TestCase("**")]
    [TestCase("a\n")]
    public void What_is_no_toleration_is_refused(string? text)
    {
        Toleration.TryParse(text, out var toleration).Should().BeFalse();
        toleration.Should().BeNull();
    }

    [Test]
    public void Written_in_code_it_equals_the_one_that_was_read()
    {
        Toleration.TryParse("example.com/pool=gpu", out var read).Should().BeTrue();

        Toleration.Of("example.com/pool", "gpu").Should().Be(read);
        Toleration.Of(new Taint("example.com/pool", "gpu")).Should().Be(read);
    }

    [TestCase("", "")]
    [TestCase("a b", "")]
    [TestCase("a", "b,c")]
    [TestCase("a", "ä")]
    public void Neither_a_taint_nor_a_toleration_takes_what_the_other_could_not_write(string key, string value)
    {
        FluentActions.Invoking(() => new Taint(key, value)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Toleration.Of(key, value)).Should().Throw<ArgumentException>();
    }

    [Test]
    public void A_taint_reads_as_key_and_value()
    {
        new Taint("dedicated", "gpu").ToString().Should().Be("dedicated=gpu");
        new Taint("maintenance").ToString().Should().Be("maintenance");
        new Taint("a", "1").Should().Be(new Taint("a", "1")).And.NotBe(new Taint("a", "2"));
    }
}
