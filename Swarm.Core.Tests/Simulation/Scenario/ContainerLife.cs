using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>What really happened to a container, for those who judge what callers were told of it.</summary>
internal sealed class ContainerLife(InMemoryContainer container, TimeSpan madeAt)
{
    private readonly List<(TimeSpan At, int ExitCode, bool RanOutOfMemory, int LogLength)> _ends = [];

    /// <summary>Gets when its process ended, with what, and whether for its memory, in order.</summary>
    public IReadOnlyList<(TimeSpan At, int ExitCode, bool RanOutOfMemory, int LogLength)> Ends => _ends;

    /// <summary>Gets when it was made, by the simulation's clock.</summary>
    public TimeSpan MadeAt { get; } = madeAt;

    public TimeSpan? RemovedAt { get; private set; }

    /// <summary>Gets the host ports that its engine was asked for.</summary>
    public ImmutableArray<PortBinding> PortBindings { get; } = ContainerConfig.Parse(container.Body.Span).Typed.PortBindings;

    /// <summary>Gets or sets what it took when its limits were looked at last.</summary>
    public Demand Demand { get; set; }

    /// <summary>Gets or sets what it grew by through updates that were carried out long after they had been reported as failed: nobody could hold room for that.</summary>
    public Demand GrownLate { get; set; }

    /// <summary>Gets or sets whether it got its name by a rename that was carried out long after it had been reported as failed.</summary>
    public bool IsNamedLate { get; set; }

    public bool IsRunning => RemovedAt is null && container.IsRunning;

    public bool HasRun => container.StartedAt != default;

    public void HasEnded(TimeSpan now, bool isRemoved)
    {
        if (isRemoved)
        {
            RemovedAt ??= now;
        }
        else if (RemovedAt is null)
        {
            _ends.Add((now, container.ExitCode, container.RanOutOfMemory, container.Log.Count));
        }
    }

    /// <summary>Gives what it had written to one output, up to a number of log entries.</summary>
    public byte[] Written(OutputSource source, int logLength) =>
        [.. container.Log.Take(logLength).Where(entry => entry.Source == source).SelectMany(entry => entry.Line.ToArray())];

    /// <summary>Gives what it has written to one output by now.</summary>
    public byte[] Written(OutputSource source) => Written(source, container.Log.Count);

    public override string ToString() =>
        $"ended [{string.Join(", ", _ends.Select(end => $"{end.ExitCode}{(end.RanOutOfMemory ? " for its memory" : "")} at {end.At:c}"))}], {(RemovedAt is { } removed ? $"removed at {removed:c}" : container.StateText)}";
}
