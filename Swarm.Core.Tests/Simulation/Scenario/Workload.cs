using System.Globalization;
using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Testing;

/// <summary>What the callers of the scenario ask for.</summary>
internal static class Workload
{
    private const string ZoneLabel = "zone";
    private const string TaintKey = "reserved";

    /// <summary>The label that tells how many ports a container exposes that has thousands.</summary>
    public const string ManyPorts = "scenario.ports";

    /// <summary>Gets a command to run in a container.</summary>
    public static InMemoryCommand Ask { get; } = new("ask", InMemoryProcess.Job(TimeSpan.FromSeconds(2), exitCode: 5) with { Output = [new("yes\n"), new("and no\n", After: TimeSpan.FromSeconds(1))] });

    /// <summary>Gets a command that writes what it reads.</summary>
    public static InMemoryCommand Cat { get; } = new("cat", new InMemoryProcess { EchoesInput = true, ExitCode = 6 });

    public static InMemoryImage Image { get; } = new("app:latest")
    {
        Commands =
        [
            new("job", InMemoryProcess.Job(TimeSpan.FromSeconds(20)) with { Output = [new("begun\n"), new("odd\n", OutputSource.StandardError, TimeSpan.FromSeconds(7))] }),
            new("task", InMemoryProcess.Job(TimeSpan.FromMinutes(8)) with { Output = [new("one\n"), new("two\n", After: TimeSpan.FromMinutes(1)), new("three\n", After: TimeSpan.FromMinutes(5))] }),
            new("count", InMemoryProcess.Job(TimeSpan.FromSeconds(12)) with { Output = [new("1\n2\n"), new("3\n", After: TimeSpan.FromSeconds(4)), new("4\n", OutputSource.StandardError, TimeSpan.FromSeconds(9)), new("5", After: TimeSpan.FromSeconds(12))] }),
            new("fail", InMemoryProcess.Job(TimeSpan.FromSeconds(2), exitCode: 3) with { Output = [new("no\n", OutputSource.StandardError, TimeSpan.FromSeconds(2))] }),
            new("blink", InMemoryProcess.Job(TimeSpan.Zero, exitCode: 4) with { Output = [new("here\n")] }),
            Cat,
            Ask,
            new("crash", InMemoryProcess.Job(TimeSpan.FromSeconds(3), exitCode: 1)),
            new("gorge", InMemoryProcess.Job(TimeSpan.FromSeconds(3)) with { RunsOutOfMemory = true, Output = [new("more\n")] }),
            new("stubborn", InMemoryProcess.Stubborn),
            new("broken", new InMemoryProcess { StartError = "exec: \"broken\": executable file not found in $PATH: unknown" }),
        ],
    };

    /// <summary>Gets an image that only the registry has at first.</summary>
    public static InMemoryImage Distant { get; } = new("registry.example.com/app:latest") { Commands = Image.Commands };

    /// <summary>Draws what callers may say of an engine: a label, a taint, or that it gets no work.</summary>
    public static EngineOverlay DrawOverlay(Random random) => random.Next(4) switch
    {
        0 => EngineOverlay.Empty,
        1 => EngineOverlay.Empty.WithLabel(ZoneLabel, string.Create(CultureInfo.InvariantCulture, $"z{random.Next(3)}")),
        2 => EngineOverlay.Empty.WithTaint(new Taint(TaintKey)),
        _ => EngineOverlay.Empty with { IsEligible = false, Reason = "it is drained" },
    };

    /// <summary>Draws what is to change of a container.</summary>
    public static ContainerUpdateSpec DrawUpdate(Random random, ScenarioKnobs knobs)
    {
        var memory = (8L << 20) + (random.NextInt64(1 << 12) << (random.Next(4) == 0 ? 17 : 14));
        return random.Next(4) switch
        {
            0 => new ContainerUpdateSpec { NanoCpus = random.Next(1, 120) * 10_000_000L },
            1 when knobs.Has(Setting.CpuSharesAsCpus) => new ContainerUpdateSpec { CpuShares = random.Next(1, 4) },
            1 => new ContainerUpdateSpec { RestartPolicy = RestartPolicy.UnlessStopped },
            2 when knobs.Has(Setting.CountMemoryReservation) => new ContainerUpdateSpec { MemoryReservationBytes = memory },
            2 => new ContainerUpdateSpec { MemoryBytes = memory, MemorySwapBytes = -1, NanoCpus = random.Next(1, 120) * 10_000_000L },
            _ => new ContainerUpdateSpec { MemoryBytes = memory, MemorySwapBytes = -1 },
        };
    }

