using System.Collections;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Docker;
using Swarm.Core.Engines;
using Swarm.Core.Expressions;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Diagnostics;

/// <summary>What fails says no secret of what it was given. Whatever is logged or thrown meanwhile is looked at by the watch over the whole run.</summary>
[CancelAfter(60_000)]
public sealed class SecretsTests
{
    // For errors that the test itself makes with the secret in them.
    private const string Own = "own-secret-of-this-test";

    private static readonly ContainerSpec _spec = TestCluster.Spec("web") with { Environment = [Canary.Environment, "OWN=" + Own] };

    private static IEnumerable<HttpStatusCode> Refusals() =>
        [HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable];

    [TestCaseSource(nameof(Refusals))]
    public async Task A_real_engine_that_repeats_the_body_in_its_refusal_is_not_quoted_with_secrets(HttpStatusCode status)
    {
        var body = ContainerConfig.FromContainerSpec(_spec).Body;
        var message = JsonSerializer.Serialize(new { message = $"cannot make {Encoding.UTF8.GetString(body.Span)}" });
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));
        proxy.Next(request => request.IsCreate, ProxyFault.Say($"HTTP/1.1 {(int)status} No\r\nContent-Length: {message.Length}\r\n\r\n{message}"));
        await using var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);

        var create = () => engine.Containers.CreateAsync(_spec, CancellationToken.None);

        var error = (await create.Should().ThrowAsync<EngineApiException>()).Which;
        error.EngineMessage.Should().StartWith("cannot make {").And.Contain("OWN=[redacted]");
        ShouldBeClean(error);
    }

    [Test]
    public async Task A_refusal_that_is_cut_off_within_a_secret_shows_nothing_of_it()
    {
        for (var padding = CleanText.Longest - 30; padding < CleanText.Longest; padding++)
        {
            var message = new string('x', padding) + " " + Canary.Environment + " " + Own;
            await using var proxy = RecordingProxy.Standalone(ProxyFault.Say($"HTTP/1.1 500 No\r\nContent-Length: {message.Length}\r\n\r\n{message}"));
            await using var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);

            var create = () => engine.Containers.CreateAsync(_spec, CancellationToken.None);

            (await create.Should().ThrowAsync<EngineApiException>()).Which.EngineMessage.Should().NotContain("canary-").And.NotContain("own-");
        }
    }

    [TestCase("HTTP/1.1 201 Created\r\nContent-Length: 40\r\n\r\n{\"Id\": t" + Canary.Secret + " ............")]
    [TestCase("HTTP/1.1 201 Created\r\nContent-Length: 31\r\n\r\n{\"Id\": \"" + Canary.Secret + "\"}  ")]
    [TestCase("HTTP/1.1 302 " + Canary.Secret + "\r\nContent-Length: 0\r\nLocation: http://" + Canary.Secret + "/\r\n\r\n")]
    public async Task An_answer_of_nonsense_is_not_quoted(string answer)
    {
        await using var proxy = RecordingProxy.Standalone(ProxyFault.Say(answer, ProxyEnd.Close));
        await using var engine = await new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(proxy.Address, CancellationToken.None);

        var create = () => engine.Containers.CreateAsync(_spec, CancellationToken.None);

        ShouldBeClean((await create.Should().ThrowAsync<EngineException>()).Which);
    }

    private static IEnumerable<TestCaseData> Failures()
    {
        var address = TestCluster.AddressOf(0);
        yield return Case("a refusal", new EngineApiException(address, "create container", HttpStatusCode.BadRequest, $"bad OWN={Own}"));
        yield return Case("a conflict", new EngineApiException(address, "create container", HttpStatusCode.Conflict, $"bad OWN={Own}"));
        yield return Case("a defect", new EngineApiException(address, "create container", HttpStatusCode.InternalServerError, $"bad {Own}", new IOException(Own)));
        yield return Case("a missing image", new ImageNotFoundException(address, "create container", "busybox", $"bad {Own}"));
        yield return Case("a lost answer", new EngineUnreachableException(address, "create container", $"the link broke at {Own}"));
        yield return Case("nonsense", new EngineProtocolException(address, "create container", $"it said {Own}", new JsonException(Own)));
        yield return Case("an error of the connector", new InvalidDataException($"cannot send {Own}"));

        static TestCaseData Case(string name, Exception error) => new TestCaseData(error).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Failures))]
    public async Task A_create_that_fails_repeats_no_secret_whatever_the_connector_says(Exception failure)
    {
        var logs = new RecordingLoggerFactory();
        using var recording = new Recording(nameof(A_create_that_fails_repeats_no_secret_whatever_the_connector_says));
        await using var cluster = await TestCluster.StartAsync(logs: logs, options: options =>
        {
            options.Name = nameof(A_create_that_fails_repeats_no_secret_whatever_the_connector_says);
            options.PullMissingImages = false;
        });
        // A conflict may be over in a moment: it is sent again.
        for (var sent = 0; sent < 100; sent++)
        {
            cluster.Host(0).FailNext(EngineOperation.CreateContainer, failure);
        }

        var create = cluster.Containers.CreateAsync(_spec);
        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "the create gives up");

        var error = (await FluentActions.Awaiting(() => create).Should().ThrowAsync<SwarmException>()).Which;
        ShouldBeClean(error);
        logs.Lines.Should().NotBeEmpty().And.NotContain(line => line.Contains(Own, StringComparison.Ordinal));
        recording.Activities.SelectMany(each => each.TagObjects).Should().NotBeEmpty().And.NotContain(tag => $"{tag.Value}".Contains(Own, StringComparison.Ordinal));
    }

    [Test]
    public async Task A_run_whose_start_fails_repeats_no_secret(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).FailNext(EngineOperation.StartContainer, new EngineApiException(TestCluster.AddressOf(0), "start container", HttpStatusCode.BadRequest, $"cannot exec with OWN={Own}"));

        var run = () => cluster.Containers.RunAsync(_spec, cancellationToken);

        var error = (await run.Should().ThrowAsync<EngineApiException>()).Which;
        error.EngineMessage.Should().Be("cannot exec with OWN=[redacted]");
        ShouldBeClean(error);
    }

    [Test]
    public async Task A_create_that_times_out_repeats_no_secret()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Host(0).Hang();
        var create = cluster.Containers.CreateAsync(_spec);

        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "the create gives up", TimeSpan.FromSeconds(30));

        ShouldBeClean((await FluentActions.Awaiting(() => create).Should().ThrowAsync<EngineException>()).Which);
    }

    private static readonly string[] _malformed =
    [
        "{\"Image\":\"a\",\"Env\":[t" + Canary.Secret + "]}",
        "{\"Image\":\"a\",\"Env\":[\"A=" + Canary.Secret + "]}",
        "{\"Image\":\"a\",\"Env\":[\"A=" + Canary.Secret + "\"",
        "{\"Image\":\"a\",\"Env\":\"A=" + Canary.Secret + "\",\"Env\":[]}",
        "{\"Image\":\"a\",\"Env\":{\"A\":\"" + Canary.Secret + "\"}}",
        "{\"Image\":\"a\",\"Env\":[[\"" + Canary.Secret + "\"]]}",
        "{\"Image\":\"a\",\"HostConfig\":{\"Memory\":\"" + Canary.Secret + "\"},\"Env\":[\"A=" + Canary.Secret + "\"]}",
        "{\"Image\":\"a\",\"HostConfig\":{\"Memory\":-1" + Canary.Secret + "}}",
        "\"" + Canary.Secret + "\"",
        Canary.Secret,
        "{\"Image\":\"a\"} " + Canary.Secret,
    ];

    [TestCaseSource(nameof(_malformed))]
    public void A_malformed_body_is_not_quoted(string body)
    {
        var parse = () => ContainerConfig.Parse(Encoding.UTF8.GetBytes(body));

        ShouldBeClean(parse.Should().Throw<InvalidRequestException>().Which);
    }

    [TestCaseSource(nameof(_malformed))]
    public void A_malformed_answer_is_not_quoted(string body)
    {
        var parse = () => ContainerInspection.Parse(Encoding.UTF8.GetBytes(body));

        ShouldBeClean(parse.Should().Throw<JsonException>().Which);
    }

    [TestCase("constraint:region==/(/", "/(/")]
    [TestCase("constraint:region==/", "region==/")]
    [TestCase("whitelist:node!=a", "node!=a")]
    public void A_bad_rule_in_the_environment_is_quoted_and_its_neighbours_are_not(string entry, string quoted)
    {
        using var cluster = SwarmCluster.Create(new SwarmOptions { BodyRules = BodyRules.Classic }, new SwarmPlugins { Discovery = new InMemoryDiscovery() });

        var plan = () => cluster.Plan(_spec with { Environment = [Canary.Environment, entry, "OWN=" + Own] });

        var error = plan.Should().Throw<InvalidExpressionException>().Which;
        error.Message.Should().Contain(quoted);
        ShouldBeClean(error);
    }

    [Test]
    public void A_rule_in_the_environment_that_is_not_honoured_is_quoted_and_its_neighbours_are_not()
    {
        using var cluster = SwarmCluster.Create(new SwarmOptions(), new SwarmPlugins { Discovery = new InMemoryDiscovery() });

        var plan = () => cluster.Plan(_spec with { Environment = [Canary.Environment, "constraint:region==eu", "OWN=" + Own] });

        var error = plan.Should().Throw<LabelNotAllowedException>().Which;
        error.Message.Should().Contain("constraint:region==eu");
        ShouldBeClean(error);
    }

    [Test]
    public async Task A_request_that_fits_nowhere_is_explained_without_its_environment()
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        var create = () => cluster.Containers.CreateAsync(_spec with { Constraints = ["region==eu"], MemoryBytes = 1L << 40 });

        var error = (await create.Should().ThrowAsync<PlacementException>()).Which;
        error.Message.Should().Contain("region==eu");
        ShouldBeClean(error);
        ShouldBeSilent(error);
    }

    [Test]
    public async Task Nothing_public_that_a_create_leads_to_shows_a_secret_as_text(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        using var subscription = cluster.Cluster.Events.Subscribe();
        var created = await cluster.Containers.TryCreateAsync(_spec, cancellationToken);
        var inspection = await cluster.Containers.InspectAsync("web", cancellationToken);
        ContainerConfig config = _spec;

        Encoding.UTF8.GetString(inspection.Json.Span).Should().Contain(Canary.Secret, "the secret is really there");
        var seen = ShouldBeSilent(_spec, config, created, inspection, cluster.Cluster, cluster.Cluster.Snapshot, cluster.Cluster.Engines.List(), cluster.Containers.List(), cluster.Cluster.Plan(_spec));
        seen.Should().Contain([typeof(ContainerSpec), typeof(ContainerConfig), typeof(PlacementRequest), typeof(PlacementResult), typeof(ClusterContainer), typeof(ContainerView), typeof(ContainerInspection), typeof(NodeView), typeof(EngineState)]);
    }

    [Test]
    public void No_type_says_for_itself_what_a_debugger_shows()
    {
        // Without such an attribute a debugger shows what ToString gives, and that is looked at above.
        var types = PackedAssemblies().SelectMany(assembly => assembly.GetTypes());

        types.Where(type => type.GetCustomAttributes<System.Diagnostics.DebuggerDisplayAttribute>(inherit: false).Any(each => each.Value != "***" && !type.Name.Contains('<', StringComparison.Ordinal)))
            .Where(type => !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))
            .Should().BeEmpty();
    }

    private static Assembly[] PackedAssemblies() => [typeof(ContainerSpec).Assembly, typeof(SwarmCluster).Assembly, typeof(InMemoryEngine).Assembly];

    private static void ShouldBeClean(Exception error)
    {
        for (var each = error; each is not null; each = each.InnerException)
        {
            string[] said = [each.Message, each.ToString(), .. each.Data.Values.Cast<object?>().Select(value => $"{value}")];
            said.Should().NotContain(text => text.Contains(Canary.Secret, StringComparison.Ordinal) || text.Contains(Own, StringComparison.Ordinal));
        }
    }

    /// <summary>Asks everything of the library that can be reached through public properties for its text. Returns the types that were asked.</summary>
    private static HashSet<Type> ShouldBeSilent(params object[] roots)
    {
        var types = new HashSet<Type>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object?>(roots);
        while (left.TryPop(out var next))
        {
            if (next is null or string || next.GetType().IsPrimitive || !seen.Add(next))
            {
                continue;
            }

            if (next is IEnumerable items)
            {
                foreach (var item in items)
                {
                    left.Push(item);
                }
            }

            var type = next.GetType();
            if (type.Assembly != typeof(ContainerSpec).Assembly && type.Assembly != typeof(SwarmCluster).Assembly)
            {
                continue;
            }

            types.Add(type);
            next.ToString().Should().NotContain(Canary.Secret, "{0} shows no secret", type).And.NotContain(Own, "{0} shows no secret", type);
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike))
            {
                left.Push(property.GetValue(next));
            }
        }

        return types;
    }
}
