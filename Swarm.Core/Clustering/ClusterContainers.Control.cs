using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class ClusterContainers
{
    // What a container that asks for nothing gets from its engine.
    private static readonly TimeSpan _engineGrace = TimeSpan.FromSeconds(10);

    private readonly ContainerChanger _changer = new(cluster);

    public Task<ClusterContainer> RestartAsync(string container, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        if (grace is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
        }

        return ChangeAsync(
            container,
            "restart container",
            cluster.Options.CreateTimeout + (grace ?? _engineGrace),
            (engine, id, token) => engine.Containers.RestartAsync(id, grace, token),
            cancellationToken);
    }

    public Task<ClusterContainer> PauseAsync(string container, CancellationToken cancellationToken = default) =>
        ChangeAsync(container, "pause container", cluster.Options.CallTimeout, (engine, id, token) => engine.Containers.PauseAsync(id, token), cancellationToken);

    public Task<ClusterContainer> UnpauseAsync(string container, CancellationToken cancellationToken = default) =>
        ChangeAsync(container, "unpause container", cluster.Options.CallTimeout, (engine, id, token) => engine.Containers.UnpauseAsync(id, token), cancellationToken);

    public Task<ClusterContainer> RenameAsync(string container, string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var bare = ContainerConfig.CheckName(name)!;
        return cluster.WorkAsync((run, token) => _changer.RenameAsync(run, Find(run, container), bare, token), cancellationToken, "rename container");
    }

    public Task<UpdateResult> UpdateAsync(string container, ContainerUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return cluster.WorkAsync(
            (run, token) =>
            {
                cluster.Settings.Requests.Check(update, container);
                return _changer.UpdateAsync(run, Find(run, container), update, token);
            },
            cancellationToken,
            "update container");
    }

    public Task<ContainerProcesses> TopAsync(string container, string? arguments = null, CancellationToken cancellationToken = default) =>
        cluster.WorkAsync(
            (run, token) => run.Calls.CallAsync(
                Find(run, container),
                "list processes",
                cluster.Options.CallTimeout,
                (engine, id, limit) => engine.Containers.TopAsync(id, arguments, limit),
                token),
            cancellationToken,
            "list processes");

    public Task<ImmutableArray<FileChange>> ListChangesAsync(string container, CancellationToken cancellationToken = default) =>
        cluster.WorkAsync(
            (run, token) => run.Calls.CallAsync(
                Find(run, container),
                "list changes",
                cluster.Options.CallTimeout,
                (engine, id, limit) => engine.Containers.ListChangesAsync(id, limit),
                token),
            cancellationToken,
            "list changes");

    public Task ResizeAsync(string container, int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return cluster.WorkAsync(
            (run, token) => run.Calls.CallAsync(
                Find(run, container),
                "resize terminal",
                cluster.Options.CallTimeout,
                (engine, id, limit) => engine.Containers.ResizeAsync(id, columns, rows, limit),
                token),
            cancellationToken,
            "resize terminal");
    }
}
