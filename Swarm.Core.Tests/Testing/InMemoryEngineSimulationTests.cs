using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>Under a synchronization context nothing may happen behind its back: what a step causes is queued there before the step ends.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InMemoryEngineSimulationTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly QueueContext _context = new();
    private readonly InMemoryEngine _machine;
    private readonly InMemoryEngines _network = new();
    private IEngine _engine = null!;

    public InMemoryEngineSimulationTests() =>
        _machine = _network.Add(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Time = _time });

    [SetUp]
    public async Task ConnectAsync() => _engine = await _network.ConnectAsync(_machine.Address, default);

    [TearDown]
    public async Task CloseAsync() => await _engine.DisposeAsync();

    [Test]
    public void A_resumed_call_goes_on_in_its_context()
    {
        _machine.Hang();

        ExpectCompletion(engine => engine.System.PingAsync(default), _machine.Resume);
    }

    [Test]
    public void A_call_whose_connection_breaks_goes_on_in_its_context()
    {
        _machine.Hang();

        ExpectCompletion(engine => engine.System.PingAsync(default), _machine.Disconnect);
    }

    [Test]
    public void A_stop_that_lasts_goes_on_in_its_context() =>
        ExpectCompletion(
            async engine =>
            {
                var created = await engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox","Cmd":["sleep","1"]}"""u8), default);
                await engine.Containers.StartAsync(created.Id, default);
                await engine.Containers.StopAsync(created.Id, null, default);
            },
            () => _time.Advance(TimeSpan.FromSeconds(10)));

    [Test]
    public void A_restart_that_lasts_goes_on_in_its_context() =>
        ExpectCompletion(
            async engine =>
            {
                var created = await engine.Containers.CreateAsync(ContainerConfig.Parse("""{"Image":"busybox","Cmd":["sleep","1"]}"""u8), default);
                await engine.Containers.StartAsync(created.Id, default);
                await engine.Containers.RestartAsync(created.Id, null, default);
            },
            () => _time.Advance(TimeSpan.FromSeconds(10)));

    [Test]
    public void A_delayed_answer_goes_on_in_its_context()
    {
        ExpectCompletion(
            async engine =>
            {
                _machine.SetLatency(TimeSpan.FromSeconds(2));
                await engine.System.PingAsync(default);
            },
            () => _time.Advance(TimeSpan.FromSeconds(1)),
            () => _time.Advance(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_reader_that_gets_an_event_goes_on_in_its_context() =>
        ExpectCompletion(
            async engine =>
            {
                await using var events = await engine.System.OpenEventsAsync(null, default);
                await events.ReadAsync(default);
            },
            () => _machine.AddVolume("data"));

    private void ExpectCompletion(Func<IEngine, Task> call, params Action[] steps)
    {
        var task = _context.Start(async () => await call(_engine));
        foreach (var step in steps)
        {
            task.IsCompleted.Should().BeFalse();
            step();
            _context.RunQueued().Should().BePositive("the step should have queued what follows from it");
        }

        task.IsCompleted.Should().BeTrue();
    }

    private sealed class QueueContext : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = [];

        public override void Post(SendOrPostCallback d, object? state)
        {
            lock (_queue)
            {
                _queue.Enqueue((d, state));
            }
        }

        public Task Start(Func<Task> work)
        {
            Task? task = null;
            Within(() => task = work());
            RunQueued();
            return task!;
        }

        public int RunQueued()
        {
            var count = 0;
            while (true)
            {
                (SendOrPostCallback Callback, object? State) next;
                lock (_queue)
                {
                    if (!_queue.TryDequeue(out next))
                    {
                        return count;
                    }
                }

                count++;
                Within(() => next.Callback(next.State));
            }
        }

        private void Within(Action action)
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                action();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