    /// <summary>Tells whether a name is one that callers give.</summary>
    public static bool IsNameOfCaller(string name) => name.StartsWith("app-", StringComparison.Ordinal);

    public static ContainerSpec Draw(Random random, Attempt attempt, ScenarioKnobs knobs)
    {
        var command = random.Next(10) switch
        {
            0 or 1 => "job",
            2 or 3 => "task",
            4 => random.Next(3) == 0 ? "gorge" : "crash",
            5 => "stubborn",
            6 when random.Next(3) == 0 => "broken",
            _ => "serve",
        };
        var autoRemove = random.Next(8) == 0;
        var port = random.Next(3) == 0 ? DrawPort(random) : null;
        var memory = (8L << 20) + (random.NextInt64(1 << 12) << (random.Next(4) == 0 ? 17 : 14));
        return new ContainerSpec
        {
            Environment = [Canary.Environment],
            Image = knobs.Has(Setting.MissingImages) && random.Next(4) == 0 ? Distant.Reference : Image.Reference,
            Command = [command],
            Name = attempt.Name,
            Labels = LabelSet.Create([KeyValuePair.Create(Attempt.Label, attempt.Number.ToString(CultureInfo.InvariantCulture))]),
            MemoryBytes = knobs.Has(Setting.CountMemoryReservation) && random.Next(2) == 0 ? 0 : memory,
            MemoryReservationBytes = knobs.Has(Setting.CountMemoryReservation) ? memory : 0,
            MemorySwapBytes = -1,
            CpuShares = knobs.Has(Setting.CpuSharesAsCpus) ? random.Next(3) : 0,
            NamedResources = knobs.Has(Setting.NamedResources) && random.Next(3) == 0 ? NamedResources.Create(KeyValuePair.Create(Demand.Resource, (long)random.Next(1, 3))) : NamedResources.Empty,
            Constraints = random.Next(6) switch
            {
                0 => [DrawConstraint(random)],
                1 => [DrawConstraint(random).Replace("==", "==~", StringComparison.Ordinal)],
                _ => [],
            },
            Tolerations = random.Next(4) == 0 ? [Toleration.Of(TaintKey)] : [],
            NanoCpus = random.Next(3) == 0 ? 0 : random.Next(1, 60) * 10_000_000L,
            ExposedPorts = port is { } exposed && random.Next(2) == 0 ? [exposed.ContainerPort] : [],
            PortBindings = port is { } bound ? [bound] : [],
            AutoRemove = autoRemove,
            RestartPolicy = autoRemove ? null : random.Next(6) switch
            {
                0 => RestartPolicy.Always,
                1 => RestartPolicy.UnlessStopped,
                2 => new RestartPolicy("on-failure", random.Next(4)),
                _ => null,
            },
        };
    }

