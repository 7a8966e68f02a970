using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerCallsTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);
    private static readonly EngineAddress _address = EngineAddress.Parse("engine-0:2375");

    private readonly FollowedEngine _engine;
    private readonly OngoingWork _work;
    private readonly ContainerCalls _calls;

    private static ClusterContainer Known => new(FollowedEngine.Id, "engine-0", A.Container("web"));

    public ContainerCallsTests()
    {
        _engine = new();
        _work = new OngoingWork("test", TimeSpan.FromSeconds(1), new FakeTimeProvider(), NullLogger.Instance);
        var engines = new AdmittedEngines(_engine.Find);
        _calls = new ContainerCalls(engines, new ContainerRefresher(engines, _work, NullLogger.Instance));
        _engine.Show(Known.View);
    }

    public void Dispose() => _work.Dispose();

    [Test]
    public async Task A_call_is_given_the_ID_of_the_container()
    {
        var id = await _calls.CallAsync(Known, "ask something", _limit, (_, id, _) => Task.FromResult(id), CancellationToken.None);

        id.Should().Be("id-of-web");
        _engine.Calls.Should().Equal(("ask something", _limit));
    }

    [Test]
    public async Task What_went_well_is_not_looked_at_again()
    {
        await _calls.CallAsync(Known, "do something", _limit, (_, _, _) => Task.CompletedTask, CancellationToken.None);

        await _work.EndAsync();
        _engine.Refreshed.Should().BeEmpty();
    }

    [Test]
    public async Task A_change_gives_the_container_as_its_engine_shows_it_then()
    {
        _engine.OnRefresh = (_, _) =>
        {
            _engine.Show(A.Container("web", memory: 7));
            return Task.FromResult(ContainerLook.There);
        };

        var changed = await _calls.ChangeAsync(Known, "do something", _limit, (_, _, _) => Task.CompletedTask, CancellationToken.None);

        changed.View.Resources.MemoryBytes.Should().Be(7);
    }

    [Test]
    public async Task What_is_not_found_is_the_container_when_that_is_gone()
    {
        _engine.Show();

        await Failing(HttpStatusCode.NotFound).Should().ThrowAsync<ContainerNotFoundException>().WithInnerException(typeof(EngineApiException));
    }

    [Test]
    public async Task What_is_not_found_is_something_else_when_the_container_is_there()
    {
        await Failing(HttpStatusCode.NotFound).Should().ThrowAsync<EngineApiException>();
    }

    [Test]
    public async Task An_engine_that_left_meanwhile_is_not_taken_for_one_without_the_container()
    {
        var call = () => _calls.CallAsync(Known with { EngineId = "ID-1" }, "ask something", _limit, (_, _, _) => Task.FromResult(1), CancellationToken.None);

        await call.Should().ThrowAsync<EngineNotAdmittedException>();
    }

    [TestCase(HttpStatusCode.Conflict)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    public async Task After_any_other_failure_the_container_is_looked_at_without_waiting(HttpStatusCode status)
    {
        var looked = Looked();

        await Failing(status).Should().ThrowAsync<EngineApiException>();

        (await looked.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be("id-of-web");
    }

    [Test]
    public async Task When_the_caller_gives_up_the_container_is_looked_at_without_waiting()
    {
        var looked = Looked();
        var call = () => _calls.CallAsync(Known, "do something", _limit, (_, _, _) => Task.FromException(new OperationCanceledException()), CancellationToken.None);

        await call.Should().ThrowAsync<OperationCanceledException>();

        (await looked.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be("id-of-web");
    }

    [Test]
    public async Task A_question_that_concerns_the_container_alone_is_taken_at_its_word_when_it_is_not_found()
    {
        var looked = Looked();
        var ask = () => _calls.QueryAsync<int>(Known, "ask something", _limit, (_, _, _) => throw Answer(HttpStatusCode.NotFound), CancellationToken.None);

        await ask.Should().ThrowAsync<ContainerNotFoundException>();

        (await looked.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be("id-of-web", "the state is to show that soon");
    }

    [Test]
    public async Task A_question_that_fails_otherwise_changes_nothing_and_nothing_is_looked_at()
    {
        var ask = () => _calls.QueryAsync<int>(Known, "ask something", _limit, (_, _, _) => throw Answer(HttpStatusCode.ServiceUnavailable), CancellationToken.None);

        await ask.Should().ThrowAsync<EngineApiException>();

        await _work.EndAsync();
        _engine.Refreshed.Should().BeEmpty();
    }

    [Test]
    public async Task A_container_is_read_from_its_engine()
    {
        var host = new InMemoryEngine(TestCluster.Host(0, new FakeTimeProvider()));
        var id = (await host.Local.Containers.CreateAsync(TestCluster.Spec("web"), CancellationToken.None)).Id;
        _engine.Io = host.Local;

        var inspection = await _calls.InspectAsync(_engine, Known with { View = Known.View with { Id = id } }, _limit, CancellationToken.None);

        inspection.View.Name.Should().Be("web");
        _engine.Calls.Should().Equal(("inspect container", _limit));
    }

    [Test]
    public async Task A_container_that_is_gone_cannot_be_read()
    {
        var host = new InMemoryEngine(TestCluster.Host(0, new FakeTimeProvider()));
        _engine.Io = host.Local;
        _engine.Show();

        await _calls.Awaiting(calls => calls.InspectAsync(_engine, Known, _limit, CancellationToken.None)).Should().ThrowAsync<ContainerNotFoundException>();
    }

    [Test]
    public async Task A_reading_that_fails_is_no_reason_to_look_again()
    {
        _engine.OnCall = (_, _) => throw Answer(HttpStatusCode.ServiceUnavailable);

        await _calls.Awaiting(calls => calls.InspectAsync(_engine, Known, _limit, CancellationToken.None)).Should().ThrowAsync<EngineApiException>();

        await _work.EndAsync();
        _engine.Refreshed.Should().BeEmpty();
    }

    private static EngineApiException Answer(HttpStatusCode status) => new(_address, "ask something", status, "no");

    private Func<Task<int>> Failing(HttpStatusCode status) =>
        () => _calls.CallAsync<int>(Known, "ask something", _limit, (_, _, _) => throw Answer(status), CancellationToken.None);

    private Task<string> Looked()
    {
        var looked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.OnRefresh = (id, _) =>
        {
            looked.TrySetResult(id);
            return Task.FromResult(ContainerLook.There);
        };
        return looked.Task;
    }
}
