namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    /// <summary>Ends the daemon; the containers end with it, or run on without it.</summary>
    public void GoDown(bool containersRunOn) => Do(() =>
    {
        _runtime.IsUp = false;
        Events.Forget();
        Execs.Forget();
        FinishRemovals();
        foreach (var container in InOrder())
        {
            CallOff(container.Restart);
            container.Restart = null;
            if (container.Run is not { } run)
            {
                continue;
            }

            CallOff(run.Patience);
            run.Patience = null;
            if (!containersRunOn)
            {
                // What a daemon finds after a power cut: no process, and no telling how it ended.
                CallOff(run.End);
                run.Writes.ForEach(CallOff);
                run.UnseenExitCode ??= 255;
                _ports.ReleaseAll(container.Id);
            }
        }
    });

    /// <summary>Forgets containers and volumes while the daemon is down.</summary>
    public void Wipe() => Do(() =>
    {
        foreach (var container in InOrder())
        {
            CallOff(container.Restart);
            if (container.Run is { } run)
            {
                CallOff(run.End);
                CallOff(run.Patience);
                run.Writes.ForEach(CallOff);
                container.Run = null;
                _runtime.Afterwards(() => run.Ended.TrySetResult());
            }

            Vacate(container);
            SeeOff(container, isRemoved: true);
        }

        _containers.Clear();
        _volumes.Clear();
        Events.Changed();
    });

    /// <summary>Starts the daemon: it takes stock of what ended without it, in silence, and then obeys the restart policies.</summary>
    public void ComeUp() => Do(() =>
    {
        _runtime.IsUp = true;
        Events.Changed();
        List<InMemoryContainer> toStart = [];
        List<InMemoryContainer> toRemove = [];
        foreach (var container in InOrder())
        {
            if (container.Run is { UnseenExitCode: { } exitCode } run)
            {
                container.Run = null;
                container.ExitCode = exitCode;
                container.FinishedAt = run.UnseenEnd == default ? Now : run.UnseenEnd;
                container.IsRunning = false;
                container.IsPaused = false;
                Vacate(container);
                _runtime.Afterwards(() => run.Ended.TrySetResult());
                SeeOff(container, isRemoved: false);
            }
            else if (container.IsRestarting)
            {
                container.IsRunning = false;
                container.IsRestarting = false;
            }
            else if (container.IsRunning)
            {
                continue;
            }

            if (container.StartedAt != default && container.Host.Flag("AutoRemove"))
            {
                toRemove.Add(container);
            }
            else if (container.StartedAt != default && StartsWithDaemon(container))
            {
                toStart.Add(container);
            }
        }

        foreach (var container in toStart)
        {
            try
            {
                Run(container);
            }
            catch (DaemonErrorException)
            {
                // The container keeps the error, which is all a starting daemon does about it.
            }
        }

        foreach (var container in toRemove)
        {
            RemoveItself(container);
        }
    });

    private static bool StartsWithDaemon(InMemoryContainer container)
    {
        var (name, retries) = PolicyOf(container);
        return name switch
        {
            "always" => true,
            "unless-stopped" => !container.WasStoppedByHand,
            "on-failure" => container.ExitCode != 0 && (retries == 0 || container.RestartCount < retries),
            _ => false,
        };
    }
}
