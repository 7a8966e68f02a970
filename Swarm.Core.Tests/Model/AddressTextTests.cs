using Microsoft.Extensions.Configuration;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Hosting;

namespace Swarm.Core.Model;

/// <summary>A password in what ought to be an address is in nothing that is said of it.</summary>
public sealed class AddressTextTests
{
    private const string Password = "s3cret";

    private static readonly string[] _addresses =
    [
        $"ssh://me:{Password}@host",
        $"ssh://me:{Password}@host:22",
        $"SSH://me:{Password}@host",
        $"tcp://me:{Password}@host:2375",
        $"tcp://me:{Password}@host:2375/prefix",
        $"tcp://me:{Password}@host.:2375",
        $"me:{Password}@host:2375",
        $":{Password}@host:2375",
        $"me:{Password}@host",
        $"https://me:{Password}@host:2376/",
        $"https://me:{Password}@host",
        $"gopher://me:{Password}@host:70",
        $"tcp://me:a/{Password}@host:2375",
        $"tcp://me:a@{Password}@host:2375",
        $"tcp://me:a:{Password}@host:2375",
        $"tcp://me:{Password}@[fe80::1%eth0]:2375",
        $"me:{Password}@10.0.0.[3:1]:2375",
        $"me:{Password}{new string('x', 300)}@host:2375",
        $"me:a://{Password}@host:2375",
        $"me://{Password}:2@host:2375",
        $"ftp://{Password}:2@host:2375",
        $"me:a,{Password}@host:2375",
        $"me:{Password},a@host:2375",
        $"me:{Password}/a,b@host:2375",
        $"me:22,{Password}@host:2375",
        $"me:22,33,{Password}@host:2375",
        $"ssh://me:a,{Password}@host",
        $"tcp://me:a,{Password}@host:2375",
        $"me:{Password},tcp://a@host:2375",
        $"me:a,tcp://{Password}@host:2375",
        $"me:22,tcp://{Password}@host:2375",
        $"me:22,tcp://{Password},ssh://a@host:99999",
        $"me:22,ssh://{Password}@host:99999",
        $"me:{Password},ssh://a@host",
        $"me:22,unix:///{Password},x@host:2375",
        $"ssh://me:{Password},ssh://a@host",
        $"me@example.com:{Password},tcp://a@host:2375",
        $"ssh://me@[::1]:{Password},tcp://a@host:2375",
        $"unix://me:{Password},x@host:2375",
    ];

    [TestCase("ssh://me:s3cret@host", "ssh://me:***@host")]
    [TestCase("me:s3cret@host:2375", "me:***@host:2375")]
    [TestCase("tcp://me:a@b:c/d@host:2375", "tcp://me:***@host:2375")]
    [TestCase("ssh://me@host:22", "ssh://me@host:22")]
    [TestCase("me:p://x@h", "me:***@h")]
    [TestCase("me://x@h", "me:***@h")]
    [TestCase("SSH://me:p@h", "SSH://me:***@h")]
    [TestCase("host:2375", "host:2375")]
    [TestCase("[::1]:2375", "[::1]:2375")]
    [TestCase("unix:///run/a.sock", "unix:///run/a.sock")]
    [TestCase("@", "@")]
    [TestCase("", "")]
    [TestCase(null, "")]
    public void A_password_is_left_out_and_the_rest_is_shown(string? text, string shown) => AddressText.Of(text).Should().Be(shown);

    [TestCaseSource(nameof(_addresses))]
    public void An_address_that_is_none_is_quoted_without_it(string text) =>
        Parsing(text).Should().Throw<InvalidAddressException>().Which.ToString().Should().NotContain(Password);

    [TestCaseSource(nameof(_addresses))]
    public void A_list_of_engines_is_refused_without_it(string text)
    {
        var read = () => AddressList.Read([text]);

        read.Should().Throw<InvalidAddressException>().Which.ToString().Should().NotContain(Password);
    }

