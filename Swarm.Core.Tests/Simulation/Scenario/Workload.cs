using System.Globalization;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>What the callers of the scenario ask for.</summary>
internal static class Workload
{
    public static InMemoryImage Image { get; } = new("app:latest")
    {
        Commands =
        [
            new("job", InMemoryProcess.Job(TimeSpan.FromSeconds(20))),
            new("task", InMemoryProcess.Job(TimeSpan.FromMinutes(8))),
            new("crash", InMemoryProcess.Job(TimeSpan.FromSeconds(3), exitCode: 1)),
            new("stubborn", InMemoryProcess.Stubborn),
            new("broken", new InMemoryProcess { StartError = "exec: \"broken\": executable file not found in $PATH: unknown" }),
        ],
    };

    public static ContainerSpec Draw(Random random, Attempt attempt)
    {
        var command = random.Next(10) switch
        {
            0 or 1 => "job",
            2 or 3 => "task",
            4 => "crash",
            5 => "stubborn",
            6 when random.Next(3) == 0 => "broken",
            _ => "serve",
        };
        var autoRemove = random.Next(8) == 0;
        var port = random.Next(3) == 0 ? DrawPort(random) : null;
        return new ContainerSpec
        {
            Environment = [Canary.Environment],
            Image = Image.Reference,
            Command = [command],
            Name = attempt.Name,
            Labels = LabelSet.Create([KeyValuePair.Create(Attempt.Label, attempt.Number.ToString(CultureInfo.InvariantCulture))]),
            MemoryBytes = (8L << 20) + (random.NextInt64(1 << 12) << (random.Next(4) == 0 ? 17 : 14)),
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

    /// <summary>Draws a name from few, so that they meet; or none.</summary>
    public static string? DrawName(Random random) => random.Next(2) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"app-{random.Next(100)}");

    /// <summary>A container that somebody makes on the engine directly. It asks for nothing, for nobody reserved room for it.</summary>
    public static ContainerConfig OutOfBand(Random random, string command) => new ContainerSpec
    {
        Image = Image.Reference,
        Command = [command],
        Name = string.Create(CultureInfo.InvariantCulture, $"by-hand-{random.NextInt64():x}"),
    };

    private static PortBinding? DrawPort(Random random)
    {
        var protocol = random.Next(4) == 0 ? "udp" : "tcp";
        return new PortBinding(
            $"80/{protocol}",
            random.Next(4) switch { 0 => "127.0.0.1", 1 => "10.9.9.9", _ => "" },
            (8000 + random.Next(6)).ToString(CultureInfo.InvariantCulture));
    }
}
