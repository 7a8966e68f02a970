namespace Swarm.Core.Model;

/// <summary>Advice says what to write instead, and can be told without what it repeats.</summary>
public sealed class AddressAdviceTests
{
    private const string Secret = "s3cret";

    // One for each branch, with something of the text wherever that branch could repeat it.
    private static readonly string[] _texts =
    [
        $"/{Secret}",
        $"~/{Secret}",
        $"./{Secret}",
        $"\\\\.\\pipe\\{Secret}",
        $"http://{Secret}",
        $"https://{Secret}:2376/",
        $"fd://{Secret}",
        $"tcp://{Secret}",
        $"tcp://a://{Secret}",
        $"npipe:{Secret}",
        $"npipe://{Secret}",
        $"unix:/{Secret}",
        $"unix:{Secret}",
        $"unix:/written as {Secret}",
        $"TCP://{Secret}:1",
        $"SSH://{Secret}",
        $"{Secret}://{Secret}",
        $"{Secret}:1/{Secret}",
        $"{Secret}@{Secret}",
        $"{Secret}%{Secret}:1",
        $"{Secret}.:2375",
        $"a:{Secret}:1",
        $"{Secret}",
        $"[{Secret}]",
        $"{Secret}:{Secret}",
    ];

    [TestCaseSource(nameof(_texts))]
    public void Without_its_quote_nothing_of_the_text_is_left(string text)
    {
        var advice = AddressAdvice.For(text);

        (advice is null ? "" : AddressAdvice.WithoutQuote(advice)).Should().NotContain(Secret);
    }

    [TestCase("unix:/run/a.sock", "a unix socket is written as unix:///run/a.sock", "a unix socket is")]
    [TestCase("/run/a.sock", "a path needs its scheme; write unix:///run/a.sock", "a path needs its scheme")]
    [TestCase("http://a:1", "write a:1 without http://; whether TLS is used is said by the options of connections", "it is written otherwise")]
    public void What_is_wrong_is_still_said(string text, string advice, string rest)
    {
        AddressAdvice.For(text).Should().Be(advice);
        AddressAdvice.WithoutQuote(advice).Should().Be(rest);
    }
}
