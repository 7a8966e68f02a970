using System.Collections.Concurrent;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

[CancelAfter(120_000)]
public sealed class ManagedEngineTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Eight_inspections_that_hang_do_not_hold_up_the_ninth_container(CancellationToken cancellationToken)
    {
        await using var engine = new EngineUnderTest();
        var ids = await CreateAsync(engine, 9);
        await engine.StartAsync();
        engine.Tap.OnInspect = (id, token) => id == ids[8] ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await engine.Containers.StartAsync(ids[8], cancellationToken);

        ids.ForEach(id => engine.Tell("update", id));
        await engine.PassTimeUntilAsync(() => engine.State.FindContainer(ids[8])!.State == ContainerState.Running, "the ninth is looked at", _second / 10);

        (engine.Time.GetUtcNow() - engine.Time.Start).Should().BeLessThan(new EngineTimings().CallTimeout, "nobody waited for a time limit");
    }

    [Test]
    public async Task Inspections_that_hang_are_bounded(CancellationToken cancellationToken)
    {
        await using var engine = new EngineUnderTest();
        var ids = await CreateAsync(engine, 120);
        await engine.StartAsync();
        var most = HangOn(engine, ids);

        ids.ForEach(id => engine.Tell("update", id));
        await engine.PassTimeUntilAsync(() => most() >= 64, "the slow ones make room", _second / 10);
        await engine.PassTimeUntilAsync(() => engine.Time.GetUtcNow() > engine.Time.Start.AddSeconds(13), "none has timed out yet, for then the next may begin before this counts it out", _second / 10);

        most().Should().Be(InspectionQueue.QuickLane + InspectionQueue.SlowLane);
    }

    [Test]
    public async Task Inspections_that_hang_are_known_to_hang_afterwards(CancellationToken cancellationToken)
    {
        await using var engine = new EngineUnderTest();
        var ids = await CreateAsync(engine, InspectionQueue.QuickLane + InspectionQueue.SlowLane + 1);
        var well = ids[^1];
        await engine.StartAsync();
        var most = HangOn(engine, ids[..^1]);
        var asked = engine.Host.CallCount(EngineOperation.InspectContainer);

        ids[..^1].ForEach(id => engine.Tell("update", id));
        await engine.PassTimeUntilAsync(() => most() >= ids.Count - 1, "all of them hang at once", _second / 10);
        await engine.PassTimeUntilAsync(() => engine.Time.GetUtcNow() > engine.Time.Start.AddSeconds(28), "all of them have timed out once", _second);
        ids[..^1].ForEach(id => engine.Tell("update", id));
        await engine.Containers.StartAsync(well, cancellationToken);
        engine.Tell("start", well);
        await Eventually.IsTrueAsync(() => engine.State.FindContainer(well)!.State == ContainerState.Running, "no time has to pass for one that is well");

        engine.Host.CallCount(EngineOperation.InspectContainer).Should().Be(asked + 1, "the others never got through");
    }

    [Test]
    public async Task What_a_reading_has_listed_counts_before_the_rest_is_listed()
    {
        const long Most = 4_000_000;
        await using var engine = new EngineUnderTest(intake: new EngineIntake(new EngineLimits { MaxBytes = Most, MaxBytesTogether = Most }));
        for (var number = 0; number < 2000; number++)
        {
            engine.Host.AddImage(new InMemoryImage($"image-{number}:1"));
        }

        engine.Intake.Memory.Open().State(Most - 100_000);
        var allowance = 0L;
        engine.Connected = tap => tap.OnListNetworks = (listed, _) =>
        {
            allowance = engine.Intake.Memory.Allowance;
            return Task.FromResult(listed);
        };

        await engine.StartAsync();

        allowance.Should().BePositive().And.BeLessThan(Most);
    }

    [Test]
    public async Task A_reading_does_without_the_few_answers_that_break_and_reads_those_soon()
    {
        await using var engine = new EngineUnderTest();
        var ids = await CreateAsync(engine, 40);
        await engine.StartAsync();
        var (lists, asked) = (engine.ReadWholeCount, new ConcurrentDictionary<string, int>());
        engine.Tap.OnInspect = (id, _) => ids.IndexOf(id) < 3 && asked.AddOrUpdate(id, 1, (_, times) => times + 1) <= 2
            ? throw new EngineUnreachableException(engine.Host.Address, "inspect container", "the connection was reset")
            : Task.CompletedTask;
        await engine.Containers.StartAsync(ids[0], CancellationToken.None);

        engine.Engine.RefreshSoon();
        await Eventually.IsTrueAsync(() => engine.ReadWholeCount == lists + 1, "it is read");
        await Eventually.IsTrueAsync(() => engine.State.FindContainer(ids[0])!.State == ContainerState.Running, "no time has to pass");

        engine.Statuses.Should().Equal(EngineStatus.Healthy);
        engine.State.Containers.Should().HaveCount(40);
        asked.Values.Should().OnlyContain(times => times == 3, "once more within the reading, and once after it");
    }

    [Test]
    public async Task A_reading_of_which_much_breaks_is_given_up_before_everything_was_asked()
    {
        await using var engine = new EngineUnderTest();
        await CreateAsync(engine, 400);
        await engine.StartAsync();
        var asked = 0;
        engine.Tap.OnInspect = (_, _) =>
        {
            Interlocked.Increment(ref asked);
            throw new EngineUnreachableException(engine.Host.Address, "inspect container", "the connection was reset");
        };

        engine.Engine.RefreshSoon();
        await Eventually.IsTrueAsync(() => asked > 0, "it is being read");
        await SettleAsync(engine);

        asked.Should().BeLessThan(200);
        engine.ReadWholeCount.Should().Be(1);
        engine.State.Status.Should().Be(EngineStatus.Healthy, "it takes more than one reading");
        await engine.PassTimeUntilAsync(() => engine.State.Status == EngineStatus.Unhealthy, "three are enough");
    }

    [Test]
    public async Task A_list_that_breaks_once_is_asked_for_again_at_once()
    {
        await using var engine = new EngineUnderTest();
        await engine.StartAsync();
        engine.Host.LoseNextAnswer(EngineOperation.ListContainers);

        engine.Engine.RefreshSoon();

        await Eventually.IsTrueAsync(() => engine.ReadWholeCount == 2, "no time has to pass");
        engine.Statuses.Should().Equal(EngineStatus.Healthy);
    }

    [Test]
    public async Task The_reading_under_way_ends_with_the_loss_of_its_engine()
    {
        await using var engine = new EngineUnderTest();
        await CreateAsync(engine, 300);
        await engine.StartAsync();
        var (asked, gate) = (0, new TaskCompletionSource());
        engine.Tap.OnInspect = (id, token) => id != "marker" && Interlocked.Increment(ref asked) > 50 ? gate.Task.WaitAsync(token) : Task.CompletedTask;
        engine.Engine.RefreshSoon();
        await Eventually.IsTrueAsync(() => Volatile.Read(ref asked) >= 50 + InspectionQueue.QuickLane, "it is in the middle");

        engine.Lose();
        await Eventually.IsTrueAsync(() => engine.State.Status == EngineStatus.Unhealthy, "the loss is known");
        await SettleAsync(engine);
        gate.SetResult();
        await SettleAsync(engine);

        asked.Should().Be(50 + InspectionQueue.QuickLane);
        engine.ReadWholeCount.Should().Be(1);
        engine.Tap.OnInspect = (_, _) => Task.CompletedTask;
        engine.Monitor.Tell(new EventsSubscribed());
        await Eventually.IsTrueAsync(() => engine.State.Status == EngineStatus.Healthy, "the next one begins at once");
    }

    [Test]
    public async Task The_next_list_is_due_an_interval_after_the_last_one_ended()
    {
        var interval = TimeSpan.FromSeconds(5);
        await using var engine = new EngineUnderTest(new EngineTimings { RefreshInterval = interval, CallTimeout = TimeSpan.FromMinutes(5) });
        await engine.StartAsync();
        var (lists, ends) = (new ConcurrentQueue<DateTimeOffset>(), new TaskCompletionSource());
        engine.Tap.OnList = async (listed, token) =>
        {
            lists.Enqueue(engine.Time.GetUtcNow());
            await ends.Task.WaitAsync(token);
            return listed;
        };

        await engine.PassTimeUntilAsync(() => lists.Count == 1, "a list is due", _second / 10);
        for (var i = 0; i < 600; i++)
        {
            engine.Time.Advance(_second / 10);
        }

        await SettleAsync(engine);
        lists.Should().HaveCount(1, "it is still being read");
        ends.SetResult();
        var ended = engine.Time.GetUtcNow();
        await Eventually.IsTrueAsync(() => engine.ReadWholeCount == 2, "it is read");
        await engine.PassTimeUntilAsync(() => lists.Count == 2, "the next is due", _second / 10);

        (lists.Last() - ended).Should().BeGreaterThanOrEqualTo(interval).And.BeLessThan(3 * interval);
    }

    [Test]
    public async Task A_storm_of_events_that_cannot_be_followed_costs_one_list_and_the_next_one_still_comes()
    {
        await using var engine = new EngineUnderTest();
        var id = await engine.CreateAsync();
        await engine.StartAsync();
        var (listing, listed) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        engine.Tap.OnList = async (containers, token) =>
        {
            listing.TrySetResult();
            await listed.Task.WaitAsync(token);
            return containers;
        };
        engine.Engine.RefreshSoon();
        await Eventually.IsTrueAsync(() => listing.Task.IsCompleted, "it is being read");
        using var block = new ManualResetEventSlim();
        using var blocked = new ManualResetEventSlim();
        engine.OnPublish = _ =>
        {
            blocked.Set();
            block.Wait(CancellationToken.None); // the loop cannot go on: events pile up
        };
        engine.Engine.SetDiscovered(true);
        await Eventually.IsTrueAsync(() => blocked.IsSet, "the loop is held");
        for (var i = 0; i < 20_000; i++)
        {
            engine.Tell("update", id);
        }

        await Eventually.IsTrueAsync(() => engine.Monitor.Untold == 0, "all of them were told");
        block.Set();
        listed.SetResult();
        await Eventually.IsTrueAsync(() => engine.ReadWholeCount >= 3, "the dropped events cost a list");
        await SettleAsync(engine);
        var lists = engine.ReadWholeCount;

        await engine.PassTimeUntilAsync(() => engine.ReadWholeCount > lists, "the next list comes as ever", _second);

        lists.Should().Be(3, "the first, the one asked for, and one for all that was dropped");
        engine.Time.GetUtcNow().Should().BeBefore(engine.Time.Start.AddSeconds(62));
    }

    [Test]
    public async Task Of_a_container_that_came_and_went_unseen_labels_of_the_library_without_a_value_are_not_told()
    {
        await using var engine = new EngineUnderTest();
        await engine.StartAsync();

        engine.Tell("destroy", "unseen", ("name", "job"), ("own", ""), (SwarmLabels.Resources, ""), (SwarmLabels.Operation, "x"));

        await Eventually.IsTrueAsync(() => engine.CameAndWentCount == 1, "it is told");
        engine.LastCameAndWent!.Labels.Keys.Should().Equal(SwarmLabels.Operation, "own");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_list_of_volumes_that_hangs_or_fails_does_not_take_the_engine_out(bool isTimeout)
    {
        await using var engine = new EngineUnderTest();
        engine.Host.FailNext(EngineOperation.ListVolumes, isTimeout
            ? new EngineTimeoutException(engine.Host.Address, "list volumes", _second)
            : new EngineApiException(engine.Host.Address, "list volumes", System.Net.HttpStatusCode.InternalServerError, "a plugin does not answer"));
        var id = await engine.CreateAsync();

        await engine.StartAsync();

        engine.State.FindContainer(id).Should().NotBeNull();
        engine.State.IsEligible.Should().BeTrue();
        engine.State.Degradations.Should().Equal(new EngineDegradation(EngineDegradationKind.UnreadableLists, "it does not list its volumes"));
        engine.Engine.RefreshSoon();
        await Eventually.IsTrueAsync(() => !engine.State.IsDegraded, "the next list is complete");
    }

    /// <summary>Things happen on an engine, and what is told of them is late, doubled, out of order or never told at all.</summary>
    [Test]
    public async Task However_events_come_the_next_list_shows_the_truth_and_each_container_comes_and_goes_once(CancellationToken cancellationToken)
    {
        var step = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[0, 1000], (what, whom, copies, order) => new Step(what, whom, copies, order));
        await step.Array[1, 40].SampleAsync(async steps => await TellAnyhowAsync(steps), iter: 60, threads: 1);
    }

    private static async Task TellAnyhowAsync(Step[] steps)
    {
        await using var engine = new EngineUnderTest();
        var ids = new List<string>();
        await engine.StartAsync();
        await using var events = await engine.Host.Local.System.OpenEventsAsync(null, CancellationToken.None);
        var told = new List<(int Order, EngineEvent Event)>();
        foreach (var each in steps)
        {
            if (each.What == 7)
            {
                engine.Lose();
                engine.Monitor.Tell(new EventsSubscribed());
            }
            else
            {
                await DoAsync(engine, each, ids);
            }

            // What has happened is told by and by, some of it never, some of it several times.
            while (await NextAsync(events) is { } happened)
            {
                told.AddRange(Enumerable.Repeat((each.Order + told.Count, happened), each.Copies));
            }

            told.Sort((left, right) => (left.Order * 7919 % 1009).CompareTo(right.Order * 7919 % 1009));
            foreach (var (_, happened) in told.Take(told.Count / 2))
            {
                engine.Monitor.Tell(happened);
            }

            told.RemoveRange(0, told.Count / 2);
        }

        await SettleAsync(engine);
        var lists = engine.ReadWholeCount;
        engine.Engine.RefreshSoon();
        await engine.PassTimeUntilAsync(() => engine.ReadWholeCount > lists && engine.State.Status == EngineStatus.Healthy, "the next list is read");
        await Eventually.IsTrueAsync(() => engine.State.Containers.Length == ids.Count, "nothing is there but what is there");

        foreach (var id in ids)
        {
            var truth = (await engine.Containers.InspectAsync(id, CancellationToken.None)).View;
            await Eventually.IsTrueAsync(() => engine.State.FindContainer(id) is { } shown && ContainerViews.AreEqual(shown, truth), "the state is the truth");
        }

        engine.State.Used.Should().Be(NodeView.SumOf([.. engine.State.Containers]));
        engine.Changes.Where(change => change.Before is null).Select(change => change.After!.Id).Concat(engine.CameAndWent).Should().OnlyHaveUniqueItems("each comes once");
        engine.Changes.Where(change => change.After is null).Select(change => change.Before!.Id).Concat(engine.CameAndWent).Should().OnlyHaveUniqueItems("each goes once");
    }

    private static async Task DoAsync(EngineUnderTest engine, Step step, List<string> ids)
    {
        if (ids.Count == 0 || step.What <= 1)
        {
            ids.Add(await engine.CreateAsync());
            return;
        }

        var id = ids[step.Whom % ids.Count];
        switch (step.What)
        {
            case 2:
                await engine.Containers.StartAsync(id, CancellationToken.None);
                break;
            case 3:
                await engine.Containers.StopAsync(id, TimeSpan.Zero, CancellationToken.None);
                break;
            case 4:
                engine.Host.Rename(id, $"name-{step.Order}-{ids.Count}-{step.Whom}-{Guid.NewGuid():N}");
                break;
            case 5:
                await engine.Containers.RemoveAsync(id, true, false, CancellationToken.None);
                ids.Remove(id);
                break;
            default:
                var brief = await engine.CreateAsync();
                await engine.Containers.RemoveAsync(brief, true, false, CancellationToken.None);
                break;
        }
    }

    [Test]
    public async Task A_loop_that_failed_at_a_message_reads_the_engine_anew_and_goes_on(CancellationToken cancellationToken)
    {
        await using var engine = new EngineUnderTest();
        await engine.StartAsync();
        var id = await engine.CreateAsync();
        var failures = 0;
        engine.OnPublish = transition =>
        {
            if (!transition.Containers.IsEmpty && Interlocked.Increment(ref failures) == 1)
            {
                throw new InvalidOperationException("a defect");
            }
        };

        engine.Tell("create", id);
        await engine.PassTimeUntilAsync(() => engine.Statuses is [.., EngineStatus.Unhealthy, EngineStatus.Healthy], "it was read anew");

        engine.WholeCount.Should().Be(1, "what was made of the change is not known");
        (await engine.Engine.RefreshAsync(await engine.CreateAsync(), isSaidGone: false, cancellationToken)).Should().Be(ContainerLook.There, "the loop goes on");
    }

    [Test]
    public async Task A_loop_that_fails_again_and_again_pauses_longer_and_longer()
    {
        await using var engine = new EngineUnderTest();
        await engine.StartAsync();
        var failures = 0;
        engine.OnPublish = _ =>
        {
            Interlocked.Increment(ref failures);
            throw new InvalidOperationException("a defect");
        };

        engine.Lose();
        await engine.PassTimeUntilAsync(() => Volatile.Read(ref failures) > 2, "it tries again");
        var before = Volatile.Read(ref failures);
        for (var second = 0; second < 60; second++)
        {
            engine.Time.Advance(_second);
            await Task.Delay(1);
        }

        (Volatile.Read(ref failures) - before).Should().BeLessThan(20);
        engine.OnPublish = _ => { };
        engine.Monitor.Tell(new EventsSubscribed());
        await engine.PassTimeUntilAsync(() => engine.State.Status == EngineStatus.Healthy, "it goes on as soon as it can");
    }

    // The next event that is there already.
    private static async Task<EngineEvent?> NextAsync(IEngineEventStream events)
    {
        using var now = new CancellationTokenSource();
        var read = events.ReadAsync(now.Token).AsTask();
        if (!read.IsCompleted)
        {
            await now.CancelAsync();
        }

        try
        {
            return await read;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // Whatever was told before has been taken in once a container that is asked for afterwards was looked at.
    private static async Task SettleAsync(EngineUnderTest engine)
    {
        for (var i = 0; i < 3; i++)
        {
            await engine.Engine.RefreshAsync("marker", isSaidGone: true, CancellationToken.None);
            await Task.Delay(5);
        }
    }

    private static async Task<List<string>> CreateAsync(EngineUnderTest engine, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await engine.CreateAsync());
        }

        return ids;
    }

    // Inspections of these hang until they are given up. Gives how many hung at once at most.
    private static Func<int> HangOn(EngineUnderTest engine, List<string> ids)
    {
        var (running, most) = (new List<CancellationToken>(), 0);
        engine.Tap.OnInspect = async (id, token) =>
        {
            if (!ids.Contains(id))
            {
                return;
            }

            // One that was given up is told so before the next begins, and ends on a thread of its own.
            lock (running)
            {
                running.RemoveAll(each => each.IsCancellationRequested);
                running.Add(token);
                InterlockedMax(ref most, running.Count);
            }

            await Task.Delay(Timeout.Infinite, token);
        };
        return () => Volatile.Read(ref most);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private sealed record Step(int What, int Whom, int Copies, int Order);
}
