using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One client of a simulated daemon: its machine's own, or one over a network.</summary>
internal sealed partial class InMemoryEngineHandle(InMemoryEngine engine, EngineAddress address, InMemoryEngines? network)
    : IEngine, IEngineSystem, IEngineContainers, IEngineImages, IEngineNetworks, IEngineVolumes, IEngineExecs
{
    private volatile InMemoryEngine _engine = engine;
    private volatile bool _isDisposed;

    public EngineAddress Address { get; } = address;

    public EngineCertificate? Certificate => Engine.Certificate;

    /// <inheritdoc/>
    public EngineCertificate? ClientCertificate => Engine.ClientCertificate;

    public bool IsLocal => network is null;

    public bool IsDisposed => _isDisposed;

    public InMemoryEngine Engine => _engine;

    private InMemoryDaemon Daemon => _engine.Daemon;

    public IEngineSystem System => this;

    public IEngineContainers Containers => this;

    public IEngineImages Images => this;

    public IEngineNetworks Networks => this;

    public IEngineVolumes Volumes => this;

    public IEngineExecs Execs => this;

    public ValueTask DisposeAsync()
    {
        // The machine's own handle is always there: nobody owns it.
        if (!IsLocal && !_isDisposed)
        {
            _isDisposed = true;
            Daemon.Events.EndStreamsOf(this);
            Daemon.Connections.BreakOf(this);
            Engine.Closed();
        }

        return ValueTask.CompletedTask;
    }

    Task IEngineSystem.PingAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.Ping, static () => { }, cancellationToken);

    Task<EngineSpecs> IEngineSystem.GetSpecsAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.GetSpecs, () => Engine.Describe(), cancellationToken);

    async Task<IEngineEventStream> IEngineSystem.OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        InMemoryEventStream? stream = null;
        try
        {
            return await Call<IEngineEventStream>(EngineOperation.OpenEvents, () => stream = Daemon.Events.Subscribe(this, since), cancellationToken);
        }
        catch (Exception) when (stream is not null)
        {
            // The daemon opened it, but nobody is there to read it.
            await stream.DisposeAsync();
            throw;
        }
    }

    Task<ImmutableArray<ContainerSummary>> IEngineContainers.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListContainers, () => IsLocal ? Daemon.List(null, null) : Daemon.ListOverNetwork(), cancellationToken);

    Task<ImmutableArray<ContainerSummary>> IEngineContainers.ListAsync(string label, string value, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentNullException.ThrowIfNull(value);
        return Call(EngineOperation.ListContainers, () => Daemon.List(label, value), cancellationToken);
    }

    async Task<ContainerInspection> IEngineContainers.InspectAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return ContainerInspection.Parse(await Call(EngineOperation.InspectContainer, () => Daemon.Inspect(id), cancellationToken, id));
    }

    Task<CreatedContainer> IEngineContainers.CreateAsync(ContainerConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Call(EngineOperation.CreateContainer, () => CreateDiscreetly(config), cancellationToken);
    }

    Task IEngineContainers.StartAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.StartContainer, () => Daemon.Start(id), cancellationToken);
    }

    Task IEngineContainers.StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Reach().CallAsync(this, EngineOperation.StopContainer, () => Done(Daemon.Stop(id, grace)), cancellationToken);
    }

    Task IEngineContainers.KillAsync(string id, string? signal, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Call(EngineOperation.KillContainer, () => Daemon.Kill(id, signal), cancellationToken);
    }

    Task IEngineContainers.RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Reach().CallAsync(this, EngineOperation.RemoveContainer, () => Done(Daemon.Remove(id, force, removeVolumes)), cancellationToken);
    }

    Task<ImmutableArray<ImageView>> IEngineImages.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListImages, () => Daemon.Images.List(), cancellationToken);

    Task IEngineImages.PullAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        return Call(EngineOperation.PullImage, () => Daemon.Images.Pull(reference, login), cancellationToken, Engine.PullTime);
    }

    Task<ImmutableArray<NetworkView>> IEngineNetworks.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListNetworks, () => Daemon.Networks(), cancellationToken);

    Task<ImmutableArray<VolumeView>> IEngineVolumes.ListAsync(CancellationToken cancellationToken) =>
        Call(EngineOperation.ListVolumes, () => Daemon.Volumes(), cancellationToken);

    // A client speaks to an address: when the machine it spoke to is gone and another answers there now, it is that one's from the next call on.
    private InMemoryEngine Reach()
    {
        var known = _engine;
        if (network is not null && !known.IsReachable && network.TryGet(Address, out var now) && now != known && now.IsReachable)
        {
            known.Closed();
            now.Opened();
            _engine = now;
        }

        return _engine;
    }

    // The daemon may quote what it was sent; its errors must not.
    private CreatedContainer CreateDiscreetly(ContainerConfig config)
    {
        try
        {
            return Daemon.Create(config.Body, config.Name);
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

    private Task<T> Call<T>(EngineOperation operation, Func<T> work, CancellationToken cancellationToken, string? subject = null) =>
        Reach().CallAsync(this, operation, () => Task.FromResult(work()), cancellationToken, subject: subject);

    private Task<bool> Call(EngineOperation operation, Action work, CancellationToken cancellationToken, TimeSpan duration = default) =>
        Reach().CallAsync(
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
