using System.Text.Json.Nodes;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    public void Start(string id) => Do(() =>
    {
        var container = Find(id);
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
            Publish(container, "stop");
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
                    if (_isUp && container.Run == run)
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

    public void Remove(string id, bool force, bool volumes) => Do(() =>
    {
        var container = Find(id);
        if (container.IsRunning)
        {
            if (!force)
            {
                var advice = container.IsPaused ? "Unpause and then stop" : "Stop";
                throw DaemonErrorException.Conflict(
                    $"You cannot remove a {container.StateText} container {container.Id}. {advice} the container before attempting removal or force remove");
            }

            container.WasStoppedByHand = true;
            if (container.Run is { } run)
            {
                GiveUpRestart(container, run);
                Signal(container, Signals.Kill);
            }
            else
            {
                GiveUpRestarting(container);
            }
        }

        Destroy(container, volumes);
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
        Publish(container, "rename", ("oldName", "/" + before));
    });

    public void Pause(string id) => Do(() =>
    {
        var container = FindRunning(id);
        if (container.IsPaused)
        {
            throw DaemonErrorException.Conflict($"Container {container.Id} is already paused");
        }

        container.IsPaused = true;
        Publish(container, "pause");
    });

    public void Unpause(string id) => Do(() =>
    {
        var container = Find(id);
        if (!container.IsPaused)
        {
            throw DaemonErrorException.Internal($"Container {container.Id} is not paused");
        }

        container.IsPaused = false;
        Publish(container, "unpause");
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
            Publish(container, $"health_status: {health}");
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

    /// <summary>Ends the daemon; the containers end with it, or run on without it.</summary>
    public void GoDown(bool containersRunOn) => Do(() =>
    {
        _isUp = false;
        _past.Clear();
        ForgetExecs();
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
                _afterwards.Add(() => run.Ended.TrySetResult());
            }

            Vacate(container);
            SeeOff(container, isRemoved: true);
        }

        _containers.Clear();
        _volumes.Clear();
        Changed();
    });

    /// <summary>Starts the daemon: it takes stock of what ended without it, in silence, and then obeys the restart policies.</summary>
    public void ComeUp() => Do(() =>
    {
        _isUp = true;
        Changed();
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
                _afterwards.Add(() => run.Ended.TrySetResult());
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
            Destroy(container, volumes: true);
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

    private static (string Name, int Retries) PolicyOf(InMemoryContainer container)
    {
        var policy = container.Host["RestartPolicy"]!.AsObject();
        return (policy.Text("Name"), policy["MaximumRetryCount"]!.GetValue<int>());
    }

    private InMemoryContainer[] InOrder() => [.. _containers.Values.OrderBy(container => container.Sequence)];

    /// <summary>Starts the process of a container that has none.</summary>
    /// <exception cref="DaemonErrorException">It cannot be started; the container keeps why.</exception>
    private void Run(InMemoryContainer container)
    {
        NetworkView? network;
        try
        {
            network = JoinNetwork(container);
            if (container.Process.StartError is { } startError)
            {
                PublishConnection(container, network, "connect");
                PublishConnection(container, network, "disconnect");
                container.ExitCode = 127;
                throw DaemonErrorException.BadRequest(startError);
            }
        }
        catch (DaemonErrorException error)
        {
            _ports.ReleaseAll(container.Id);
            container.Published.Clear();
            container.Error = error.Message;
            Changed();
            container.ExitCode = container.ExitCode == 0 ? 128 : container.ExitCode;
            if (container.Host.Flag("AutoRemove"))
            {
                Destroy(container, volumes: true);
            }

            throw;
        }

        var run = new InMemoryRun();
        container.Run = run;
        container.IsRunning = true;
        container.IsPaused = false;
        container.IsRestarting = false;
        container.Error = "";
        container.ExitCode = 0;
        container.StartedAt = Now;
        container.Health = HasHealthCheck(container) ? "starting" : null;
        container.Changes.AddRange(container.Process.Changes.Except(container.Changes));
        PublishConnection(container, network, "connect");
        PublishMounts(container, "mount");
        Publish(container, "start");
        PlanOutput(container, run);
        if ((TakeEarlyInput(container) ? TimeSpan.Zero : container.Process.RunsFor) is not { } runsFor)
        {
            return;
        }

        if (runsFor <= TimeSpan.Zero)
        {
            EndedByItself(container, run);
        }
        else
        {
            run.End = Ring(runsFor, _ => EndedByItself(container, run));
        }
    }

    private NetworkView? JoinNetwork(InMemoryContainer container)
    {
        var mode = NetworkNameOf(container.NetworkMode);
        if (mode.StartsWith("container:", StringComparison.Ordinal))
        {
            var owner = Find(mode["container:".Length..]);
            return owner.HasProcess ? null
                : throw DaemonErrorException.Conflict($"cannot join network of a non running container: {owner.Id}");
        }

        var network = FindNetwork(mode) ?? throw DaemonErrorException.NotFound($"network {mode} not found");
        if (network.Driver is not ("host" or "null"))
        {
            PublishPorts(container);
        }

        return network;
    }

    // Only exposed ports are published: the engine ignores a binding of any other, however odd that looks.
    private void PublishPorts(InMemoryContainer container)
    {
        var bindings = container.Host["PortBindings"] as JsonObject;
        foreach (var exposed in container.Config.Keys("ExposedPorts").Order(StringComparer.Ordinal))
        {
            var port = WithProtocol(exposed);
            var asked = bindings?.FirstOrDefault(binding => Same(WithProtocol(binding.Key), port)).Value as JsonArray;
            if (asked is null or { Count: 0 })
            {
                if (!container.Host.Flag("PublishAllPorts"))
                {
                    continue;
                }

                asked = [new JsonObject { ["HostIp"] = "", ["HostPort"] = "" }];
            }

            foreach (var binding in asked)
            {
                var (ip, hostPort) = (binding!.AsObject().Text("HostIp"), binding.AsObject().Text("HostPort"));
                var (number, error) = _ports.Take(container.Id, port[(port.IndexOf('/', StringComparison.Ordinal) + 1)..], ip, hostPort);
                if (error is not null)
                {
                    throw DaemonErrorException.Internal(
                        $"driver failed programming external connectivity on endpoint {container.Name} ({_ids.NextId()}): {error}");
                }

                container.Published.Add(new PortBinding(port, ip.Length == 0 ? "0.0.0.0" : ip, Text(number)));
                if (ip.Length == 0)
                {
                    container.Published.Add(new PortBinding(port, "::", Text(number)));
                }
            }
        }
    }

    private static string WithProtocol(string port) => port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp";

    private static bool HasHealthCheck(InMemoryContainer container) =>
        container.Config["Healthcheck"] is JsonObject check
        && check.FirstOrDefault(member => string.Equals(member.Key, "Test", StringComparison.OrdinalIgnoreCase)).Value is JsonArray { Count: > 0 } test
        && !Same(test[0]?.ToString() ?? "", "NONE");

    /// <summary>Sends a signal to the process of a container.</summary>
    private void Signal(InMemoryContainer container, int number)
    {
        var run = container.Run!;
        Publish(container, "kill", ("signal", Text(number)));
        if (container.IsPaused)
        {
            container.IsPaused = false;
            Publish(container, "unpause");
        }

        if (number == Signals.Kill)
        {
            Ended(container, run, ExitCodeWhenKilled);
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
        if (!_isUp)
        {
            Changed();
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
        _afterwards.Add(() => run.Ended.TrySetResult());

        var (policy, retries) = PolicyOf(container);
        var restarts = !container.WasStoppedByHand
            && (policy is "always" or "unless-stopped" || (Same(policy, "on-failure") && exitCode != 0 && (retries == 0 || container.RestartCount < retries)));
        container.IsRunning = restarts;
        container.IsRestarting = restarts;
        Publish(container, "die", ("exitCode", Text(exitCode)));
        PublishConnection(container, NetworkOf(container), "disconnect");
        PublishMounts(container, "unmount");
        if (run.IsStopping)
        {
            Publish(container, "stop");
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
            Destroy(container, volumes: true);
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
            if (container.Restart != alarm || !_isUp)
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
        Changed();
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

    private void Destroy(InMemoryContainer container, bool volumes)
    {
        if (!_containers.Remove(container.Id))
        {
            return;
        }

        if (volumes)
        {
            foreach (var mount in container.Mounts)
            {
                // Another container may have taken it over with VolumesFrom.
                if (mount.Anonymous
                    && !_containers.Values.Any(other => other.Mounts.Any(used => Same(used.Name, mount.Name)))
                    && _volumes.Remove(mount.Name))
                {
                    Publish(EngineEventType.Volume, "destroy", mount.Name, [KeyValuePair.Create("driver", "local")]);
                }
            }
        }

        Publish(container, "destroy");
        SeeOff(container, isRemoved: true);
    }

    private void PublishConnection(InMemoryContainer container, NetworkView? network, string action)
    {
        if (network is not null)
        {
            PublishNetwork(action, network, container);
        }
    }
}
