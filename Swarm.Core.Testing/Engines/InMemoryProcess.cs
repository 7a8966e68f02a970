using System.Collections.Immutable;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>How the process of a container behaves: how long it runs, how it ends, and what it makes of being asked to stop.</summary>
public sealed record InMemoryProcess
{
    /// <summary>Gets a process that runs until it is stopped and then ends with code 143, like a program without a handler of its own under an init.</summary>
    public static InMemoryProcess Server { get; } = new();

    /// <summary>Gets a process that ignores every signal but SIGKILL, like <c>sleep</c> as the first process of a container.</summary>
    public static InMemoryProcess Stubborn { get; } = new() { ExitCodeWhenStopped = null };

    /// <summary>Gets how long the process runs by the engine's time; <see langword="null"/> to run until it is stopped.</summary>
    public TimeSpan? RunsFor { get; init; }

    /// <summary>Gets the code it ends with by itself.</summary>
    public int ExitCode { get; init; }

    /// <summary>Gets whether it ends by itself because it takes more memory than its container may have: its engine tells <c>oom</c>, and its exit code is 137 whatever <see cref="ExitCode"/> says.</summary>
    public bool RunsOutOfMemory { get; init; }

    /// <summary>Gets the code it ends with, at once, on the stop signal; <see langword="null"/> when it ignores that signal and has to be killed.</summary>
    public int? ExitCodeWhenStopped { get; init; } = 143;

    /// <summary>Gets why the process cannot even be started, in the words of the engine; <see langword="null"/> when it can. The start call then fails with status 400 and the container keeps exit code 127.</summary>
    public string? StartError { get; init; }

    /// <summary>Gets what it changes in the file system of its image, as soon as it runs.</summary>
    public ImmutableArray<FileChange> Changes { get; init; } = [];

    /// <summary>Gets what it writes, and when.</summary>
    public ImmutableArray<InMemoryOutput> Output { get; init; } = [];

    /// <summary>Gets whether it writes what it reads, like <c>cat</c>, and ends with <see cref="ExitCode"/> when its input does; at once if it has none.</summary>
    public bool EchoesInput { get; init; }

    /// <summary>Gets the memory it uses, in bytes.</summary>
    public long UsedMemoryBytes { get; init; }

    /// <summary>Gets how many CPUs it keeps busy.</summary>
    public double UsedCpus { get; init; }

    /// <summary>Makes a process that runs for a while and then ends by itself.</summary>
    /// <param name="runsFor">How long it runs by the engine's time.</param>
    /// <param name="exitCode">The code it ends with.</param>
    /// <returns>The process.</returns>
    public static InMemoryProcess Job(TimeSpan runsFor, int exitCode = 0) => new() { RunsFor = runsFor, ExitCode = exitCode };

    /// <summary>Gets when it writes something, but for what it writes at once.</summary>
    internal IEnumerable<TimeSpan> LaterOutputs => Output.Select(output => output.After).Where(after => after > TimeSpan.Zero).Distinct().Order();

    /// <summary>Writes what is due by a time and has not been written.</summary>
    /// <returns>How many outputs have been written by then.</returns>
    internal int WriteDue(int written, TimeSpan until, Action<OutputSource, string> write)
    {
        foreach (var output in Output.OrderBy(output => output.After).Skip(written).TakeWhile(output => output.After <= until))
        {
            write(output.Source, output.Text);
            written++;
        }

        return written;
    }
}
