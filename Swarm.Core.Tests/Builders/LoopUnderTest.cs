using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Builders;

/// <summary>The loop of an engine that is handed its messages one by one: without a connection, an inbox or a cluster. It notes what was started, and what was told.</summary>
internal sealed class LoopUnderTest : IEngineWork, ILoopOwner, IDisposable
{
    public const string Id = "ID-0";
    private static readonly EngineSpecs _specs = new() { DaemonId = Id, Name = "host" };

    private readonly SwarmMetrics _metrics = new(factory: null, nameof(LoopUnderTest));
    private readonly EngineLoop _loop;

    public LoopUnderTest()
    {
        var (timings, identifiers) = (new EngineTimings(), IdentifierSource.Create(1));
        var intake = new EngineIntake(new EngineLimits());
        var calls = new FollowingCalls(Address, timings, Time, _metrics);
        var kinds = new ThingKinds(calls, intake);
        State = new FollowedState(Address, intake.Memory.Open(), this);
        Events = new QueuedEvents(Address, Time, NullLogger.Instance);
        _loop = new EngineLoop(
            State,
            this,
            Events,
            new ReadingPolicy(timings, Time, identifiers),
            new ContainerInspections(calls, intake, timings, Time, identifiers, Ignore),
            new SettledContainers(timings.InspectionInterval),
            [
                new(kinds.Images.Type, kinds.Images.ReadAsync, kinds.Images.SignalOf, timings.ObjectListInterval, Address, NullLogger.Instance, Ignore),
                new(kinds.Networks.Type, kinds.Networks.ReadAsync, kinds.Networks.SignalOf, timings.ObjectListInterval, Address, NullLogger.Instance, Ignore),
                new(kinds.Volumes.Type, kinds.Volumes.ReadAsync, kinds.Volumes.SignalOf, timings.ObjectListInterval, Address, NullLogger.Instance, Ignore),
            ],
            new ReadingReminder(timings, Time, identifiers, Ignore),
            this,
            int.MaxValue,
            timings,
            Time,
            NullLogger.Instance);
    }

    public static EngineAddress Address { get; } = EngineAddress.Parse("10.0.0.1:2375");

    public FakeTimeProvider Time { get; } = new();

    public FollowedState State { get; }

    public QueuedEvents Events { get; }

    /// <summary>Gets what was started, in order, each with the position at which it was.</summary>
    public List<(string What, long At)> Started { get; } = [];

    /// <summary>Gets what was started, in order.</summary>
    public IEnumerable<string> Work => Started.Select(each => each.What);

    /// <summary>Gets the messages that are to come after a time.</summary>
    public List<(TimeSpan Delay, EngineMessage Message)> Later { get; } = [];

    /// <summary>Gets every change, in order.</summary>
    public List<EngineTransition> Transitions { get; } = [];

    /// <summary>Gets what came and went unseen.</summary>
    public List<ContainerView> Unseen { get; } = [];

    /// <summary>Gets the readings that the cluster was told of.</summary>
    public List<EngineReading> Readings { get; } = [];

    /// <summary>Gets what the readings that were started were to ask for.</summary>
    public List<ReadingPlan> Plans { get; } = [];

    /// <summary>Gets the containers of which the cluster waits to see what became of a change.</summary>
    public List<string> Awaited { get; } = [];

    /// <summary>Gets the containers that the state does not show and somebody waits for.</summary>
    public List<string> Unshown { get; } = [];

    /// <summary>Gets how often a reading was let go of.</summary>
    public int EndedReadings { get; private set; }

    /// <summary>Gets how often the whole state was given instead of a change.</summary>
    public int WholeReports { get; private set; }

    /// <summary>Gets or sets what the host says of the engine.</summary>
    public EngineOverlay Overlay { get; set; } = EngineOverlay.Empty;

    public static ContainerView Container(string id, ContainerState state = ContainerState.Running, bool isUnread = false) =>
        ContainerAbridger.Count(new ContainerView { Id = id, Names = ["/" + id], State = state, IsUnread = isUnread });

    public static EngineReading Reading(long startedAt, params ContainerView[] containers) =>
        new(startedAt, 0, _specs, ([.. containers.OrderBy(container => container.Id, StringComparer.Ordinal)], 0), [], ([], 0), ([], 0), ([], 0));

