using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

internal sealed partial class TappedEngine
{
    /// <summary>Gets or sets what happens before a container is updated.</summary>
    public Func<string, CancellationToken, Task> OnUpdate { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets or sets what happens before a container is renamed.</summary>
    public Func<string, CancellationToken, Task> OnRename { get; set; } = (_, _) => Task.CompletedTask;

    public Task RestartAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) => Inner.Containers.RestartAsync(id, grace, cancellationToken);

    public Task PauseAsync(string id, CancellationToken cancellationToken) => Inner.Containers.PauseAsync(id, cancellationToken);

    public Task UnpauseAsync(string id, CancellationToken cancellationToken) => Inner.Containers.UnpauseAsync(id, cancellationToken);

    public async Task RenameAsync(string id, string name, CancellationToken cancellationToken)
    {
        await OnRename(id, cancellationToken);
        await Inner.Containers.RenameAsync(id, name, cancellationToken);
    }

    public async Task<ImmutableArray<string>> UpdateAsync(string id, ContainerUpdate update, CancellationToken cancellationToken)
    {
        await OnUpdate(id, cancellationToken);
        return await Inner.Containers.UpdateAsync(id, update, cancellationToken);
    }

    public Task<ContainerProcesses> TopAsync(string id, string? arguments, CancellationToken cancellationToken) => Inner.Containers.TopAsync(id, arguments, cancellationToken);

    public Task<ImmutableArray<FileChange>> ListChangesAsync(string id, CancellationToken cancellationToken) => Inner.Containers.ListChangesAsync(id, cancellationToken);

    public Task ResizeAsync(string id, int columns, int rows, CancellationToken cancellationToken) => Inner.Containers.ResizeAsync(id, columns, rows, cancellationToken);
}
