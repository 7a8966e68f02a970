using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One connection to a simulated daemon.</summary>
internal sealed partial class InMemoryEngineHandle(InMemoryEngine engine, InMemoryDaemon daemon, EngineAddress address, bool isLocal)
    : IEngine, IEngineSystem, IEngineContainers, IEngineImages, IEngineNetworks, IEngineVolumes
{
    private volatile bool _isDisposed;

    public EngineAddress Address { get; } = address;

    public bool IsLocal { get; } = isLocal;

    public bool IsDisposed => _isDisposed;

    public InMemoryEngine Engine { get; } = engine;

    public IEngineSystem System => this;

    public IEngineContainers Containers => this;

    public IEngineImages Images => this;

    public IEngineNetworks Networks => this;

    public IEngineVolumes Volumes => this;

    public ValueTask DisposeAsync()
    {
        // The machine's own handle is always there: nobody owns it.
        if (!IsLocal && !_isDisposed)
        {
            _isDisposed = true;
            daemon.EndStreamsOf(this);
        }

        return ValueTask.CompletedTask;
    }

    Task IEngineSystem.PingAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.Ping, static () => { }, cancellationToken);

    Task<EngineSpecs> IEngineSystem.GetSpecsAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.GetSpecs, Engine.Describe, cancellationToken);

    async Task<IEngineEventStream> IEngineSystem.OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        InMemoryEventStream? stream = null;
        try
        {
            return await Call<IEngineEventStream>(EngineOperation.OpenEvents, () => stream = daemon.Subscribe(this, since), cancellationToken);
        }
        catch (Exception) when (stream is not null)
        {
            // The daemon opened it, but nobody is there to read it.
            await stream.DisposeAsync();
            throw;
        }
    }

    Task<ImmutableArray<ContainerSummary>> IEngineContainers.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListContainers, () => daemon.List(null, null), cancellationToken);

    Task<ImmutableArray<ContainerSummary>> IEngineContainers.ListAsync(string label, string value, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentNullException.ThrowIfNull(value);
        return Call(EngineOperation.ListContainers, () => daemon.List(label, value), cancellationToken);
    }

    async Task<ContainerInspection> IEngineContainers.InspectAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var json = await Call(EngineOperation.InspectContainer, () => daemon.Inspect(id), cancellationToken);
        return new ContainerInspection(json, ContainerInspectionReader.Read(json.Span));
    }

    Task<CreatedContainer> IEngineContainers.CreateAsync(ContainerConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Call(EngineOperation.CreateContainer, () => CreateDiscreetly(config), cancellationToken);
    }

    Task IEngineContainers.StartAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.StartContainer, () => daemon.Start(id), cancellationToken);
    }

    Task IEngineContainers.StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Engine.CallAsync(this, EngineOperation.StopContainer, () => Done(daemon.Stop(id, grace)), cancellationToken);
    }

    Task IEngineContainers.KillAsync(string id, string? signal, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.KillContainer, () => daemon.Kill(id, signal), cancellationToken);
    }

    Task IEngineContainers.RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.RemoveContainer, () => daemon.Remove(id, force, removeVolumes), cancellationToken);
    }

    Task<ImmutableArray<ImageView>> IEngineImages.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListImages, daemon.Images, cancellationToken);

    Task IEngineImages.PullAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        return Call(EngineOperation.PullImage, () => daemon.Pull(reference, login), cancellationToken, Engine.PullTime);
    }

    Task<ImmutableArray<NetworkView>> IEngineNetworks.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListNetworks, daemon.Networks, cancellationToken);

    Task<ImmutableArray<VolumeView>> IEngineVolumes.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListVolumes, daemon.Volumes, cancellationToken);

    // The daemon may quote what it was sent; its errors must not.
    private CreatedContainer CreateDiscreetly(ContainerConfig config)
    {
        try
        {
            return daemon.Create(config.Body, config.Name);
        }
        catch (DaemonErrorException error)
        {
            throw error.With(Redaction.Of(config).Apply(error.Message));
        }
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private Task<T> Call<T>(EngineOperation operation, Func<T> work, CancellationToken cancellationToken) =>
        Engine.CallAsync(this, operation, () => Task.FromResult(work()), cancellationToken);

    private Task<bool> Call(EngineOperation operation, Action work, CancellationToken cancellationToken, TimeSpan duration = default) =>
        Engine.CallAsync(
            this,
            operation,
            () =>
            {
                work();
                return Task.FromResult(true);
            },
            cancellationToken,
            duration);
}
