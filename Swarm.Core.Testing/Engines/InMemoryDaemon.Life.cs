namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    private const int KilledExitCode = 137;

    public void Start(string id) => Do(() =>
    {
        var container = Find(id);
        RefuseIfRemoved(container);
        if (container.IsPaused)
        {
            throw DaemonErrorException.Conflict("cannot start a paused container, try unpause instead");
        }

        if (container.IsRunning)
        {
            return;
        }

        container.WasStoppedByHand = false;
        container.RestartCount = 0;
        container.FailedRestarts = 0;
        Run(container);
    });

    /// <summary>Asks a container to stop, and sees to it that it does.</summary>
    /// <returns>A task that ends when it does not run.</returns>
    public Task Stop(string id, TimeSpan? grace) => Do(() =>
    {
        var container = Find(id);
        if (!container.IsRunning)
        {
            return Task.CompletedTask;
        }

        container.WasStoppedByHand = true;
        if (container.Run is not { } run)
        {
            GiveUpRestarting(container);
            Events.Publish(container, "stop");
            return Task.CompletedTask;
        }

        AskToStop(container, run, grace);
        return run.Ended.Task;
    });

    private void AskToStop(InMemoryContainer container, InMemoryRun run, TimeSpan? grace)
    {
        container.WasStoppedByHand = true;
        run.IsStopping = true;
        Signal(container, container.StopSignal);
        if (container.Run == run)
        {
            var patience = grace ?? (container.Config["StopTimeout"] is { } seconds ? TimeSpan.FromSeconds(seconds.GetValue<long>()) : _defaultGrace);
            if (patience == TimeSpan.Zero)
            {
                Signal(container, Signals.Kill);
            }
            else if (patience > TimeSpan.Zero)
            {
                // The daemon goes on stopping whether or not the caller still waits.
                CallOff(run.Patience);
                run.Patience = Ring(patience, _ =>
                {
                    if (_runtime.IsUp && container.Run == run)
                    {
                        Signal(container, Signals.Kill);
                    }
                });
            }
        }
    }

    public void Kill(string id, string? signal) => Do(() =>
    {
        var number = string.IsNullOrEmpty(signal) ? Signals.Kill : Signals.Parse(signal);
        if (number == 0)
        {
            throw DaemonErrorException.BadRequest($"Invalid signal: {signal}");
        }

        var container = TryFind(id) ?? throw DaemonErrorException.NotFound($"Cannot kill container: {id}: No such container: {id}");
        if (!Signals.Exists(number))
        {
            throw DaemonErrorException.Internal($"Cannot kill container: {id}: The linux daemon does not support signal {Text(number)}");
        }

        if (!container.IsRunning)
        {
            throw DaemonErrorException.Conflict($"Cannot kill container: {id}: Container {container.Id} is not running");
        }

        container.WasStoppedByHand = true;
        if (container.HasProcess)
        {
            Signal(container, number);
        }
        else
        {
            GiveUpRestarting(container);
        }
    });

    public void Rename(string id, string name) => Do(() =>
    {
        var container = Find(id);
        var bare = name.StartsWith('/') ? name[1..] : name;
        if (bare.Length == 0)
        {
            throw DaemonErrorException.BadRequest("Neither old nor new names may be empty");
        }

        if (Same(container.Name, bare))
        {
            throw DaemonErrorException.BadRequest("Renaming a container with the same name as its current name");
        }

        var before = container.Name;
        container.Name = ReserveName(name, "Error when allocating new name: ");
        Renamed?.Invoke(container);
        Events.Publish(container, "rename", ("oldName", "/" + before));
    });

    public void Pause(string id) => Do(() =>
    {
        var container = FindRunning(id);
        if (container.IsPaused)
        {
            throw DaemonErrorException.Conflict($"Container {container.Id} is already paused");
        }

        container.IsPaused = true;
        Events.Publish(container, "pause");
    });

    public void Unpause(string id) => Do(() =>
    {
        var container = Find(id);
        if (!container.IsPaused)
        {
            throw DaemonErrorException.Internal($"Container {container.Id} is not paused");
        }

        container.IsPaused = false;
        Events.Publish(container, "unpause");
    });

    public void SetHealth(string id, string health) => Do(() =>
    {
        var container = Find(id);
        if (container.Health is null || !container.HasProcess)
        {
            throw DaemonErrorException.Conflict($"Container {container.Id} has no running health check");
        }

        if (!Same(container.Health, health))
        {
            container.Health = health;
            Events.Publish(container, $"health_status: {health}");
        }
    });

    public void EndProcess(string id, int exitCode) => Do(() =>
    {
        var container = Find(id);
        if (container.Run is not { } run)
        {
            throw DaemonErrorException.Conflict($"Container {container.Id} is not running");
        }

        Ended(container, run, exitCode);
    });

    /// <summary>Lets the process of a running container be killed for the memory it takes.</summary>
    public void RunOutOfMemory(string id) => Do(() =>
    {
        var container = Find(id);
        RanOutOfMemory(container, container.Run ?? throw DaemonErrorException.Conflict($"Container {container.Id} is not running"));
    });

    private void RanOutOfMemory(InMemoryContainer container, InMemoryRun run)
    {
        if (container.Run == run)
        {
            container.RanOutOfMemory = _runtime.IsUp;
            Events.Publish(container, "oom");
            Ended(container, run, KilledExitCode);
        }
    }

    private static (string Name, int Retries) PolicyOf(InMemoryContainer container)
    {
        var policy = container.Host["RestartPolicy"]!.AsObject();
        return (policy.Text("Name"), policy["MaximumRetryCount"]!.GetValue<int>());
    }

    private InMemoryContainer[] InOrder() => [.. _containers.Values.OrderBy(container => container.Sequence)];

    /// <summary>Sends a signal to the process of a container.</summary>
    private void Signal(InMemoryContainer container, int number)
    {
        var run = container.Run!;
        Events.Publish(container, "kill", ("signal", Text(number)));
        if (container.IsPaused)
        {
            container.IsPaused = false;
            Events.Publish(container, "unpause");
        }

        if (number == Signals.Kill)
        {
            Ended(container, run, Signals.ExitCodeWhenKilled);
        }
        else if ((number == container.StopSignal || number == Signals.Term) && container.Process.ExitCodeWhenStopped is { } exitCode)
        {
            Ended(container, run, exitCode);
        }
    }

    private void Ended(InMemoryContainer container, InMemoryRun run, int exitCode)
    {
        if (container.Run != run)
        {
            return;
        }

        CallOff(run.End);
        CallOff(run.Patience);
        run.Writes.ForEach(CallOff);
        if (!_runtime.IsUp)
        {
            Events.Changed();
            run.UnseenExitCode ??= exitCode;
            run.UnseenEnd = Now;
            return;
        }

        container.Run = null;
        container.ExitCode = exitCode;
        container.FinishedAt = Now;
        container.IsPaused = false;
        container.Health = container.Health is null ? null : "unhealthy";
        Vacate(container);
        _runtime.Afterwards(() => run.Ended.TrySetResult());

        var (policy, retries) = PolicyOf(container);
        var restarts = !container.WasStoppedByHand
            && (policy is "always" or "unless-stopped" || (Same(policy, "on-failure") && exitCode != 0 && (retries == 0 || container.RestartCount < retries)));
        container.IsRunning = restarts;
        container.IsRestarting = restarts;
        Events.Publish(container, "die", ("exitCode", Text(exitCode)));
        Events.PublishConnection(container, NetworkOf(container), "disconnect");
        Events.PublishMounts(container, "unmount");
        if (run.IsStopping)
        {
            Events.Publish(container, "stop");
        }

        SeeOff(container, isRemoved: false);
        if (run.Restarted is { } restarted)
        {
            StartAgain(container, restarted);
        }
        else if (restarts)
        {
            PlanRestart(container);
        }
        else if (container.Host.Flag("AutoRemove"))
        {
            RemoveItself(container);
        }
    }

    private void PlanRestart(InMemoryContainer container)
    {
        container.RestartCount++;
        container.FailedRestarts = container.FinishedAt - container.StartedAt >= _runThatResetsRestartDelay ? 0 : container.FailedRestarts;
        var delay = container.FailedRestarts > 10 ? _longestRestartDelay : _firstRestartDelay * (1 << container.FailedRestarts);
        container.FailedRestarts++;
        container.Restart = Ring(delay < _longestRestartDelay ? delay : _longestRestartDelay, alarm =>
        {
            if (container.Restart != alarm || !_runtime.IsUp)
            {
                return;
            }

            container.Restart = null;
            container.IsRunning = false;
            container.IsRestarting = false;
            try
            {
                Run(container);
            }
            catch (DaemonErrorException)
            {
                // As in the engine, a restart that fails ends the matter; the container keeps the error.
                SeeOff(container, isRemoved: false);
            }
        });
    }

    private void GiveUpRestarting(InMemoryContainer container)
    {
        CallOff(container.Restart);
        container.Restart = null;
        var ends = container.IsRestarting;
        container.IsRunning = false;
        container.IsRestarting = false;
        Events.Changed();
        if (ends)
        {
            SeeOff(container, isRemoved: false);
        }
    }

    private void Vacate(InMemoryContainer container)
    {
        _ports.ReleaseAll(container.Id);
        container.Published.Clear();
    }
}
