using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Hosting;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Architecture;

/// <summary>Holds every option, also one that is added tomorrow, to this: a configuration can give it, and what it cannot give is an error.</summary>
public class OptionsConfigurationTests
{
    private const string Nonsense = "no such thing \u001b[2J";

    // They hold keys in memory, or are code; each has a path beside it that a configuration gives.
    private static readonly Type[] _ofTheProgram = [typeof(X509Certificate2), typeof(X509Certificate2Collection), typeof(Func<CancellationToken, Task<EngineTlsCertificates>>)];

    // Any text is one of these.
    private static readonly string[] _free = ["Name", "EngineOverlays:gpu-1:Reason", "EngineOverlays:gpu-1:Labels"];

    private static IEnumerable<TestCaseData> Options => Leaves(typeof(SwarmOptions), "").Select(leaf => new TestCaseData(leaf).SetArgDisplayNames(leaf.Key));

    private static IEnumerable<string> Objects => Inner(typeof(SwarmOptions), "");

    [TestCaseSource(nameof(Options))]
    public void An_option_is_read(Leaf leaf)
    {
        var values = leaf.Values();
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(values));

        options.Misread.Should().BeEmpty();
        Text(leaf.Get(options)).Should().Be(leaf.Expected());
        Text(leaf.Get(options)).Should().NotBe(Text(leaf.Get(new SwarmOptions())), "another value than the default must be tried");
    }

    [TestCaseSource(nameof(Options))]
    public void An_option_is_bound_by_the_platform_too(Leaf leaf)
    {
        var options = new SwarmOptions();

        Configuration(leaf.Values()).Bind(options);

        Text(leaf.Get(options)).Should().Be(leaf.Expected());
    }

    [TestCaseSource(nameof(Options))]
    public async Task Nonsense_is_an_error_that_names_the_key_and_quotes_the_value(Leaf leaf)
    {
        if (_free.Contains(leaf.Key))
        {
            Assert.Pass("Any text will do.");
        }

        var nonsense = leaf.Values().ToDictionary(each => each.Key, _ => (string?)Nonsense);

        var errors = await StartAsync(options => options.UseConfiguration(Configuration(nonsense)));

        var secret = leaf.Type == typeof(Secret);
        var name = leaf.Key.Split(':')[^1];
        errors.Should().Contain(error => error.Contains(name) && (secret || error.Contains("no such thing \\u001b[2J")));
        errors.Should().OnlyContain(error => !error.Contains('\u001b'));
    }

    [TestCaseSource(nameof(Options))]
    public void What_belongs_elsewhere_is_an_error_that_names_the_key(Leaf leaf)
    {
        var options = new SwarmOptions();
        var under = leaf.Values().Keys.First();

        options.UseConfiguration(Configuration(new() { [under + ":Further:Down"] = "1" }));

        if (leaf.Key != "EngineOverlays:gpu-1:Labels")
        {
            options.Misread.Should().NotBeEmpty().And.OnlyContain(error => error.StartsWith(leaf.Key, StringComparison.Ordinal));
        }
    }

    [TestCaseSource(nameof(Objects))]
    public void A_text_in_place_of_an_object_is_an_error_that_names_the_key_and_quotes_it(string key)
    {
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(new() { ["Swarm:" + key] = "yes" }).GetSection("Swarm"));

        options.Misread.Should().ContainSingle().Which.Should().StartWith($"Swarm:{key} is 'yes'; it must be an object");
    }

    [Test]
    public void A_number_is_no_name()
    {
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(new() { ["TieBreak"] = "1" }));

        options.Misread.Should().ContainSingle().Which.Should().StartWith("TieBreak is '1'; it must be one of LowestId");
    }

    [TestCase("Conection:AllowedNetworks:0")]
    [TestCase("Connection:AllowedNetwork")]
    [TestCase("Connection:Tls:ClientKeypasword")]
    [TestCase("EngineOverlays:gpu-1:Taint")]
    [TestCase("Connection:TlsRules:0:Engine")]
    [TestCase("Misread:0")]
    public void A_key_that_is_no_option_is_an_error_that_names_it(string key)
    {
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(new() { [key] = "10.0.0.0/8" }));

        options.Misread.Should().ContainSingle().Which.Should().StartWith(key[..key.LastIndexOf(':')].Split(':')[0]);
    }

    [Test]
    public void A_file_is_read_as_people_write_it()
    {
        const string Json = """
            { "Swarm": {
                "strategy": "binpack",
                "callTimeout": "00:00:20",
                "filters": [ "health", "resource" ],
                "connection": {
                    "allowedNetworks": [ "10.0.0.0/8", "fd00::/8" ],
                    "tlsRules": [ { "engines": "10.0.0.0/8", "tls": { "certificateAuthorityPath": "ca.pem" } } ]
                },
                "engineOverlays": {
                    "10.0.0.5:2376": { "taints": [ "dedicated=gpu", "slow" ], "labels": { "example.com:a/b": "1", "gone": null } },
                    "[fd00::1]:2376": { "isEligible": false, "reason": "repair" }
                } } }
            """;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Json));
        var options = new SwarmOptions();

        options.UseConfiguration(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Swarm"));

        options.Misread.Should().BeEmpty();
        options.Strategy.Should().Be("binpack");
        options.CallTimeout.Should().Be(TimeSpan.FromSeconds(20));
        options.Filters.Should().Equal("health", "resource");
        options.Connection.AllowedNetworks.Should().Equal("10.0.0.0/8", "fd00::/8");
        options.Connection.TlsRules.Should().ContainSingle().Which.Should().Match<EngineTlsRule>(rule => rule.Engines == "10.0.0.0/8" && rule.Tls.CertificateAuthorityPath == "ca.pem");
        options.EngineOverlays.Keys.Should().BeEquivalentTo("10.0.0.5:2376", "[fd00::1]:2376");
        options.EngineOverlays["10.0.0.5:2376"].Taints.Should().Equal(new Taint("dedicated", "gpu"), new Taint("slow"));
        options.EngineOverlays["10.0.0.5:2376"].Labels.Should().BeEquivalentTo(new Dictionary<string, string?> { ["example.com:a/b"] = "1", ["gone"] = null });
        options.EngineOverlays["[fd00::1]:2376"].Should().Match<EngineOverlay>(overlay => !overlay.IsEligible && overlay.Reason == "repair");
    }

    [Test]
    public void A_list_takes_the_place_of_the_one_before_and_may_be_one_text()
    {
        var options = new SwarmOptions { Connection = { AllowedNetworks = { "192.168.0.0/16" } } };

        options.UseConfiguration(Configuration(new() { ["Connection:AllowedNetworks"] = "10.0.0.0/8, fd00::/8" }));

        options.Connection.AllowedNetworks.Should().Equal("10.0.0.0/8", "fd00::/8");
    }

    [TestCase("Connection:AllowedNetworks")]
    [TestCase("EngineOverlays:gpu-1:Taints")]
    [TestCase("Filters")]
    [TestCase("Connection:TlsRules")]
    public void An_empty_text_is_no_list(string key)
    {
        var options = new SwarmOptions { Connection = { AllowedNetworks = { "192.168.0.0/16" } } };

        options.UseConfiguration(Configuration(new() { [key] = "" }));

        options.Misread.Should().ContainSingle().Which.Should().StartWith($"{key} is ''; it must be a list that is not empty");
        options.Connection.AllowedNetworks.Should().Equal("192.168.0.0/16");
    }

    [TestCase("Connection:AllowedNetworks", "10.0.0.0/8", "0")]
    [TestCase("Connection:AllowedNetworks", "", "0")]
    [TestCase("Filters", "health", "0")]
    [TestCase("EngineOverlays:10.0.0.5", "yes", "2376:Reason")]
    [TestCase("EngineOverlays:gpu-1", "yes", "Reason")]
    [TestCase("Connection", "yes", "AllowUnix")]
    [TestCase("Strategy", "spread", "0")]
    public void What_is_a_value_and_has_parts_is_a_mistake(string key, string value, string part)
    {
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(new() { [key] = value, [$"{key}:{part}"] = part == "AllowUnix" ? "true" : "10.0.0.0/8" }));

        options.Misread.Should().Contain(mistake => mistake.StartsWith(key));
    }

    [Test]
    public void A_label_may_begin_as_another_ends()
    {
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(new() { ["EngineOverlays:gpu-1:Labels:a"] = "1", ["EngineOverlays:gpu-1:Labels:a:b"] = "2" }));

        options.EngineOverlays["gpu-1"].Labels.Should().BeEquivalentTo(new Dictionary<string, string?> { ["a"] = "1", ["a:b"] = "2" });
    }

    [TestCase("address:10.0.0.5:2376", "whoever answers at 10.0.0.5:2376")]
    [TestCase("subject:CN=engine-0, O=Example", "whoever shows a certificate of CN=engine-0, O=Example")]
    [TestCase("certificate:nonsense", "nobody")]
    [TestCase("address:nonsense", "nobody")]
    [TestCase("10.0.0.5:2376", "nobody")]
    public void A_binding_that_is_none_is_met_by_nobody(string text, string meaning)
    {
        var options = new SwarmOptions();

        options.UseConfiguration(Configuration(new() { ["EngineOverlays:gpu-1:Binding"] = text }));

        options.EngineOverlays["gpu-1"].Binding!.ToString().Should().Be(meaning);
        options.EngineOverlays["gpu-1"].Binding!.IsMetBy(EngineAddress.Parse("10.0.0.5:2376"), certificate: null).Should().Be(meaning == "whoever answers at 10.0.0.5:2376");
    }

    [Test]
    public async Task A_label_that_an_overlay_cannot_have_is_an_error()
    {
        var errors = await StartAsync(options => options.UseConfiguration(Configuration(new() { ["EngineOverlays:gpu-1:Labels:node"] = "1" })));

        errors.Should().ContainSingle().Which.Should().StartWith("EngineOverlays:gpu-1:Labels: 'node' cannot be the key of a label");
    }

    [TestCase("Connection:AllowedNetworks:0", "*Connection.AllowedNetworks?0? is 'no such thing*")]
    [TestCase("Connection:AllowedNetworks", "*Connection.AllowedNetworks?0? is 'no such thing*")]
    [TestCase("EngineOverlays:gpu-1:Taints:0", "*Taints of 'gpu-1' has 'no such thing*")]
    [TestCase("CallTimeout", "*'no such thing*'CallTimeout'*")]
    public async Task Nonsense_bound_by_the_platform_is_an_error_of_ours_too(string key, string message)
    {
        var services = new ServiceCollection();
        services.AddSwarmCore().AddStaticDiscovery("192.0.2.1:1");
        services.Configure<SwarmOptions>(Configuration(new() { [key] = "no such thing" }).Bind);
        await using var provider = services.BuildServiceProvider();

        var start = () => provider.GetRequiredService<ICluster>().StartAsync();

        await start.Should().ThrowAsync<InvalidOptionsException>().WithMessage(message);
    }

    [Test]
    public async Task A_registered_cluster_is_configured_and_tells_all_mistakes_at_its_start()
    {
        var services = new ServiceCollection();
        services.AddSwarmCore("eu", options => options.Overcommit = -1)
            .UseConfiguration(Configuration(new() { ["Swarm:PingInterval"] = "soon", ["Swarm:Strategy"] = "binpack" }).GetSection("Swarm"))
            .UseConnector(new InMemoryEngines()).AddStaticDiscovery("a:1");
        await using var provider = services.BuildServiceProvider();

        var start = () => provider.GetRequiredKeyedService<ICluster>("eu").StartAsync();

        (await start.Should().ThrowAsync<InvalidOptionsException>()).Which.Errors.Should().SatisfyRespectively(
            error => error.Should().Be("Swarm:PingInterval is 'soon'; it must be a time such as 00:00:30."),
            error => error.Should().StartWith("Overcommit is -1"));
    }

    private static async Task<IReadOnlyList<string>> StartAsync(Action<SwarmOptions> configure)
    {
        var options = new SwarmOptions();
        configure(options);
        await using var cluster = SwarmCluster.Create(options, new SwarmPlugins { Discovery = new InMemoryDiscovery(), Connector = options.Connection.Validate().Any() ? null : new InMemoryEngines() });
        try
        {
            await cluster.StartAsync();
            return [];
        }
        catch (InvalidOptionsException error)
        {
            return error.Errors;
        }
    }

    private static IConfiguration Configuration(Dictionary<string, string?> values) => new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    private static string Text(object? value) => value switch
    {
        null => "null",
        Secret secret => secret.Reveal(),
        string text => text,
        IEnumerable<KeyValuePair<string, string?>> pairs => string.Join(", ", pairs),
        IEnumerable items => string.Join(", ", items.Cast<object>()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static bool IsInner(Type type) => type is { IsClass: true, Namespace: not null } && type.Namespace.StartsWith("Swarm.Core", StringComparison.Ordinal) && type.GetProperties().Any(property => property.CanWrite) && !typeof(IEnumerable).IsAssignableFrom(type);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => !_ofTheProgram.Contains(property.PropertyType));

    private static IEnumerable<string> Inner(Type type, string prefix) => Properties(type).SelectMany(property => InnerOf(property.PropertyType, prefix + property.Name));

    private static IEnumerable<string> InnerOf(Type type, string key) => ElementOf(type) is { } element
        ? [key, .. InnerOf(element.Type, $"{key}:{element.Key}")]
        : IsInner(type) ? [key, .. Inner(type, key + ":")] : [];

    private static IEnumerable<Leaf> Leaves(Type type, string prefix) => Properties(type).SelectMany(property => LeavesOf(property.PropertyType, prefix + property.Name));

    private static IEnumerable<Leaf> LeavesOf(Type type, string key) => ElementOf(type) is { } element
        ? LeavesOf(element.Type, $"{key}:{element.Key}")
        : IsInner(type) ? Leaves(type, key + ":") : [new Leaf(key, type)];

    // Lists and dictionaries of objects are looked into by one element.
    private static (Type Type, string Key)? ElementOf(Type type)
    {
        if (!type.IsGenericType || type.GetGenericArguments() is not [.., var element] || !IsInner(element))
        {
            return null;
        }

        return (element, type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? "gpu-1" : "0");
    }

    /// <summary>One option: its key, and its type.</summary>
    public sealed record Leaf(string Key, Type Type)
    {
        public Dictionary<string, string?> Values() => Type switch
        {
            _ when Type == typeof(NetworkList) => new() { [Key + ":0"] = "10.0.0.0/8", [Key + ":1"] = "fd00::/8" },
            _ when typeof(IEnumerable<string>).IsAssignableFrom(Type) && Type != typeof(string) => new() { [Key + ":0"] = "health", [Key + ":1"] = "port" },
            _ when typeof(IEnumerable<Taint>).IsAssignableFrom(Type) => new() { [Key + ":0"] = "dedicated=gpu", [Key + ":1"] = "slow" },
            _ when typeof(IEnumerable<KeyValuePair<string, string?>>).IsAssignableFrom(Type) => new() { [Key + ":region"] = "us" },
            _ => new() { [Key] = Scalar() },
        };

        public string Expected() => Type switch
        {
            _ when typeof(IEnumerable<KeyValuePair<string, string?>>).IsAssignableFrom(Type) => "[region, us]",
            _ when Type == typeof(EngineBinding) => "whoever answers at 10.0.0.5:2376",
            _ => string.Join(", ", Values().Values),
        };

        public object? Get(object root)
        {
            object? at = root;
            foreach (var step in Key.Split(':'))
            {
                at = at switch
                {
                    null => null,
                    IDictionary<string, EngineOverlay> overlays => overlays.TryGetValue(step, out var overlay) ? overlay : null,
                    IList list when int.TryParse(step, out var index) => index < list.Count ? list[index] : null,
                    _ => at.GetType().GetProperty(step)!.GetValue(at),
                };
            }

            return at;
        }

        private string Scalar()
        {
            var type = Nullable.GetUnderlyingType(Type) ?? Type;
            var before = Get(new SwarmOptions());
            return type == typeof(bool) ? (Key.EndsWith("IsEligible", StringComparison.Ordinal) || before is true || Key.EndsWith("RequireServerUsage", StringComparison.Ordinal) ? "False" : "True")
                : type.IsEnum ? Enum.GetNames(type).First(name => name != before?.ToString() && name != "NoCheck")
                : type == typeof(TimeSpan) ? "00:01:07"
                : type == typeof(int) || type == typeof(long) ? "107"
                : type == typeof(decimal) || type == typeof(double) ? "0.25"
                : type == typeof(string) || type == typeof(Secret) ? "another"
                : type == typeof(EngineBinding) ? "address:10.0.0.5:2376"
                : throw new NotSupportedException($"{Key} is a {type}: say here how a configuration gives it, and let it be read.");
        }
    }
}