    /// <summary>Hands it a message, and lets it start the inspections that follow.</summary>
    public void Handle(EngineMessage message)
    {
        _loop.Handle(message);
        _loop.StartInspections();
    }

    public void Subscribe() => Handle(new EngineMessage.Monitored(new EventsSubscribed()));

    public void Lose() => Handle(new EngineMessage.Monitored(new EventsLost(new EngineUnreachableException(Address, "follow events", "nobody listens", notSent: true), 1)));

    public void Tell(EngineEventType type, string action, string id = "c")
    {
        var happened = new EngineEvent(type, action, id, LabelSet.Empty, Time.GetUtcNow());
        Events.TryEnter(happened);
        Handle(new EngineMessage.Monitored(new EventReceived(happened)));
    }

    public void Tell(string action, string id) => Tell(EngineEventType.Container, action, id);

    /// <summary>Ends the reading that was started last.</summary>
    public void EndReading(params ContainerView[] containers) => EndReading(reading => reading, containers);

    /// <summary>Ends the reading that was started last, and what of it is believed shows.</summary>
    public void EndReading(Func<EngineReading, EngineReading> with, params ContainerView[] containers)
    {
        var reading = with(Reading(StartedAt("read"), containers));
        var before = Started.Count;
        Handle(new EngineMessage.ReadingEnded(reading.StartedAt, reading, null));
        if (Started.Skip(before).Any(each => each.What == "admit"))
        {
            Handle(new EngineMessage.AdmissionDecided(Id, null, reading));
        }
    }

    /// <summary>Ends the inspection of a container that was started last.</summary>
    public void EndInspection(string id, ContainerView? container, Exception? error = null) =>
        Handle(new EngineMessage.Inspected(id, StartedAt("inspect " + id), container, error));

    /// <summary>Lets it follow an engine with some containers, and forgets what was started and told until then.</summary>
    public LoopUnderTest Following(params ContainerView[] containers)
    {
        Subscribe();
        EndReading(containers);
        Forget();
        return this;
    }

    /// <summary>Forgets what was started and told.</summary>
    public void Forget()
    {
        Started.Clear();
        Later.Clear();
        Transitions.Clear();
        Readings.Clear();
    }

    public void Restart(Exception reason) => _loop.Restart(reason);

    /// <summary>Gets the position at which something was started last.</summary>
    public long StartedAt(string what) => Started.Last(each => each.What == what).At;

    void IEngineWork.Read(long startedAt, ImmutableHashSet<string> knownSlow, ReadingPlan plan)
    {
        Started.Add(("read", startedAt));
        Plans.Add(plan);
    }

    void IEngineWork.CutReadingShort() => Started.Add(("cut reading short", 0));

    void IEngineWork.EndReading() => EndedReadings++;

    void IEngineWork.Inspect(string id, long startedAt) => Started.Add(("inspect " + id, startedAt));

    void IEngineWork.List(SideList list, long startedAt) => Started.Add(($"list {list.Type}", startedAt));

    void IEngineWork.Admit(EngineReading reading) => Started.Add(("admit", reading.StartedAt));

    void IEngineWork.PostLater(TimeSpan delay, EngineMessage message) => Later.Add((delay, message));

    Task<(string? Id, string? Reason)> ILoopOwner.AdmitAsync(EngineReading reading, CancellationToken cancellationToken) => throw new NotSupportedException("The loop starts it.");

    EngineOverlay ILoopOwner.ResolveOverlay(string id, string name, EngineCertificate? certificate) => Overlay;

    void ILoopOwner.Report(EngineTransition transition) => Transitions.Add(transition);

    void ILoopOwner.ReportWhole() => WholeReports++;

    void ILoopOwner.ReadWhole(EngineReading reading) => Readings.Add(reading);

    ImmutableArray<string> ILoopOwner.AwaitedContainers() => [.. Awaited];

    ImmutableArray<string> ILoopOwner.UnshownContainers(EngineReading reading) => [.. Unshown];

    void ILoopOwner.ShareFell()
    {
        // Nobody shares the memory.
    }

    void ILoopOwner.CameAndWent(ContainerView container) => Unseen.Add(container);

    public void Dispose() => _metrics.Dispose();

    private static void Ignore(EngineMessage message) => throw new InvalidOperationException($"Nothing was started that could send a {message.GetType().Name}.");
}
