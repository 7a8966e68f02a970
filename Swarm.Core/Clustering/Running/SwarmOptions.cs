using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Clustering;

/// <summary>The settings of one cluster. They are read, and checked together, when the cluster is first started, or before that asked to plan or to say something of an engine; later changes have no effect, not even when it is stopped and started again.</summary>
/// <remarks><see cref="Name"/>, <see cref="StartupTimeout"/> and <see cref="EventBufferCapacity"/> are read when the cluster is made.</remarks>
public sealed class SwarmOptions
{
    /// <summary>Gets or sets the name of the cluster, for logs and metrics.</summary>
    /// <value>The default is <c>swarm</c>.</value>
    public string Name { get; set; } = "swarm";

    /// <summary>Gets or sets the name of the strategy for requests that name none.</summary>
    /// <value>The default is <see cref="StrategyNames.Spread"/>.</value>
    public string Strategy { get; set; } = StrategyNames.Spread;

    /// <summary>Gets or sets which of several equally good nodes is chosen by requests that do not say.</summary>
    /// <value>The default is <see cref="TieBreak.LowestId"/>.</value>
    public TieBreak TieBreak { get; set; }

    /// <summary>Gets or sets what soft rules do to placements that do not say.</summary>
    /// <value>The default is <see cref="SoftRuleMode.AllOrNone"/>, as in classic Swarm.</value>
    public SoftRuleMode SoftRules { get; set; }

    /// <summary>Gets or sets the names of the filters to run, in that order.</summary>
    /// <value>The default is <see langword="null"/>: classic Swarm's order with taints after the health (see <see cref="FilterNames"/>), then the host's own filters in the order they were added.</value>
    public IReadOnlyList<string>? Filters { get; set; }

    /// <summary>Gets or sets how much more than it has a node gives away, as a ratio: 0.05 makes 105 of 100. Negative values hold room back.</summary>
    /// <value>The default is 0.05, as in classic Swarm; it must be above -1 and at most 100.</value>
    public decimal Overcommit { get; set; } = 0.05m;

    /// <summary>Gets or sets whether CPU shares are a number of CPUs, as classic Swarm reads them: in requests, in updates of the containers they made, and in what engines show of those.</summary>
    /// <remarks>The engine is told the shares that come to the number of CPUs. Shares of containers that were not created so are ordinary ones and never count.</remarks>
    /// <value>The default is <see langword="false"/>: CPU demand is <c>NanoCpus</c>, else quota by period.</value>
    public bool CpuSharesAsCpus { get; set; }

    /// <summary>Gets or sets whether a memory reservation, where there is one, counts as memory demand instead of the hard limit: of requests, of updates, and of all containers that engines show.</summary>
    /// <value>The default is <see langword="false"/>, as in classic Swarm.</value>
    public bool CountMemoryReservation { get; set; }

    /// <summary>Gets or sets what the text of a container configuration, which may be somebody else's, may say to the library: labels that begin with <c>com.docker.swarm.</c> and classic Swarm's entries of the environment.</summary>
    /// <value>The default honours none of it and refuses a configuration that has any: a host says its own conditions in the types of <see cref="ContainerSpec"/>. <see cref="Placement.BodyRules.Classic"/> is as in classic Swarm.</value>
    public BodyRules BodyRules { get; set; } = new();

    /// <summary>Gets or sets the number from which every random choice and identifier follows.</summary>
    /// <value>The default is <see langword="null"/>: unpredictable. Set it in tests only.</value>
    public long? Seed { get; set; }

    /// <summary>Gets or sets how long the start waits for the engines of the first discovery set.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan StartupTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how connections to real engines are made: time limits, TLS, and whether plain tcp may leave this machine.</summary>
    /// <value>The default connects without TLS to this machine only.</value>
    public EngineConnectionOptions Connection { get; set; } = new();

    /// <summary>Gets or sets by what engines are told apart.</summary>
    /// <remarks>With <see cref="EngineIdentity.Address"/> a daemon that is given under two addresses takes part twice, and its containers count twice.</remarks>
    /// <value>The default is <see cref="EngineIdentity.Daemon"/>.</value>
    public EngineIdentity EngineIdentity { get; set; }

    /// <summary>Gets or sets how much of one engine is kept in memory.</summary>
    /// <value>The default follows 10,000 containers, images, networks and volumes each, with 128 labels of 1 KiB each.</value>
    public EngineLimits EngineLimits { get; set; } = new();

    /// <summary>Gets or sets how much one container request may ask for. One that asks for more is refused before any engine is asked.</summary>
    /// <value>The default allows a body of 1 MiB, 128 expressions, 64 dependencies, 1,024 ports and 512 labels of 128 KiB together.</value>
    public SpecLimits SpecLimits { get; set; } = new();

    /// <summary>Gets or sets how many steps of work one decision may take; one that takes more is refused with <see cref="RejectionCodes.TooExpensive"/>.</summary>
    /// <remarks>
    /// A step is some nanoseconds' worth, such as comparing a text; steps are counted, so the same request is refused on any machine. What a host's own filters and
    /// strategies do is not. Decisions are made one at a time, so this is how long one of them can hold up the others.
    /// </remarks>
    /// <value>The default is <see langword="null"/>: 40 for each engine, container and image of the cluster, and 500,000 at least. It must be at least 10,000.</value>
    public long? MaxDecisionSteps { get; set; }

