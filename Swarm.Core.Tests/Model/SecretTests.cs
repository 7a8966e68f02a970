using System.Text.Json;

namespace Swarm.Core.Model;

public sealed class SecretTests
{
    private const string Text = "open-sesame";

    private static readonly JsonSerializerOptions _withFields = new() { IncludeFields = true };

    [Test]
    public void A_secret_is_given_away_only_when_asked()
    {
        var secret = new Secret(Text);

        secret.Reveal().Should().Be(Text);
        $"{secret}".Should().NotContain(Text);
        JsonSerializer.Serialize(secret).Should().NotContain(Text);
        JsonSerializer.Serialize(new { Password = secret }, _withFields).Should().NotContain(Text);
    }

    [Test]
    public void A_record_that_holds_a_secret_does_not_show_it() => new Holder(new Secret(Text)).ToString().Should().NotContain(Text);

    [Test]
    public void What_is_no_text_is_no_secret()
    {
        var empty = () => new Secret("");
        var half = () => new Secret(new string('\ud800', 1));

        empty.Should().Throw<ArgumentException>();
        half.Should().Throw<ArgumentException>();
    }

    private sealed record Holder(Secret Password);
}