    /// <summary>Draws a job that ends soon, with what it reads, if anything.</summary>
    public static (ContainerSpec Spec, ReadOnlyMemory<byte>? Input) DrawJob(Random random, Attempt attempt)
    {
        var command = random.Next(16) switch
        {
            < 5 => "count",
            5 => "gorge",
            < 9 => "fail",
            < 11 => "blink",
            < 15 => "cat",
            _ => "broken",
        };
        ReadOnlyMemory<byte>? input = command == "cat" ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"line {attempt.Number}\n")).AsMemory() : null;
        var spec = new ContainerSpec
        {
            Environment = [Canary.Environment],
            Image = Image.Reference,
            Command = [command],
            Name = attempt.Name,
            Labels = LabelSet.Create([KeyValuePair.Create(Attempt.Label, attempt.Number.ToString(CultureInfo.InvariantCulture)), KeyValuePair.Create(Attempt.JobLabel, "")]),
            MemoryBytes = 8L << 20,
            MemorySwapBytes = -1,
            AutoRemove = random.Next(6) == 0,
            OpenStdin = input is not null,
            StdinOnce = input is not null,
        };
        return (spec, input);
    }

    /// <summary>Draws a name from few, so that they meet; or none.</summary>
    public static string? DrawName(Random random) => random.Next(2) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"app-{random.Next(100)}");

    /// <summary>A container with so many ports that they are kept as ranges, exposed or published: above those that callers ask for and below those that engines choose.</summary>
    public static ContainerConfig WithManyPorts(Random random)
    {
        var numbers = Enumerable.Range(10_000 + random.Next(1000), random.Next(1100, 3000)).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
        var protocol = random.Next(2) == 0 ? "tcp" : "udp";
        return new ContainerSpec
        {
            Labels = LabelSet.Create(KeyValuePair.Create(ManyPorts, numbers.Count.ToString(CultureInfo.InvariantCulture))),
            Image = Image.Reference,
            Command = [random.Next(2) == 0 ? "job" : "serve"],
            Name = string.Create(CultureInfo.InvariantCulture, $"by-hand-{random.NextInt64():x}"),
            ExposedPorts = [.. numbers.Select(number => $"{number}/{protocol}")],
            PortBindings = random.Next(2) == 0 ? [] : [.. numbers.Select(number => new PortBinding($"{number}/{protocol}", "", number))],
        };
    }

    /// <summary>A container that somebody makes on the engine directly. It asks for nothing, for nobody reserved room for it; a hungry one does all the same. What it claims is its Swarm ID.</summary>
    public static ContainerConfig OutOfBand(Random random, string command, string claim, bool isHungry = false) => new ContainerSpec
    {
        Labels = claim.Length == 0 ? LabelSet.Empty : LabelSet.Create(KeyValuePair.Create(SwarmLabels.Id, claim)),
        MemoryBytes = isHungry ? random.NextInt64(8, 200) << 20 : 0,
        NanoCpus = isHungry ? random.Next(50) * 10_000_000L : 0,
        PortBindings = isHungry && random.Next(3) == 0 ? [DrawPort(random)!.Value] : [],
        Image = Image.Reference,
        Command = [command],
        Name = string.Create(CultureInfo.InvariantCulture, $"by-hand-{random.NextInt64():x}"),
    };

    /// <summary>Draws what a host program demands of the node itself.</summary>
    public static PlacementOptions DrawConditions(Random random)
    {
        var zone = "z" + random.Next(3);
        return random.Next(4) switch
        {
            0 => new PlacementOptions { RequiredLabels = LabelSet.Create([KeyValuePair.Create(ZoneLabel, zone)]) },
            1 => new PlacementOptions { Constraints = [Expression.Parse(DrawConstraint(random).Replace("==", "!=", StringComparison.Ordinal))] },
            2 => new PlacementOptions { Constraints = [Expression.Parse(DrawConstraint(random)).AsSoft()], SoftRules = random.Next(2) == 0 ? SoftRuleMode.MostMet : null },
            _ => new PlacementOptions { Tolerations = [Toleration.Of(TaintKey)] },
        };
    }

    /// <summary>Tells whether a node meets what a host program demands of it, wishes apart.</summary>
    public static bool Meets(NodeView node, PlacementOptions placement) =>
        !placement.ForbiddenEngines.Any(id => node.Id == id || node.Id.StartsWith(id + "|", StringComparison.Ordinal))
        && placement.RequiredLabels.All(label => node.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && placement.Constraints.All(each => each.IsSoft || (node.Labels.TryGetValue(each.Key, out var value) ? value : "") == each.Value != each.IsNegated);

    private static string DrawConstraint(Random random) => string.Create(CultureInfo.InvariantCulture, $"{ZoneLabel}=={"z" + random.Next(3)}");

    private static PortBinding? DrawPort(Random random)
    {
        var protocol = random.Next(4) == 0 ? "udp" : "tcp";
        var first = 8000 + random.Next(6);
        return new PortBinding(
            $"80/{protocol}",
            random.Next(4) switch { 0 => "127.0.0.1", 1 => "10.9.9.9", _ => "" },
            random.Next(3) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{first}-{first + random.Next(4)}") : first.ToString(CultureInfo.InvariantCulture));
    }
}
