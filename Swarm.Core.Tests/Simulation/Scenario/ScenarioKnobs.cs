using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>What one seed's run is like: how busy it is, what goes wrong in it, and how often. All of it is drawn from the seed, so that the seed alone repeats a run.</summary>
internal sealed record ScenarioKnobs
{
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _veryLate = TimeSpan.FromMinutes(10);

    public int Engines { get; init; } = 20;

    public required int Actors { get; init; }

    /// <summary>Gets the mean time between two actions of an actor.</summary>
    public required TimeSpan Pace { get; init; }

    public required TimeSpan Latency { get; init; }

    public required long EngineMemory { get; init; }

    public required EngineFaultRates Rates { get; init; }

    public required IReadOnlyList<Outage> Outages { get; init; }

    /// <summary>Gets the mean time between two outages in the whole cluster.</summary>
    public required TimeSpan OutagePace { get; init; }

    public required bool OutOfBand { get; init; }

    public required double CancelledCalls { get; init; }

    public required TimeSpan FaultPhase { get; init; }

    public required IReadOnlySet<Setting> Settings { get; init; }

    public required IReadOnlySet<HostFault> HostFaults { get; init; }

    /// <summary>Gets how many subscribers there are.</summary>
    public required int Followers { get; init; }

    /// <summary>Gets the longest time that one subscriber takes for an event while there are faults.</summary>
    public required TimeSpan LongestPause { get; init; }

    /// <summary>Gets whether every call to an engine is answered, at once and by what is so: what can be known is told then.</summary>
    public bool IsHonest => HasNoFaults(Rates) && Outages.Count == 0 && HostFaults.Count == 0;

    public bool Has(Setting setting) => Settings.Contains(setting);

    public static ScenarioKnobs Draw(Random random)
    {
        // Each kind of fault is there or not, so that none always hides behind another.
        double Rate(double most) => random.Next(2) == 0 ? 0 : most * Math.Pow(10, -2 * random.NextDouble());
        var calm = random.Next(5) == 0;
        var settings = Enum.GetValues<Setting>().Where(setting => random.Next(RarityOf(setting)) == 0).ToHashSet();
        var knobs = new ScenarioKnobs
        {
            Actors = random.Next(4, 25),
            Pace = TimeSpan.FromSeconds(8 * Math.Pow(10, random.NextDouble())),
            Latency = random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(40 * random.NextDouble()),
            EngineMemory = (512L << 20) + (random.NextInt64(1 << 20) << 8),
            Rates = calm ? new EngineFaultRates() : new EngineFaultRates
            {
                SlowCalls = Rate(0.1),
                LateAnswers = Rate(0.1),
                LongestDelay = TimeSpan.FromSeconds(random.Next(3) == 0 ? 20 : 2),
                HungCalls = Rate(0.01),
                LostRequests = Rate(0.05),
                LateRequests = Rate(0.05),
                LongestRequestDelay = settings.Contains(Setting.VeryLateRequests) ? _veryLate : _late,
                SlowWork = Rate(0.05),
                LongestWorkTime = settings.Contains(Setting.VeryLateRequests) ? _veryLate : _late,
                GatewayErrors = Rate(0.05),
                LostAnswers = Rate(0.05),
                ServerErrors = Rate(0.05),
                Denials = Rate(0.05),
                DroppedEvents = Rate(0.5),
                DoubledEvents = Rate(0.3),
                LateEvents = Rate(0.3),
                SlowStreams = Rate(0.3),
                BrokenStreams = Rate(0.5),
            },
            Outages = calm ? [] : [.. Enum.GetValues<Outage>().Where(outage => random.Next(2) == 0)],
            OutagePace = TimeSpan.FromSeconds(10 * Math.Pow(20, random.NextDouble())),
            OutOfBand = random.Next(2) == 0,
            CancelledCalls = Rate(0.1),
            FaultPhase = TimeSpan.FromMinutes(random.Next(10, 30)),
            Settings = settings,
            HostFaults = calm ? new HashSet<HostFault>() : Enum.GetValues<HostFault>().Where(fault => random.Next(4) == 0).ToHashSet(),
            Followers = random.Next(3),
            LongestPause = TimeSpan.FromSeconds(random.Next(2) == 0 ? 0 : 5 * random.NextDouble()),
        };
        return knobs.Fit();
    }

