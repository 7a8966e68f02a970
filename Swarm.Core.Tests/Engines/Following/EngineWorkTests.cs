using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineWorkTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(EngineWorkTests));
    private readonly ConcurrentQueue<EngineMessage> _posted = [];
    private readonly AskedOwner _owner = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task What_was_read_and_what_was_inspected_is_posted()
    {
        var work = Make();

        work.Read(7, [], ReadingPlan.Everything);
        work.Inspect("gone", 8);
        await Task.WhenAll(work.Started).WaitAsync(TimeSpan.FromMinutes(1));

        _posted.Should().HaveCount(2);
        _posted.OfType<EngineMessage.ReadingEnded>().Should().ContainSingle().Which.Reading!.StartedAt.Should().Be(7);
        _posted.OfType<EngineMessage.Inspected>().Should().ContainSingle().Which.Should().Be(new EngineMessage.Inspected("gone", 8, null, null));
    }

    [Test]
    public void What_the_cluster_decides_is_posted_with_the_reading_that_it_decided_on()
    {
        var reading = LoopUnderTest.Reading(3);

        Make().Admit(reading);
        _posted.Should().BeEmpty("it has not decided yet");
        _owner.Answer.SetResult(("id", null));

        _posted.Should().Equal(new EngineMessage.AdmissionDecided("id", null, reading));
    }

    [Test]
    public async Task Everything_ends_with_the_loop_and_nothing_is_posted_then()
    {
        var work = Make();
        work.Admit(LoopUnderTest.Reading(3));
        work.PostLater(TimeSpan.FromSeconds(1), new EngineMessage.ReadingRequested());

        work.Started.Should().HaveCount(2);
        await _stop.CancelAsync();
        await Task.WhenAll(work.Started).WaitAsync(TimeSpan.FromMinutes(1));

        _posted.Should().BeEmpty();
    }

    [Test]
    public void A_message_is_posted_when_its_time_has_come_and_what_has_ended_is_not_kept()
    {
        var work = Make();
        for (var number = 0; number < 1000; number++)
        {
            work.PostLater(TimeSpan.FromSeconds(1), new EngineMessage.InspectionSlow());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _posted.Should().HaveCount(1000);
        work.Started.Count.Should().BeLessThan(100);
    }

    private EngineWork Make()
    {
        var (timings, identifiers, intake) = (new EngineTimings(), IdentifierSource.Create(1), new EngineIntake(new EngineLimits()));
        var host = new InMemoryEngine(TestCluster.Host(0, _time));
        var calls = new FollowingCalls(host.Address, timings, _time, _metrics);
        var memory = intake.Memory.Open();
        return new EngineWork(
            host.Local,
            new FollowedState(host.Address, memory, _owner),
            new EngineReader(calls, intake, new ThingKinds(calls, intake), memory, timings, _time, NullLogger.Instance, () => 1, () => { }, _posted.Enqueue),
            new ReadingUnderWay(host.Address, NullLogger.Instance),
            new ContainerInspections(calls, intake, timings, _time, identifiers, _posted.Enqueue),
            new EngineAlarm(_time, _posted.Enqueue),
            _owner,
            _posted.Enqueue,
            _stop.Token);
    }

    private sealed class AskedOwner : ILoopOwner
    {
        public TaskCompletionSource<(string? Id, string? Reason)> Answer { get; } = new();

        public Task<(string? Id, string? Reason)> AdmitAsync(EngineReading reading, CancellationToken cancellationToken) => Answer.Task.WaitAsync(cancellationToken);

        public EngineOverlay ResolveOverlay(string id, string name, EngineCertificate? certificate) => EngineOverlay.Empty;

        public void Report(EngineTransition transition) => throw new NotSupportedException("Nothing changes the state here.");

        public void ReportWhole() => throw new NotSupportedException("Nothing changes the state here.");

        public void ReadWhole(EngineReading reading) => throw new NotSupportedException("Nothing changes the state here.");

        public ImmutableArray<string> AwaitedContainers() => throw new NotSupportedException("The loop asks.");

        public ImmutableArray<string> UnshownContainers(EngineReading reading) => throw new NotSupportedException("The loop asks.");

        public void ShareFell() => throw new NotSupportedException("Nothing shares the memory here.");

        public void CameAndWent(ContainerView container) => throw new NotSupportedException("Nothing is told here.");
    }
}