    [TestCaseSource(nameof(_addresses))]
    [TestCase($"unix:///run/a.sock,me:{Password}@host:2375")]
    [TestCase($"unix:///me:{Password},x@host:2375")]
    public void A_list_of_engines_in_one_text_is_refused_without_it(string text)
    {
        foreach (var list in new[] { text, $"host:1,{text}", $"{text},host:1", $"nodes://host:1,{text},other:1", $"nodes://ssh://me@host,{text},ssh://me@other" })
        {
            var read = () => new StaticDiscovery(list);

            read.Should().Throw<InvalidAddressException>().Which.ToString().Should().NotContain(Password, list);
        }
    }

    [TestCase("a:1,b:2", "a:1", "b:2")]
    [TestCase("", "")]
    [TestCase("a:1,,b:2", "a:1", "", "b:2")]
    [TestCase("ssh://me@a,ssh://me@b:22,unix:///run/a@b.sock", "ssh://me@a", "ssh://me@b:22", "unix:///run/a@b.sock")]
    [TestCase("ssh://me@a,b:2,c:3", "ssh://me@a", "b:2", "c:3")]
    [TestCase("a:1, ssh://me@b", "a:1", " ssh://me@b")]
    [TestCase("a:1,me@b:2,c:3", "a:1,me@b:2", "c:3")]
    [TestCase("ssh://me:p,q@a,b:1", "ssh://me:p,q@a", "b:1")]
    [TestCase("ssh://me:p,q,r@a@b,tcp://c:1", "ssh://me:p,q,r@a@b", "tcp://c:1")]
    [TestCase("me:p,tcp://q@b,c:1", "me:p,tcp://q@b", "c:1")]
    [TestCase("ssh://me@a,me:p,tcp://q,ssh://r@b,c:1", "ssh://me@a", "me:p,tcp://q,ssh://r@b", "c:1")]
    [TestCase("ssh://me@a:1,ssh://me@[::1]:22,ssh://me@b:no,ssh://me@c", "ssh://me@a:1", "ssh://me@[::1]:22", "ssh://me@b:no,ssh://me@c")]
    [TestCase("ssh://me@a:99999,ssh://me@c", "ssh://me@a:99999", "ssh://me@c")]
    public void A_list_is_taken_apart_at_commas_that_are_no_ones_password(string list, params string[] parts) =>
        AddressText.Split(list, part => EngineAddress.TryParse(part.Trim(), out _)).Should().Equal(parts);

    [Test]
    public void A_list_of_what_has_no_user_is_not_taken_apart_before_one()
    {
        AddressText.Split("a:1,ssh://me@b,c:1", _ => false).Should().Equal("a:1,ssh://me@b", "c:1");
        AddressText.Split("10.0.0.0/8,fd00::/8", _ => false).Should().Equal("10.0.0.0/8", "fd00::/8");
    }

    [Test]
    public void A_list_of_a_hundred_thousand_parts_is_taken_apart_in_one_go() =>
        AddressText.Split(string.Join(',', Enumerable.Repeat("a:1", 100_000)) + ",me@b:1", part => part != "me@b:1").Should().HaveCount(1, "any of it may be a password");

