using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class ClusterContainers
{
    // What a container that asks for nothing gets from its engine.
    private static readonly TimeSpan _engineGrace = TimeSpan.FromSeconds(10);

    // Together with the longest time that a call may take less than what a timer can wait.
    private static readonly TimeSpan _longestGrace = TimeSpan.FromDays(30);

    public Task<ClusterContainer> RestartAsync(string container, TimeSpan? grace = null, CancellationToken cancellationToken = default)
    {
        CheckGrace(grace);
        return ChangeAsync(
            container,
            "restart container",
            limits => limits.Create + (grace ?? _engineGrace),
            (engine, id, token) => engine.Containers.RestartAsync(id, grace, token),
            cancellationToken);
    }

    public Task<ClusterContainer> PauseAsync(string container, CancellationToken cancellationToken = default) =>
        ChangeAsync(container, "pause container", _call, (engine, id, token) => engine.Containers.PauseAsync(id, token), cancellationToken);

    public Task<ClusterContainer> UnpauseAsync(string container, CancellationToken cancellationToken = default) =>
        ChangeAsync(container, "unpause container", _call, (engine, id, token) => engine.Containers.UnpauseAsync(id, token), cancellationToken);

    public Task<ClusterContainer> RenameAsync(string container, string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var bare = ContainerConfig.CheckName(name)!;
        return callers.DoAsync("rename container", (run, token) => run.Changer.RenameAsync(run.Finder.Find(container), bare, token), cancellationToken);
    }

    public Task<UpdateResult> UpdateAsync(string container, ContainerUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return callers.DoAsync(
            "update container",
            (run, token) =>
            {
                run.Requests.Check(update, container);
                return run.Changer.UpdateAsync(run.Finder.Find(container), update, token);
            },
            cancellationToken);
    }

    public Task<ContainerProcesses> TopAsync(string container, string? arguments = null, CancellationToken cancellationToken = default) =>
        CallAsync(container, "list processes", (engine, id, token) => engine.Containers.TopAsync(id, arguments, token), cancellationToken);

    public Task<ImmutableArray<FileChange>> ListChangesAsync(string container, CancellationToken cancellationToken = default) =>
        CallAsync(container, "list changes", (engine, id, token) => engine.Containers.ListChangesAsync(id, token), cancellationToken);

    public Task ResizeAsync(string container, int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return callers.DoAsync(
            "resize terminal",
            (run, token) => run.Calls.CallAsync(
                run.Finder.Find(container),
                "resize terminal",
                run.Limits.Call,
                (engine, id, given) => engine.Containers.ResizeAsync(id, columns, rows, given),
                token),
            cancellationToken);
    }

    private static void CheckGrace(TimeSpan? grace)
    {
        if (grace is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(grace));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, _longestGrace, nameof(grace));
        }
    }
}
