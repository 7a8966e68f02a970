using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryEngineHandle
{
    Task IEngineContainers.RestartAsync(string id, TimeSpan? grace, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Engine.CallAsync(this, EngineOperation.RestartContainer, () => Done(Daemon.Restart(id, grace)), cancellationToken);
    }

    Task IEngineContainers.PauseAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.PauseContainer, () => Daemon.Pause(id), cancellationToken);
    }

    Task IEngineContainers.UnpauseAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.UnpauseContainer, () => Daemon.Unpause(id), cancellationToken);
    }

    Task IEngineContainers.RenameAsync(string id, string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(name);
        return Call(EngineOperation.RenameContainer, () => Daemon.Rename(id, name), cancellationToken);
    }

    Task<ImmutableArray<string>> IEngineContainers.UpdateAsync(string id, ContainerUpdate update, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(update);
        return Call(EngineOperation.UpdateContainer, () => Daemon.Update(id, update.Body), cancellationToken);
    }

    Task<ContainerProcesses> IEngineContainers.TopAsync(string id, string? arguments, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.ListProcesses, () => Daemon.Top(id, arguments), cancellationToken);
    }

    Task<ImmutableArray<FileChange>> IEngineContainers.ListChangesAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.ListChanges, () => Daemon.Changes(id), cancellationToken);
    }

    Task IEngineContainers.ResizeAsync(string id, int columns, int rows, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.ResizeTerminal, () => Daemon.Resize(id), cancellationToken);
    }
}
