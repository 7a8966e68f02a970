using System.Text;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    private const int ExitCodeOfWhatCannotRun = 126;
    private const int FirstExecProcessId = 10_000;

    private readonly SortedDictionary<string, InMemoryExec> _execs = new(StringComparer.Ordinal);
    private int _execCount;

    public string CreateExec(string id, ExecConfig config) => Do(() =>
    {
        if (config.Command.IsDefaultOrEmpty)
        {
            throw DaemonErrorException.BadRequest("No exec command specified");
        }

        var container = FindRunning(id);
        EnsureNotPaused(container);
        var exec = new InMemoryExec
        {
            Id = _ids.NextId(),
            Container = container,
            Config = config,
            ProcessId = FirstExecProcessId + _execCount++,
            Process = container.Image!.ProcessFor(config.Command),
        };
        _execs.Add(exec.Id, exec);
        Publish(container, $"exec_create: {string.Join(' ', config.Command)}", ("execID", exec.Id));
        return exec.Id;
    });

    /// <summary>Starts an exec.</summary>
    /// <returns>The connection to it; <see langword="null"/> when none was asked for.</returns>
    public InMemoryPipe? StartExec(InMemoryEngineHandle handle, string id, bool isDetached) => Do(() =>
    {
        var exec = FindExec(id);
        if (exec.WasStarted)
        {
            throw DaemonErrorException.Conflict(exec.IsRunning ? "the exec is running already" : "the exec has run already");
        }

        EnsureNotPaused(exec.Container);
        InMemoryPipe? pipe = null;
        if (!isDetached)
        {
            pipe = new InMemoryPipe(handle, EngineOperation.StartExec, exec.Config.Terminal, exec.Config.Input)
            {
                IsAttached = true,
                TakesOutput = exec.Config.StandardOutput,
                TakesError = exec.Config.StandardError,
                Received = data => Do(() => Receive(exec, data)),
                InputClosed = () => Do(() => CloseInput(exec)),
            };
            exec.Pipe = pipe;
            Keep(pipe, () => exec.Pipe = null);
        }

        exec.WasStarted = true;
        exec.IsRunning = true;
        _afterwards.Add(() => exec.Started.TrySetResult());
        Publish(exec.Container, $"exec_start: {string.Join(' ', exec.Config.Command)}", ("execID", exec.Id));
        Run(exec, isDetached);
        return pipe;
    });

    public ExecState InspectExec(string id) => Do(() =>
    {
        var exec = FindExec(id);
        return new ExecState
        {
            Id = exec.Id,
            ContainerId = exec.Container.Id,
            IsRunning = exec.IsRunning,
            ExitCode = exec.ExitCode,
            IsTerminal = exec.Config.Terminal,
            ProcessId = exec.WasStarted && exec.Process.StartError is null ? exec.ProcessId : null,
        };
    });

    /// <summary>Changes the size of an exec's terminal.</summary>
    /// <returns>A task that ends once it was started: the daemon does not answer before.</returns>
    public Task ResizeExec(string id) => Do(() =>
    {
        var exec = FindExec(id);
        return exec.WasStarted && !exec.IsRunning ? throw DaemonErrorException.NotFound("no such exec") : exec.Started.Task;
    });

    private InMemoryExec FindExec(string id) =>
        _execs.TryGetValue(id, out var exec) ? exec : throw DaemonErrorException.NotFound($"No such exec instance: {id}");

    private static void EnsureNotPaused(InMemoryContainer container)
    {
        if (container.IsPaused)
        {
            throw DaemonErrorException.Conflict($"Container {container.Id} is paused, unpause the container before exec");
        }
    }

    private void Run(InMemoryExec exec, bool isDetached)
    {
        var process = exec.Process;
        if (process.StartError is { } error)
        {
            // A client that is attached gets the error as output; only one that is not can be told by a status.
            EndedBy(exec, ExitCodeOfWhatCannotRun, error + "\r\n");
            if (isDetached)
            {
                throw DaemonErrorException.BadRequest(error);
            }

            return;
        }

        foreach (var due in process.Output.Select(output => output.After).Where(after => after > TimeSpan.Zero).Distinct().Order())
        {
            exec.Alarms.Add(Ring(due, _ => WriteDue(exec, due)));
        }

        WriteDue(exec, TimeSpan.Zero);
        var isAtEndOfInput = process.EchoesInput && (isDetached || !exec.Config.Input);
        if ((isAtEndOfInput ? TimeSpan.Zero : process.RunsFor) is not { } runsFor)
        {
            return;
        }

        if (runsFor <= TimeSpan.Zero)
        {
            EndedByItself(exec);
        }
        else
        {
            exec.Alarms.Add(Ring(runsFor, _ => EndedByItself(exec)));
        }
    }

    private static void WriteDue(InMemoryExec exec, TimeSpan until)
    {
        if (exec.IsRunning)
        {
            exec.Written = WriteDue(exec.Process, exec.Written, until, (source, text) => Emit(exec, source, text));
        }
    }

    private static void Emit(InMemoryExec exec, OutputSource source, string text) => exec.Pipe?.Offer(
        exec.Config.Terminal
            ? new OutputChunk(OutputSource.StandardOutput, Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")))
            : new OutputChunk(source, Encoding.UTF8.GetBytes(text)));

    private static void Receive(InMemoryExec exec, ReadOnlyMemory<byte> data)
    {
        if (exec.IsRunning && exec.Process.EchoesInput)
        {
            exec.Pipe?.Offer(new OutputChunk(OutputSource.StandardOutput, data));
        }
    }

    private void CloseInput(InMemoryExec exec)
    {
        if (exec.Process.EchoesInput)
        {
            EndedByItself(exec);
        }
    }

    private void EndedByItself(InMemoryExec exec)
    {
        WriteDue(exec, exec.Process.RunsFor ?? TimeSpan.Zero);
        EndedBy(exec, exec.Process.ExitCode, lastWords: null);
    }

    private void EndedBy(InMemoryExec exec, int exitCode, string? lastWords)
    {
        if (!exec.IsRunning)
        {
            return;
        }

        if (lastWords is not null)
        {
            Emit(exec, OutputSource.StandardOutput, lastWords);
        }

        exec.IsRunning = false;
        exec.ExitCode = exitCode;
        exec.Alarms.ForEach(CallOff);
        if (exec.Pipe is { } pipe)
        {
            exec.Pipe = null;
            EndLater(pipe);
        }

        Publish(exec.Container, "exec_die", ("execID", exec.Id), ("exitCode", Text(exitCode)));
    }

    // What a daemon knows of execs ends with it, whatever becomes of their processes.
    private void ForgetExecs()
    {
        foreach (var exec in _execs.Values)
        {
            exec.Alarms.ForEach(CallOff);
            _afterwards.Add(() => exec.Started.TrySetResult());
        }

        _execs.Clear();
    }

    // Execs end with their container, and the daemon forgets them.
    private void ForgetExecs(InMemoryContainer container)
    {
        foreach (var exec in _execs.Values.Where(exec => exec.Container == container).ToArray())
        {
            EndedBy(exec, ExitCodeWhenKilled, lastWords: null);
            _execs.Remove(exec.Id);
            _afterwards.Add(() => exec.Started.TrySetResult());
        }
    }
}
