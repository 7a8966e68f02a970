using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using Swarm.Core.Architecture;
using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Diagnostics;

/// <summary>Every error of the library, found by reflection, is given hostile words wherever it takes words.</summary>
[TestFixture]
internal sealed class ExceptionTextTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    // What names a thing is given as it came, so that a program can compare it; all other texts are for people.
    private static readonly HashSet<string> _raw =
    [
        "AmbiguousNameException.Reference",
        "ContainerNotFoundException.Reference",
        "DiscoveryException.DiscoverySource",
        "EngineNotAdmittedException.EngineId",
        "EngineNotFoundException.Reference",
        "ExitLostException.ContainerId",
        "ExitLostException.EngineId",
        "ImageNotFoundException.Image",
        "InsufficientResourcesException.ContainerId",
        "InsufficientResourcesException.EngineId",
        "InsufficientResourcesException.EngineName",
        "InvalidAddressException.Address",
        "InvalidExpressionException.Expression",
        "InvalidLabelException.Label",
        "InvalidLabelException.Value",
        "InvalidOptionsException.ClusterName",
        "InvalidRequestException.Field",
        "LabelNotAllowedException.Container",
        "LabelNotAllowedException.Label",
        "LabelNotAllowedException.Value",
        "NameConflictException.Name",
        "PlacementPluginException.PluginKind",
        "PlacementPluginException.PluginName",
        "RegistryAccessDeniedException.Image",
        "RegistryAccessDeniedException.Registry",
        "RegistryCredentialsException.Image",
        "RegistryCredentialsException.Registry",
    ];

    private static IEnumerable<Type> Types => PackedLibraries.Names.SelectMany(name => Assembly.Load(name).GetTypes())
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(SwarmException)));

    private static IEnumerable<TestCaseData> Constructors => Types
        .SelectMany(type => type.GetConstructors())
        .Select(constructor => new TestCaseData(constructor).SetArgDisplayNames($"{constructor.DeclaringType!.Name}({constructor.GetParameters().Length})"));

    [TestCaseSource(nameof(Constructors))]
    public void Its_message_has_nothing_in_it_that_is_not_seen(ConstructorInfo constructor)
    {
        foreach (var error in Hostile.Words.Select(words => Make(constructor, words)))
        {
            Hostile.FindProblem(error.Message, isOfLines: error is PlacementException).Should().BeNull();
        }
    }

    [TestCaseSource(nameof(Constructors))]
    public void What_a_log_writes_of_it_has_nothing_in_it_that_is_not_seen(ConstructorInfo constructor)
    {
        foreach (var error in Hostile.Words.Select(words => Make(constructor, words)))
        {
            Hostile.FindProblem(error.ToString(), isOfLines: true).Should().BeNull();
        }
    }

    [TestCaseSource(nameof(Constructors))]
    public void Its_texts_for_people_have_nothing_in_them_that_is_not_seen(ConstructorInfo constructor)
    {
        foreach (var error in Hostile.Words.Select(words => Make(constructor, words)))
        {
            foreach (var (property, text) in TextsOf(error).Where(each => !_raw.Contains(each.Property)))
            {
                Hostile.FindProblem(text).Should().BeNull(property);
            }
        }
    }

    [TestCaseSource(nameof(Constructors))]
    public void What_names_a_thing_is_as_it_was_given(ConstructorInfo constructor)
    {
        foreach (var words in Hostile.Words)
        {
            TextsOf(Make(constructor, words)).Where(each => _raw.Contains(each.Property)).All(each => each.Text == words).Should().BeTrue();
        }
    }

    [Test]
    public void What_is_listed_as_given_as_it_came_is_there_and_says_so()
    {
        var documentation = Path.Combine(AppContext.BaseDirectory, "Swarm.Core.Abstractions.xml");
        var properties = Types.SelectMany(type => type.GetProperties()).DistinctBy(NameOf).ToDictionary(NameOf);

        properties.Keys.Should().Contain(_raw);
        var comments = System.Xml.Linq.XDocument.Load(documentation).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => member.Value);
        _raw.Where(name => !comments[$"P:{properties[name].DeclaringType!.FullName}.{properties[name].Name}"].Contains("as it was given", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Test]
    public void Errors_within_errors_come_to_an_end()
    {
        Exception inner = new IOException("broken");
        for (var level = 0; level < 6; level++)
        {
            inner = new AggregateException(inner, inner, inner, inner, inner);
        }

        new DiscoveryException("file", "It failed.", inner).ToString().Length.Should().BeLessThan(Hostile.LongestText);
    }

    private static Exception Make(ConstructorInfo constructor, string words) =>
        (Exception)constructor.Invoke([.. constructor.GetParameters().Select(parameter => ValueOf(parameter, words))]);

    private static object? ValueOf(ParameterInfo parameter, string words) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => words,
        var type when type == typeof(Exception) => new InvalidOperationException(words, new AggregateException(words, new IOException(words), new IOException(words))),
        var type when type == typeof(EngineAddress) => _address,
        var type when type == typeof(HttpStatusCode) => HttpStatusCode.Conflict,
        var type when type == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
        var type when type == typeof(bool) => true,
        var type when type == typeof(int) || type == typeof(long) => Convert.ChangeType(7, type, System.Globalization.CultureInfo.InvariantCulture),
        var type when type == typeof(ImmutableArray<string>) => Enumerable.Repeat(words, 3000).ToImmutableArray(),
        var type when type == typeof(ImmutableArray<(string, string)>) => Enumerable.Repeat((words, words), 3000).ToImmutableArray(),
        var type when type == typeof(ImmutableArray<IPAddress>) => Enumerable.Repeat(IPAddress.Loopback, 3000).ToImmutableArray(),
        var type when type == typeof(ResourceShortage) => new ResourceShortage(words, 7, 3),
        var type when type == typeof(ExceededLimit) => new ExceededLimit(words, 7, 3, words),
        var type when type == typeof(PlacementResult) => Refused(words),
        var type => throw new NotSupportedException($"Say how hostile words get into a {type.Name}."),
    };

    // Nobody can be placed: each node is rejected for another reason, and all reasons are hostile.
    private static PlacementResult Refused(string words)
    {
        var request = new PlacementRequest
        {
            Name = words,
            Image = words,
            Constraints = new ExpressionList([.. Expressions(words)]),
            Affinities = new ExpressionList([.. Expressions(words)]),
            Whitelists = ExpressionList.Unreadable(words),
            Dependencies = [new ContainerDependency(words, words)],
            PortBindings = [new PortBinding("80/tcp", words, words)],
            Resources = new ResourceVector { Slots = 1, Named = NamedResources.Create([KeyValuePair.Create(words, 3L)]) },
        };
        var nodes = Enumerable.Range(0, 30).Select(i => new NodeView { Id = $"{i}{words}", Name = words, IsEligible = i % 2 == 0, IneligibleReason = i + words });
        var scheduler = new Scheduler([.. BuiltInFilters.All, new TestFilter(words, _ => node => new Rejection(words, words, node.Id))], BuiltInStrategies.All, StrategyNames.Spread);
        return scheduler.Place(request, NodeSet.Create(nodes));
    }

    private static IEnumerable<Expressions.Expression> Expressions(string words) =>
        Enumerable.Range(0, 3).SelectMany(i => Swarm.Core.Expressions.Expression.TryParse($"region{i}=={words[..Math.Min(words.Length, 50_000)]}", out var expression, out _) ? new[] { expression! } : []);

    private static IEnumerable<(string Property, string Text)> TextsOf(Exception error) => error.GetType().GetProperties()
        .Where(property => property.DeclaringType!.IsAssignableTo(typeof(SwarmException)) && property.Name is not (nameof(Exception.Message) or nameof(PlacementException.Result)))
        .SelectMany(property => property.GetValue(error) switch
        {
            string text => [(NameOf(property), text)],
            IEnumerable<string> texts => texts.Select(text => (NameOf(property), text)),
            _ => Array.Empty<(string, string)>(),
        });

    private static string NameOf(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";
}
