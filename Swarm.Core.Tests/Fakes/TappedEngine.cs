using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

/// <summary>Another engine's face, on which a test can listen in and interfere.</summary>
internal sealed partial class TappedEngine(IEngine inner) : IEngine, IEngineSystem, IEngineContainers, IEngineNetworks
{
    private int _openStreams;
    private int _disposals;

    /// <summary>Gets or sets the engine behind the face.</summary>
    public IEngine Inner { get; set; } = inner;

    /// <summary>Gets or sets what happens before a container is inspected.</summary>
    public Func<string, CancellationToken, Task> OnInspect { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets or sets what becomes of the answer when a container is inspected.</summary>
    public Func<ContainerInspection, ContainerInspection> OnInspected { get; set; } = inspection => inspection;

    /// <summary>Gets or sets who answers when a container is inspected.</summary>
    public Func<string, Func<Task<ContainerInspection>>, Task<ContainerInspection>> InspectAs { get; set; } = (_, inspect) => inspect();

    /// <summary>Gets or sets what becomes of what the engine says of itself.</summary>
    public Func<EngineSpecs, EngineSpecs> OnSpecs { get; set; } = specs => specs;

    /// <summary>Gets or sets what becomes of a list of all containers.</summary>
    public Func<ImmutableArray<ContainerSummary>, CancellationToken, Task<ImmutableArray<ContainerSummary>>> OnList { get; set; } = (listed, _) => Task.FromResult(listed);

    /// <summary>Gets or sets what becomes of a list of all networks.</summary>
    public Func<ImmutableArray<NetworkView>, CancellationToken, Task<ImmutableArray<NetworkView>>> OnListNetworks { get; set; } = (listed, _) => Task.FromResult(listed);

    /// <summary>Gets or sets what happens before containers are looked for by a label.</summary>
    public Func<CancellationToken, Task> OnFind { get; set; } = _ => Task.CompletedTask;

    /// <summary>Gets or sets what becomes of a create: it is given the body, the create itself, and the token of whoever waits.</summary>
    public Func<ContainerConfig, Func<Task<CreatedContainer>>, CancellationToken, Task<CreatedContainer>> OnCreate { get; set; } = (_, create, _) => create();

    /// <summary>Gets or sets what happens before a container is started.</summary>
    public Func<string, CancellationToken, Task> OnStart { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets or sets what happens before a container is removed.</summary>
    public Func<string, CancellationToken, Task> OnRemove { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Gets or sets what happens before a ping.</summary>
    public Func<CancellationToken, Task> OnPing { get; set; } = _ => Task.CompletedTask;

    /// <summary>Gets or sets what happens before the next event is waited for.</summary>
    public Func<Task> OnReadEvent { get; set; } = () => Task.CompletedTask;

    /// <summary>Gets or sets what is attached to instead of a container, or after it.</summary>
    public Func<Func<Task<IContainerStreams>>, Task<IContainerStreams>> OnAttach { get; set; } = attach => attach();

    /// <summary>Gets what breaks the streams of events when it ends.</summary>
    public TaskCompletionSource StreamsBreak { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets or sets what happens before the engine is let go.</summary>
    public Func<Task> OnDispose { get; set; } = () => Task.CompletedTask;

    private TappedEngine Got(string part)
    {
        OnGet(part);
        return this;
    }

    public int OpenStreams => Volatile.Read(ref _openStreams);

    public int Disposals => Volatile.Read(ref _disposals);

    public EngineAddress Address => Inner.Address;

    public EngineCertificate? Certificate => OnCertificate(Inner.Certificate);

    public System.Collections.Immutable.ImmutableArray<string> ForbiddenCalls => Inner.ForbiddenCalls;

    public System.Collections.Immutable.ImmutableArray<System.Net.IPAddress> Addresses { get; set; } = [];

    public EngineCertificate? ClientCertificate => Inner.ClientCertificate;

    /// <summary>Gets or sets what becomes of the certificate that the engine shows.</summary>
    public Func<EngineCertificate?, EngineCertificate?> OnCertificate { get; set; } = certificate => certificate;

    /// <summary>Gets or sets what happens when a part of the engine is got.</summary>
    public Action<string> OnGet { get; set; } = _ => { };

    public IEngineSystem System => Got(nameof(System));

    public IEngineContainers Containers => Got(nameof(Containers));

    public IEngineImages Images => Inner.Images;

    public IEngineNetworks Networks => this;

    public IEngineVolumes Volumes => Inner.Volumes;

    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await OnPing(cancellationToken);
        await Inner.System.PingAsync(cancellationToken);
    }

    public async Task<EngineSpecs> GetSpecsAsync(CancellationToken cancellationToken) => OnSpecs(await Inner.System.GetSpecsAsync(cancellationToken));

    public async Task<IEngineEventStream> OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var stream = await Inner.System.OpenEventsAsync(since, cancellationToken);
        Interlocked.Increment(ref _openStreams);
        return new Stream(stream, this);
    }

    public async Task<ImmutableArray<ContainerSummary>> ListAsync(CancellationToken cancellationToken) =>
        await OnList(await Inner.Containers.ListAsync(cancellationToken), cancellationToken);

    public async Task<ImmutableArray<ContainerSummary>> ListAsync(string label, string value, CancellationToken cancellationToken)
    {
        await OnFind(cancellationToken);
        return await Inner.Containers.ListAsync(label, value, cancellationToken);
    }

    public async Task<ContainerInspection> InspectAsync(string id, CancellationToken cancellationToken)
    {
        await OnInspect(id, cancellationToken);
        return OnInspected(await InspectAs(id, () => Inner.Containers.InspectAsync(id, cancellationToken)));
    }

    public Task<CreatedContainer> CreateAsync(ContainerConfig config, CancellationToken cancellationToken) =>
        OnCreate(config, () => Inner.Containers.CreateAsync(config, cancellationToken), cancellationToken);

    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        await OnStart(id, cancellationToken);
        await Inner.Containers.StartAsync(id, cancellationToken);
    }

    public Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) => Inner.Containers.StopAsync(id, grace, cancellationToken);

    public Task KillAsync(string id, string? signal, CancellationToken cancellationToken) => Inner.Containers.KillAsync(id, signal, cancellationToken);

    public async Task RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        await OnRemove(id, cancellationToken);
        await Inner.Containers.RemoveAsync(id, force, removeVolumes, cancellationToken);
    }

    async Task<ImmutableArray<NetworkView>> IEngineNetworks.ListAsync(CancellationToken cancellationToken) =>
        await OnListNetworks(await Inner.Networks.ListAsync(cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposals);
        await OnDispose();
        await Inner.DisposeAsync();
    }

    private sealed class Stream(IEngineEventStream inner, TappedEngine owner) : IEngineEventStream
    {
        private int _disposed;

        public DateTimeOffset? Begin => inner.Begin;

        public async ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken)
        {
            await owner.OnReadEvent();
            var read = inner.ReadAsync(cancellationToken).AsTask();
            return await Task.WhenAny(read, owner.StreamsBreak.Task) == read ? await read : throw new EngineUnreachableException(owner.Address, "follow events", "the test broke the stream");
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref owner._openStreams);
            }
        }
    }
}
