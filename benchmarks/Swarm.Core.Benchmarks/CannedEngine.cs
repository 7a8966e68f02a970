using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Benchmarks;

/// <summary>An engine that has its answers ready and costs next to nothing, so that what is left is the library's own share. Follows creates and removals, with their events, and nothing else.</summary>
internal sealed class CannedEngine : IEngine, IEngineSystem, IEngineImages, IEngineNetworks, IEngineVolumes
{
    private readonly CannedEngines _owner;
    private readonly EngineSpecs _specs;
    private readonly CannedContainers _containers;
    private readonly ConcurrentDictionary<EventStream, bool> _streams = new();

    public CannedEngine(CannedEngines owner, int number, int fill, bool withPorts)
    {
        _owner = owner;
        Address = Machine.Address(number);
        _specs = new EngineSpecs
        {
            DaemonId = Machine.DaemonId(number),
            Name = Machine.Name(number),
            NanoCpus = Machine.Cpus * ResourceVector.NanoCpusPerCpu,
            MemoryBytes = Machine.MemoryBytes,
            Labels = LabelSet.Create(
            [
                .. Machine.Labels(number),
                new("storagedriver", "overlay2"),
                new("kernelversion", "6.1.0"),
                new("operatingsystem", "Debian GNU/Linux 12"),
                new("ostype", "linux"),
            ]),
            OsType = "linux",
            Architecture = "x86_64",
            ServerVersion = "28.5.1",
            ApiVersion = "1.51",
        };
        _containers = new CannedContainers(owner, this, number);
        for (var k = 0; k < fill; k++)
        {
            _containers.Hold(k, Machine.Held(number, k, withPorts));
        }
    }

    public EngineAddress Address { get; }

    public IEngineSystem System => this;

    public IEngineContainers Containers => _containers;

    public IEngineImages Images => this;

    public IEngineNetworks Networks => this;

    public IEngineVolumes Volumes => this;

    public IEngineExecs Execs => throw new NotSupportedException("A canned engine runs nothing.");

    public Task PingAsync(CancellationToken cancellationToken)
    {
        _owner.Count(CannedCall.Ping);
        return Task.CompletedTask;
    }

    public Task<EngineSpecs> GetSpecsAsync(CancellationToken cancellationToken)
    {
        _owner.Count(CannedCall.Describe);
        return Task.FromResult(_specs);
    }

    public Task<IEngineEventStream> OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var stream = new EventStream(this);
        _streams[stream] = true;
        return Task.FromResult<IEngineEventStream>(stream);
    }

    Task<ImmutableArray<ImageView>> IEngineImages.ListAsync(CancellationToken cancellationToken)
    {
        _owner.Count(CannedCall.List);
        return Task.FromResult(_owner.Images);
    }

    Task<ImmutableArray<NetworkView>> IEngineNetworks.ListAsync(CancellationToken cancellationToken)
    {
        _owner.Count(CannedCall.List);
        return Task.FromResult(_owner.Networks);
    }

    Task<ImmutableArray<VolumeView>> IEngineVolumes.ListAsync(CancellationToken cancellationToken)
    {
        _owner.Count(CannedCall.List);
        return Task.FromResult(ImmutableArray<VolumeView>.Empty);
    }

    public Task PullAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken) => throw new NotSupportedException("A canned engine pulls nothing.");

    // Connections share the engine: there is nothing to let go of.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Tells all who listen.</summary>
    public void Announce(string action, string id)
    {
        if (!_streams.IsEmpty)
        {
            var happened = new EngineEvent(EngineEventType.Container, action, id, LabelSet.Empty, DateTimeOffset.UnixEpoch);
            foreach (var (stream, _) in _streams)
            {
                stream.Write(happened);
            }
        }
    }

    public static string IdOf(int engine, int number) => string.Create(CultureInfo.InvariantCulture, $"{engine:x8}{number:x56}");

    private sealed class EventStream(CannedEngine engine) : IEngineEventStream
    {
        private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>(new UnboundedChannelOptions { SingleReader = true });

        public void Write(EngineEvent happened) => _events.Writer.TryWrite(happened);

        public async ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken) => await _events.Reader.ReadAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            engine._streams.TryRemove(this, out _);
            return ValueTask.CompletedTask;
        }
    }
}