    /// <summary>Makes a run in which nothing goes wrong but what is named, and that often.</summary>
    /// <param name="faults">Names of <see cref="Outage"/>, <see cref="EngineFault"/>, <see cref="HostFault"/> and <see cref="Setting"/>.</param>
    public ScenarioKnobs With(IReadOnlyCollection<string> faults)
    {
        var unknown = faults.Except(AllNames).ToList();
        if (unknown.Count > 0)
        {
            throw new ArgumentException($"There is no fault named {string.Join(", ", unknown)}.", nameof(faults));
        }

        double Rate(EngineFault fault, double most) => faults.Contains(fault.ToString()) ? most : 0;
        var isVeryLate = faults.Contains(nameof(Setting.VeryLateRequests));
        return (this with
        {
            Engines = 20,
            Rates = new EngineFaultRates
            {
                SlowCalls = Rate(EngineFault.SlowCall, 0.1),
                LateAnswers = Rate(EngineFault.LateAnswer, 0.1),
                LongestDelay = TimeSpan.FromSeconds(20),
                HungCalls = Rate(EngineFault.HungCall, 0.01),
                LostRequests = Rate(EngineFault.LostRequest, 0.05),
                LateRequests = Rate(EngineFault.LateRequest, 0.05),
                LongestRequestDelay = isVeryLate ? _veryLate : _late,
                SlowWork = Rate(EngineFault.SlowWork, 0.05),
                LongestWorkTime = isVeryLate ? _veryLate : _late,
                GatewayErrors = Rate(EngineFault.GatewayError, 0.05),
                LostAnswers = Rate(EngineFault.LostAnswer, 0.05),
                ServerErrors = Rate(EngineFault.ServerError, 0.05),
                Denials = Rate(EngineFault.Denial, 0.05),
                DroppedEvents = Rate(EngineFault.DroppedEvent, 0.5),
                DoubledEvents = Rate(EngineFault.DoubledEvent, 0.3),
                LateEvents = Rate(EngineFault.LateEvent, 0.3),
                SlowStreams = Rate(EngineFault.SlowStream, 0.3),
                BrokenStreams = Rate(EngineFault.BrokenStream, 0.5),
            },
            Outages = [.. Enum.GetValues<Outage>().Where(outage => faults.Contains(outage.ToString()))],
            OutagePace = TimeSpan.FromSeconds(10),
            Settings = Enum.GetValues<Setting>().Where(setting => faults.Contains(setting.ToString())).ToHashSet(),
            HostFaults = Enum.GetValues<HostFault>().Where(fault => faults.Contains(fault.ToString())).ToHashSet(),
        }).Fit();
    }

    /// <summary>Gets the names of everything that can be had on its own: a long run must meet all of it.</summary>
    public static IReadOnlyList<string> AllNames { get; } =
        [.. Enum.GetNames<Outage>(), .. Enum.GetNames<EngineFault>(), .. Enum.GetNames<HostFault>(), .. Enum.GetNames<Setting>()];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Engines} engines, {Actors} actors every {Pace.TotalSeconds:0} s, latency {Latency.TotalMilliseconds:0} ms, out of band {OutOfBand}, cancelled {CancelledCalls:0.###}, outages every {OutagePace.TotalSeconds:0} s of [{string.Join(' ', Outages)}], settings [{string.Join(' ', Settings.Order())}], host [{string.Join(' ', HostFaults.Order())}], {Followers} followers, slow {Rates.SlowCalls:0.###} late {Rates.LateAnswers:0.###} up to {Rates.LongestDelay.TotalSeconds} s, hung {Rates.HungCalls:0.####}, lost requests {Rates.LostRequests:0.###}, late requests {Rates.LateRequests:0.###}, slow work {Rates.SlowWork:0.###}, gateway {Rates.GatewayErrors:0.###}, lost answers {Rates.LostAnswers:0.###}, errors {Rates.ServerErrors:0.###}, denials {Rates.Denials:0.###}, events dropped {Rates.DroppedEvents:0.###} doubled {Rates.DoubledEvents:0.###} late {Rates.LateEvents:0.###}, streams slow {Rates.SlowStreams:0.###} broken {Rates.BrokenStreams:0.###}");

    private static bool HasNoFaults(EngineFaultRates rates)
    {
        var none = new EngineFaultRates();
        return rates with { LongestDelay = none.LongestDelay, LongestRequestDelay = none.LongestRequestDelay, LongestWorkTime = none.LongestWorkTime } == none;
    }

    private static int RarityOf(Setting setting) => setting switch
    {
        Setting.ThousandEngines => 50,
        Setting.VeryLateRequests or Setting.Interleaving => 2,
        _ => 4,
    };

    // A thousand engines take so many steps that they get a short run, with few callers.
    private ScenarioKnobs Fit() => Has(Setting.ThousandEngines)
        ? this with { Engines = 1000, Actors = Math.Min(Actors, 8), FaultPhase = TimeSpan.FromMinutes(2), Rates = Rates with { LongestDelay = TimeSpan.FromSeconds(2) } }
        : this;
}
