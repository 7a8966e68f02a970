using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineReaderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(EngineReaderTests));
    private readonly EngineIntake _intake = new(new EngineLimits());
    private readonly InMemoryEngine _host;
    private readonly TappedEngine _engine;
    private long _moment;
    private int _fell;

    public EngineReaderTests()
    {
        _host = new InMemoryEngine(TestCluster.Host(0, _time));
        _engine = new TappedEngine(_host.Local);
    }

    public void Dispose() => _metrics.Dispose();

    [Test]
    public async Task A_reading_has_everything_and_says_when_it_was_asked_for()
    {
        var ids = await CreateAsync(20);
        _moment = 41;

        var reading = await ReadAsync();

        reading.StartedAt.Should().Be(7);
        reading.Moment.Should().Be(42);
        reading.Specs.DaemonId.Should().Be("ID-0");
        reading.Containers.Kept.Select(container => container.Id).Should().Equal(ids.Order(StringComparer.Ordinal));
        reading.Networks!.Value.Kept.Should().NotBeEmpty();
        reading.Unlisted.Should().BeEmpty();
        reading.Unread.Should().BeEmpty();
    }

    [Test]
    public async Task A_container_that_shows_as_it_was_keeps_its_object()
    {
        await CreateAsync(3);
        var known = Known(await ReadAsync());

        var again = await ReadAsync(known);

        again.Containers.Kept.Zip(known.Containers, ReferenceEquals).Should().HaveCount(3).And.OnlyContain(same => same);
    }

    [Test]
    public async Task What_the_plan_leaves_out_is_not_asked_for()
    {
        var ids = await CreateAsync(3);
        var first = await ReadAsync();
        var known = Known(first);
        var settled = first.Entries.Where(each => each.Key != ids[1]).ToDictionary(each => each.Key, each => new SettledContainer(each.Value, TimeSpan.FromMinutes(1)));
        var asked = new List<string>();
        _engine.OnInspect = (id, _) =>
        {
            asked.Add(id);
            return Task.CompletedTask;
        };

        var reading = await ReadAsync(known, plan: new ReadingPlan(settled, new HashSet<string>(), TimeSpan.Zero, [EngineEventType.Network]));

        asked.Should().Equal(ids[1]);
        reading.Uninspected.Should().Equal(settled.Keys.Order(StringComparer.Ordinal));
        reading.Unlearned.Should().Equal(reading.Uninspected);
        reading.Entries.Should().BeEquivalentTo(first.Entries, "the list says the same of all");
        reading.Containers.Kept.Should().Equal(first.Containers.Kept);
        reading.Networks.Should().NotBeNull();
        (reading.Images, reading.Volumes, reading.Unlisted).Should().Be((null, null, ""));
    }

    [Test]
    public async Task The_containers_of_an_engine_of_the_hosts_own_are_inspected_with_every_reading_for_its_list_tells_of_no_networks()
    {
        var id = (await CreateAsync(1)).Single();
        var summary = (await _host.Local.Containers.ListAsync(CancellationToken.None)).Single() with { Entry = null };
        _engine.OnList = (listed, _) => Task.FromResult<ImmutableArray<ContainerSummary>>([.. listed.Select(each => each with { Entry = null })]);
        var known = Known(await ReadAsync());
        var settled = new Dictionary<string, SettledContainer> { [id] = new(ListEntries.Of(summary)!.Value, TimeSpan.FromMinutes(10)) };
        _engine.OnInspected = inspection => inspection with { View = inspection.View with { Networks = [new ContainerNetwork("other", "", "", "", "", "")] } };

        var reading = await ReadAsync(known, plan: new ReadingPlan(settled, new HashSet<string>(), TimeSpan.Zero, []));

        reading.Uninspected.Should().BeEmpty();
        reading.Entries.Should().BeEmpty("nothing can be held against a later list");
        reading.Containers.Kept.Single().Networks.Single().Name.Should().Be("other");
    }

    [Test]
    public async Task What_an_engine_in_memory_lists_tells_of_ports_as_that_of_a_real_one_does()
    {
        var spec = TestCluster.Spec(null) with { PortBindings = [new PortBinding("80/tcp", "", "")] };
        var id = (await _host.Local.Containers.CreateAsync(spec, CancellationToken.None)).Id;
        await _host.Local.Containers.StartAsync(id, CancellationToken.None);
        var before = await EntryAsync();

        (await EntryAsync()).Should().Be(before);
        await _host.Local.Containers.RestartAsync(id, TimeSpan.Zero, CancellationToken.None);

        (await EntryAsync()).IsAsBefore(before).Should().BeFalse("it has got another port");

        async Task<ListEntry> EntryAsync() => (await _host.Local.Containers.ListAsync(CancellationToken.None)).Single().Entry!.Value;
    }

    [Test]
    public async Task Of_a_container_that_cannot_be_read_what_was_known_stays_and_of_one_that_never_was_what_the_list_says()
    {
        var ids = await CreateAsync(2);
        var known = Known(await ReadAsync());
        var fresh = (await CreateAsync(1)).Single();
        _engine.OnInspect = (id, _) => id == ids[0] || id == fresh ? throw new EngineTimeoutException(_host.Address, "inspect container", TimeSpan.FromSeconds(15)) : Task.CompletedTask;

        var reading = await ReadAsync(known);

        reading.Unread.Should().BeEquivalentTo([ids[0], fresh]);
        reading.Entries.Keys.Should().Equal(ids[1]);
        reading.Containers.Kept.Single(container => container.Id == ids[0]).Should().BeSameAs(known.FindContainer(ids[0]));
        reading.Containers.Kept.Single(container => container.Id == fresh).IsUnread.Should().BeTrue();
    }

    [Test]
    public async Task A_container_that_an_engine_lists_and_denies_stays_what_it_was_until_it_says_so_again()
    {
        var ids = await CreateAsync(2);
        var known = Known(await ReadAsync());
        var fresh = (await CreateAsync(1)).Single();
        _engine.OnInspect = async (id, token) =>
        {
            if (id != ids[1])
            {
                await _host.Local.Containers.RemoveAsync(id, true, false, token);
            }
        };

        var reading = await ReadAsync(known);

        reading.Unread.Should().BeEquivalentTo([ids[0], fresh]);
        reading.Containers.Kept.Single(container => container.Id == ids[0]).Should().BeSameAs(known.FindContainer(ids[0]));
        reading.Containers.Kept.Single(container => container.Id == fresh).IsUnread.Should().BeTrue();
    }

    [Test]
    public async Task What_cannot_be_listed_beside_containers_is_missing_and_said()
    {
        _engine.OnListNetworks = (_, _) => throw new EngineProtocolException(_host.Address, "list networks", "its answer is nonsense");

        var reading = await ReadAsync();

        reading.Networks.Should().BeNull();
        reading.Unlisted.Should().Be("networks");
    }

    [Test]
    public async Task An_engine_that_was_not_reached_is_not_read()
    {
        _engine.OnListNetworks = (_, _) => throw new EngineUnreachableException(_host.Address, "list networks", "nobody listens", notSent: true);

        await this.Invoking(each => each.ReadAsync()).Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task What_is_held_counts_while_it_is_read_and_not_afterwards()
    {
        await CreateAsync(50);
        var budget = new MemoryBudget(long.MaxValue, 200_000);
        var allowance = 0L;
        _engine.OnListNetworks = (listed, _) =>
        {
            allowance = budget.Allowance;
            return Task.FromResult(listed);
        };
        var others = budget.Open();
        others.State(150_000);

        await ReadAsync(memory: budget.Open());

        allowance.Should().BeLessThan(200_000);
        _fell.Should().BePositive("others are told while it goes on");
        budget.Allowance.Should().BeGreaterThan(allowance);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Cut_short_or_given_up_it_asks_nothing_more(bool isCut)
    {
        await CreateAsync(100);
        using var stop = new CancellationTokenSource();
        var asked = 0;
        _engine.OnInspect = async (_, token) =>
        {
            if (Interlocked.Increment(ref asked) == 10)
            {
                await stop.CancelAsync();
            }

            await Task.Delay(asked < 10 ? 0 : Timeout.Infinite, token);
        };

        var read = await TryReadAsync(cut: stop.Token, cancellationToken: isCut ? CancellationToken.None : stop.Token).WaitAsync(TimeSpan.FromMinutes(1));

        read.Should().Be(isCut ? new EngineMessage.ReadingEnded(7, null, null) : null);
        asked.Should().BeLessThan(10 + InspectionQueue.QuickLane);
    }

    [TestCase("System")]
    [TestCase("Containers")]
    [CancelAfter(60_000)]
    public async Task An_engine_that_blocks_whoever_asks_for_a_part_of_it_is_waited_for_no_longer_than_a_call_may_take(string part, CancellationToken cancellationToken)
    {
        using var released = new ManualResetEventSlim();
        var isBlocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.OnGet = got =>
        {
            if (got == part)
            {
                isBlocked.TrySetResult();
                released.Wait(cancellationToken);
            }
        };

        var reading = Task.Run(() => TryReadAsync(cancellationToken: cancellationToken), cancellationToken);
        await isBlocked.Task.WaitAsync(cancellationToken);
        _time.Advance(new EngineTimings().CallTimeout);
        var read = await reading.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        released.Set();

        read!.Error.Should().BeOfType<EngineTimeoutException>();
    }

    [Test]
    public async Task As_many_answers_may_break_where_most_containers_need_no_inspection()
    {
        var ids = await CreateAsync(100);
        var known = Known(await ReadAsync());
        var first = await ReadAsync(known);
        var broken = ids.Take(10).ToHashSet();
        var settled = first.Entries.Where(entry => !broken.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => new SettledContainer(entry.Value, TimeSpan.MaxValue));
        _engine.OnInspect = (id, _) => broken.Contains(id) ? throw new EngineUnreachableException(_host.Address, "inspect container", "the answer broke off") : Task.CompletedTask;

        var reading = await ReadAsync(known, plan: new ReadingPlan(settled, new HashSet<string>(), TimeSpan.Zero, []));

        reading.Unread.Should().BeEquivalentTo(broken);
        reading.Containers.Kept.Should().HaveCount(100);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_reading_that_was_cut_short_leaves_what_the_next_one_takes_on_the_account(CancellationToken cancellationToken)
    {
        await CreateAsync(50);
        var budget = new MemoryBudget(long.MaxValue, 200_000);
        using var cut = new CancellationTokenSource();
        var (asks, goesOn) = (new SemaphoreSlim(0), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var asked = 0;
        _engine.OnListNetworks = async (listed, _) =>
        {
            var until = Interlocked.Increment(ref asked) == 1 ? cut.Token : CancellationToken.None;
            asks.Release();
            await goesOn.Task.WaitAsync(until);
            return listed;
        };
        var others = budget.Open();
        others.State(150_000);
        var reader = Reader(budget.Open());

        var first = ReadAsync(reader, cut.Token);
        await asks.WaitAsync(cancellationToken);
        var second = ReadAsync(reader, CancellationToken.None);
        await asks.WaitAsync(cancellationToken);
        await cut.CancelAsync();
        await first.WaitAsync(cancellationToken);
        var allowance = budget.Allowance;
        goesOn.SetResult();
        await second.WaitAsync(cancellationToken);

        allowance.Should().BeLessThan(200_000);
        budget.Allowance.Should().BeGreaterThan(allowance);

        Task ReadAsync(EngineReader by, CancellationToken until) => by.ReadAsync(_engine, 7, () => new EngineState { Address = _host.Address }, [], ReadingPlan.Everything, until, CancellationToken.None);
    }

    private static EngineState Known(EngineReading reading) =>
        new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") }.Apply(new EngineSignal.ContainersRead(reading.Containers.Kept, 1)).After;

    private async Task<List<string>> CreateAsync(int count)
    {
        var ids = new List<string>();
        for (var number = 0; number < count; number++)
        {
            ids.Add((await _host.Local.Containers.CreateAsync(TestCluster.Spec(null), CancellationToken.None)).Id);
        }

        return ids;
    }

    private async Task<EngineReading> ReadAsync(EngineState? known = null, MemoryAccount? memory = null, ReadingPlan? plan = null)
    {
        var read = await TryReadAsync(known, memory, plan);
        return read!.Error is { } error ? throw error : read.Reading!;
    }

    // Gives what the loop is sent, if anything.
    private async Task<EngineMessage.ReadingEnded?> TryReadAsync(EngineState? known = null, MemoryAccount? memory = null, ReadingPlan? plan = null, CancellationToken cut = default, CancellationToken cancellationToken = default)
    {
        var posted = new List<EngineMessage>();
        await Reader(memory ?? _intake.Memory.Open(), posted.Add).ReadAsync(_engine, 7, () => known ?? new EngineState { Address = _host.Address }, [], plan ?? ReadingPlan.Everything, cut, cancellationToken);
        return (EngineMessage.ReadingEnded?)posted.SingleOrDefault();
    }

    private EngineReader Reader(MemoryAccount memory, Action<EngineMessage>? post = null)
    {
        var timings = new EngineTimings();
        var calls = new FollowingCalls(_host.Address, timings, _time, _metrics);
        return new EngineReader(calls, _intake, new ThingKinds(calls, _intake), memory, timings, _time, NullLogger.Instance, () => ++_moment, () => _fell++, post ?? (_ => { }));
    }
}