    [TestCaseSource(nameof(_addresses))]
    public async Task A_file_of_engines_is_refused_without_it(string text)
    {
        foreach (var line in new[] { text, $"{Password}:{text}", $"me:{Password}/a#b@host:1", $"me:2375#{Password}@host", $"me:99999#{Password}@host:1", $"ssh://me:2375#{Password}@host", $"ssh://me#{Password}@host", $"me:{Password}/a", $"/{Password}", $"https://{Password}", $"TCP://{Password}:1", $"unix:/{Password}", $"{Password}" })
        {
            var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.txt");
            File.WriteAllText(file, line);
            try
            {
                var read = async () =>
                {
                    await foreach (var found in new FileDiscovery(file).WatchAsync(CancellationToken.None))
                    {
                        return found;
                    }

                    return null;
                };

                (await read.Should().ThrowAsync<DiscoveryException>()).Which.ToString().Should().NotContain(Password, line);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    [Test]
    public void What_to_write_instead_is_said_without_it()
    {
        Parsing($"https://me:{Password}@host:2376/").Should().Throw<InvalidAddressException>().WithMessage("*write host:2376 without https://*");
        Parsing($"SSH://me:{Password}@host").Should().Throw<InvalidAddressException>().WithMessage("*write ssh://me@host.");
        Parsing($"tcp://me:{Password}@host:2375/prefix").Should().Throw<InvalidAddressException>().WithMessage("*names a user*");
    }

    [TestCaseSource(nameof(_addresses))]
    public void Nobody_is_called_so(string text)
    {
        new EngineNotFoundException(text).Message.Should().NotContain(Password);
        new ContainerNotFoundException(text).Message.Should().NotContain(Password);
        new AmbiguousNameException(text, []).Message.Should().NotContain(Password);
    }

    [TestCaseSource(nameof(_addresses))]
    public async Task Options_are_refused_without_it(string text)
    {
        var options = new SwarmOptions();
        options.Connection.TlsRules.Add(new EngineTlsRule { Engines = text });
        options.Connection.AllowedNetworks.Add(text);
        options.EngineOverlays[text] = new EngineOverlay { Binding = EngineBinding.Read($"address:{text}"), Taints = [Taint.Read("=")] };

        (await Starting(options).Should().ThrowAsync<InvalidOptionsException>().WithMessage("*TlsRules*").WithMessage("*AllowedNetworks*").WithMessage("*Binding*")).Which.ToString().Should().NotContain(Password);
    }

    [Test]
    public async Task A_configuration_is_refused_without_it()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Connection:TlsRules", (string?)$"tcp://me:{Password}@host:2375")]).Build();
        var options = new SwarmOptions();
        options.UseConfiguration(configuration);

        (await Starting(options).Should().ThrowAsync<InvalidOptionsException>().WithMessage("*TlsRules*")).Which.ToString().Should().NotContain(Password);
    }

    [TestCaseSource(nameof(_addresses))]
    public async Task A_list_in_a_configuration_is_refused_without_it(string text)
    {
        foreach (var (key, value) in new[] { ("Connection:AllowedNetworks", text), ("Connection:AllowedNetworks", $"10.0.0.0/8,{text}"), ("Connection:AllowedNetworks", $"10.0.0.0/8,me:22,ssh://{Password}@host"), ($"EngineOverlays:x{text}:Nonsense", "1"), ($"EngineOverlays:x{text}:Labels", "1") })
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();
            var options = new SwarmOptions();
            options.UseConfiguration(configuration);

            (await Starting(options).Should().ThrowAsync<InvalidOptionsException>()).Which.ToString().Should().NotContain(Password, $"{key} {value}");
        }
    }

    [Test]
    public void A_binder_is_told_of_networks_without_it()
    {
        foreach (var text in new[] { $"me:a,{Password}@host:1", $"me:22,ssh://{Password}@host" })
        {
            var networks = (NetworkList)new NetworkListConverter().ConvertFrom(null, null, $"10.0.0.0/8,{text},b")!;

            networks.Validate("AllowedNetworks").Should().HaveCount(2).And.NotContain(error => error.Contains(Password, StringComparison.Ordinal));
        }
    }

    [TestCase($"https://me:{Password}@registry.example/app:1", "https://me:***@registry.example/app:1")]
    [TestCase($"me:{Password}@registry.example:5000/app", "me:***@registry.example:5000/app")]
    [TestCase("app:1@sha256:no!", "app:1@sha256:no!")]
    public void An_image_is_no_address_with_one(string image, string shown) =>
        FluentActions.Invoking(() => ImageReference.Parse(image)).Should().Throw<ArgumentException>().Which.Message.Should().StartWith($"'{shown}' is not");

    private static Func<Task> Starting(SwarmOptions options) => async () =>
    {
        await using var cluster = SwarmCluster.Create(options, new SwarmPlugins { Discovery = new StaticDiscovery("host:1") });
        await cluster.StartAsync(CancellationToken.None);
    };

    private static Action Parsing(string text) => () => EngineAddress.Parse(text);
}
