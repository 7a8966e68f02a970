using System.Text.Json;

namespace Swarm.Core.Model;

public sealed class SecretTests
{
    private const string Text = "open-sesame";

    [Test]
    public void A_secret_is_given_away_only_when_asked()
    {
        var secret = new Secret(Text);

        secret.Reveal().Should().Be(Text);
        $"{secret}".Should().NotContain(Text);
        JsonSerializer.Serialize(secret).Should().NotContain(Text);
        JsonSerializer.Serialize(new { Password = secret }, new JsonSerializerOptions { IncludeFields = true }).Should().NotContain(Text);
    }

    [Test]
    public void A_record_that_holds_a_secret_does_not_show_it() => new Holder(new Secret(Text)).ToString().Should().NotContain(Text);

    [TestCase("")]
    [TestCase("\ud800")]
    public void What_is_no_text_is_no_secret(string text)
    {
        var make = () => new Secret(text);

        make.Should().Throw<ArgumentException>();
    }

    private sealed record Holder(Secret Password);
}
