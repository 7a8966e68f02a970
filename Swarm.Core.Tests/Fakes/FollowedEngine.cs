using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

/// <summary>An engine that is followed by nobody: its state, its answers and what a look at a container does are the test's.</summary>
internal sealed class FollowedEngine : IFollowedEngine
{
    public const string Id = "ID-0";

    public EngineAddress Address { get; } = EngineAddress.Parse("engine-0:2375");

    public EngineState State { get; set; } = new() { Address = EngineAddress.Parse("engine-0:2375"), Id = Id, Status = EngineStatus.Healthy };

    public Task Spell { get; set; } = new TaskCompletionSource().Task;

    /// <summary>Gets or sets what calls are made to.</summary>
    public IEngine Io { get; set; } = new ScriptedEngine();

    /// <summary>Gets or sets what happens before a call is made.</summary>
    public Func<string, CancellationToken, Task> OnCall { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets or sets what a look at a container does, and what it finds: by default the state is right.</summary>
    public Func<string, CancellationToken, Task<ContainerLook>>? OnRefresh { get; set; }

    /// <summary>Gets the calls: what was asked, and how long it was given.</summary>
    public List<(string Operation, TimeSpan Timeout)> Calls { get; } = [];

    /// <summary>Gets the containers that were looked at.</summary>
    public List<string> Refreshed { get; } = [];

    /// <summary>Gets how often a reading of the whole engine was asked for.</summary>
    public int RefreshesSoon { get; private set; }

    /// <summary>Lets it show containers and nothing else.</summary>
    public void Show(params ImmutableArray<ContainerView> containers) => State = State with { Containers = containers };

    /// <summary>Finds it by its ID, and nothing by any other.</summary>
    public IFollowedEngine? Find(string engineId) => engineId == Id ? this : null;

    public async Task<T> CallAsync<T>(string operation, TimeSpan timeout, Func<IEngine, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        Calls.Add((operation, timeout));
        await OnCall(operation, cancellationToken);
        return await call(Io, cancellationToken);
    }

    public Task<ContainerLook> RefreshAsync(string containerId, bool isSaidGone, CancellationToken cancellationToken)
    {
        Refreshed.Add(containerId);
        return OnRefresh?.Invoke(containerId, cancellationToken) ?? Task.FromResult(State.FindContainer(containerId) is null ? ContainerLook.Gone : ContainerLook.There);
    }

    public void RefreshSoon() => RefreshesSoon++;
}
