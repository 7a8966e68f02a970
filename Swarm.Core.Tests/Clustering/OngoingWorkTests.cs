using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

[CancelAfter(20_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OngoingWorkTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time;
    private readonly RecordingLoggerFactory _logs;
    private readonly OngoingWork _work;

    public OngoingWorkTests()
    {
        _time = new();
        _logs = new();
        _work = new OngoingWork("test", _limit, _time, _logs.CreateLogger("work"));
    }

    public void Dispose()
    {
        _work.Dispose();
        _logs.Dispose();
    }

    [Test]
    public async Task The_end_comes_at_once_when_nothing_is_under_way()
    {
        await _work.EndAsync();

        _work.Stopping.IsCancellationRequested.Should().BeTrue();
    }

    [Test]
    public async Task The_end_waits_for_a_caller_at_work(CancellationToken cancellationToken)
    {
        _work.Enter();
        var end = _work.EndAsync();
        end.IsCompleted.Should().BeFalse();

        _work.Leave();

        await end.WaitAsync(cancellationToken);
        _logs.Entries.Should().BeEmpty();
    }

    [Test]
    public async Task No_caller_begins_after_the_stop()
    {
        await _work.EndAsync();

        _work.Invoking(work => work.Enter()).Should().Throw<InvalidOperationException>().WithMessage("Cluster 'test' is not started.");
    }

    [Test]
    public async Task The_end_ends_work_in_the_background_and_waits_for_it(CancellationToken cancellationToken)
    {
        var hasEnded = false;
        _work.InBackground(async stopping =>
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
            }
            catch (OperationCanceledException)
            {
                hasEnded = true;
            }
        });

        await _work.EndAsync().WaitAsync(cancellationToken);

        hasEnded.Should().BeTrue();
    }

    [Test]
    public async Task Work_that_does_not_end_holds_the_stop_up_for_its_limit_only(CancellationToken cancellationToken)
    {
        _work.Enter();
        var end = _work.EndAsync();
        _time.Advance(_limit - TimeSpan.FromMilliseconds(1));
        end.IsCompleted.Should().BeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        await end.WaitAsync(cancellationToken);
        _logs.Entries.Select(entry => entry.Event).Should().Equal("WorkLeft");
    }

    [Test]
    public async Task Work_in_the_background_that_throws_is_a_defect_and_is_told()
    {
        _work.InBackground(_ => throw new FormatException());

        await Eventually.IsTrueAsync(() => _logs.Entries.Any(entry => entry is { Event: "BackgroundFailed", Exception: FormatException }), "the defect is told");
    }
}