    /// <summary>Gets what the host program says of engines from the start, by ID, name or address: labels that win, taints, whether they may get new work.</summary>
    /// <remarks>See <see cref="IClusterEngines.SetOverlayAsync"/>, which changes it later; what it has set before the start wins over this.</remarks>
    public IDictionary<string, EngineOverlay> EngineOverlays { get; } = new Dictionary<string, EngineOverlay>(StringComparer.Ordinal);

    /// <summary>Gets or sets how long an ordinary call to an engine may take. A stop may take the grace time longer.</summary>
    /// <value>The default is 15 seconds.</value>
    public TimeSpan CallTimeout { get; set; } = EngineTimings.Default.CallTimeout;

    /// <summary>Gets or sets how long creating or starting a container may take.</summary>
    /// <value>The default is 2 minutes.</value>
    public TimeSpan CreateTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets whether an engine that lacks the image of a new container fetches it from its registry, as classic Swarm does. The room stays reserved meanwhile.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool PullMissingImages { get; set; } = true;

    /// <summary>Gets or sets how long fetching an image may take.</summary>
    /// <value>The default is 30 minutes.</value>
    public TimeSpan PullTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets how long the host's <see cref="IRegistryCredentials"/> may take for one login; the pull it is for fails after that.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan CredentialsTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long the transfer of an archive may stand still before it is given up; how long it takes in all does not matter.</summary>
    /// <value>The default is 1 minute.</value>
    public TimeSpan TransferIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how often an engine is asked whether it still answers, and how long it may take to before it is asked again.</summary>
    /// <remarks>An engine is lost when three such questions in a row had no answer: within twice this time where they are refused, within four times this time where nothing comes back.</remarks>
    /// <value>The default is 2 seconds.</value>
    public TimeSpan PingInterval { get; set; } = EngineTimings.Default.PingInterval;

    /// <summary>Gets or sets the pause before the first attempt to reach a lost engine again; it doubles up to <see cref="LongestRetryDelay"/>.</summary>
    /// <value>The default is 250 milliseconds.</value>
    public TimeSpan ShortestRetryDelay { get; set; } = EngineTimings.Default.ShortestRetryDelay;

    /// <summary>Gets or sets the longest pause between attempts to reach a lost engine. One that begins to answer again is reached sooner, for it is asked every <see cref="PingInterval"/>.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan LongestRetryDelay { get; set; } = EngineTimings.Default.LongestRetryDelay;

    /// <summary>Gets or sets how often an engine's list of containers is read even if its events say that nothing changed. Each wait is up to twice as long, at random.</summary>
    /// <remarks>Those containers are inspected of which the list says something else than when they were inspected last, or an event told something since. The others are when <see cref="InspectionInterval"/> is over.</remarks>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan RefreshInterval { get; set; } = EngineTimings.Default.RefreshInterval;

    /// <summary>Gets or sets how often each container is inspected even if neither events nor the list of containers tell of a change. So late, and up to two <see cref="RefreshInterval"/> later, shows what an engine tells by events alone, such as limits by <c>docker update</c>, should such an event be lost.</summary>
    /// <remarks>The inspections are spread over the interval: an idle engine with 100 containers gets ten a minute. A lost stream of events has everything inspected.</remarks>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan InspectionInterval { get; set; } = EngineTimings.Default.InspectionInterval;

    /// <summary>Gets or sets how often images, networks and volumes are listed even if no event tells of a change. Each list waits for the next of containers.</summary>
    /// <remarks>With the containerd image store a list of images costs the daemon a second of CPU time and more. Engines tell of images that are pulled, made, tagged and removed; builds of Docker before 23 with BuildKit are what shows only now.</remarks>
    /// <value>The default is 10 minutes.</value>
    public TimeSpan ObjectListInterval { get; set; } = EngineTimings.Default.ObjectListInterval;

    /// <summary>Gets or sets how long the room of a create whose answer was lost is held, at least, before an engine that does not show the container is believed. Only time in which the engine answers counts.</summary>
    /// <value>The default is 30 seconds.</value>
    /// <remarks>
    /// An engine that may still be at it, because its caller gave up or the time limit ended the call, is given the rest of <see cref="CreateTimeout"/>
    /// before. A container that turns up even later is removed for a day.
    /// </remarks>
    public TimeSpan UnknownHoldTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long an engine that left discovery is still followed, without getting work.</summary>
    /// <value>The default is 60 seconds.</value>
    public TimeSpan EngineRemovalGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets how many engines discovery may name at once. A larger set is refused as a whole, like an outage: it is logged, and the last set stays.</summary>
    /// <value>The default is 100,000; it must be at least 1.</value>
    public int MaxDiscoveredEngines { get; set; } = 100_000;

    /// <summary>Gets or sets how many events wait for a slow subscriber before it misses some. It misses some sooner where those that wait take more than 16 KiB of memory each on the average.</summary>
    /// <value>The default is 1,024.</value>
    public int EventBufferCapacity { get; set; } = 1024;

    /// <summary>Gets what a configuration said that could not be read; told with all other mistakes at the start.</summary>
    internal List<string> Misread { get; } = [];
}
