using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    /// <summary>Removes a container.</summary>
    /// <returns>A task that ends when its name is free.</returns>
    public Task Remove(string id, bool force, bool volumes) => Do(() =>
    {
        var container = Find(id);
        if (container.Removal is not null)
        {
            throw DaemonErrorException.Conflict($"removal of container {id} is already in progress");
        }

        if (container.IsRunning && !force)
        {
            var advice = container.IsPaused ? "Unpause and then stop" : "Stop";
            throw DaemonErrorException.Conflict(
                $"You cannot remove a {container.StateText} container {container.Id}. {advice} the container before attempting removal or force remove");
        }

        container.Removal = new TaskCompletionSource();
        if (container.IsRunning)
        {
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

        return Destroy(container, volumes);
    });

    private static void RefuseIfRemoved(InMemoryContainer container)
    {
        if (container.Removal is not null)
        {
            throw DaemonErrorException.Conflict("container is marked for removal and cannot be started");
        }
    }

    // What removes itself when it ends, unless somebody is at it.
    private void RemoveItself(InMemoryContainer container)
    {
        if (container.Removal is null)
        {
            container.Removal = new TaskCompletionSource();
            Destroy(container, volumes: true);
        }
    }

    // As the daemon does it: the container leaves the list before its volumes are taken and its name is free, and that is told last.
    private Task Destroy(InMemoryContainer container, bool volumes)
    {
        var removal = container.Removal!;
        if (_removalTime <= TimeSpan.Zero)
        {
            _containers.Remove(container.Id);
            Destroyed(container, volumes, removal);
            return removal.Task;
        }

        Events.Changed();
        Ring(_removalTime / 2, _ =>
        {
            if (_containers.Remove(container.Id))
            {
                Events.Changed();
                _leaving.Add(container);
                Ring(_removalTime / 2, _ =>
                {
                    if (_leaving.Remove(container))
                    {
                        Destroyed(container, volumes, removal);
                    }
                });
            }
        });
        return removal.Task;
    }

    // A daemon that goes down does not leave them half done, and tells nobody.
    private void FinishRemovals()
    {
        foreach (var container in InOrder())
        {
            if (container.Removal is not null)
            {
                _containers.Remove(container.Id);
                _leaving.Add(container);
            }
        }

        foreach (var container in _leaving)
        {
            var removal = container.Removal!;
            SeeOff(container, isRemoved: true);
            _runtime.Afterwards(() => removal.TrySetResult());
        }

        _leaving.Clear();
    }

    private void Destroyed(InMemoryContainer container, bool volumes, TaskCompletionSource removal)
    {
        if (volumes)
        {
            RemoveVolumesOf(container);
        }

        Events.Publish(container, "destroy");
        SeeOff(container, isRemoved: true);
        _runtime.Afterwards(() => removal.TrySetResult());
    }

    private void RemoveVolumesOf(InMemoryContainer container)
    {
        foreach (var mount in container.Mounts)
        {
            // Another container may have taken it over with VolumesFrom.
            if (mount.Anonymous
                && !_containers.Values.Any(other => other.Mounts.Any(used => Same(used.Name, mount.Name)))
                && _volumes.Remove(mount.Name))
            {
                Events.Publish(EngineEventType.Volume, "destroy", mount.Name, [KeyValuePair.Create("driver", "local")]);
            }
        }
    }
}
