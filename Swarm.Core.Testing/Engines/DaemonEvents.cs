using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>The events of a simulated daemon: what it remembers of them, who follows them, and which of them are to go wrong.</summary>
internal sealed class DaemonEvents(DaemonRuntime runtime, FaultSource chance)
{
    /// <summary>How many events a daemon remembers for those who ask for the past.</summary>
    private const int Remembered = 256;

    private readonly Queue<EngineEvent> _past = new(Remembered);
    private readonly List<InMemoryEventStream> _streams = [];
    private readonly List<EventFault> _faults = [];

    /// <summary>Gets how often anything about containers has changed.</summary>
    public long ChangeCount { get; private set; }

    /// <summary>Gets when anything about containers changed last, by the engine's time.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>Gets how many event streams are open over the network.</summary>
    public int RemoteStreamCount => runtime.Do(() => _streams.Count(stream => !stream.IsLocal));

    /// <summary>Notes that something about containers changed, whether or not an event tells of it. Called under the lock.</summary>
    public void Changed()
    {
        ChangeCount++;
        ChangedAt = runtime.Time.GetTimestamp();
    }

    /// <summary>Forgets the past, as a daemon does that ends. Called under the lock.</summary>
    public void Forget() => _past.Clear();

    public InMemoryEventStream Subscribe(InMemoryEngineHandle handle, DateTimeOffset? since) => runtime.Do(() =>
    {
        var begin = since is { } asked && asked <= runtime.Now ? asked : runtime.Now;
        var stream = new InMemoryEventStream(handle, this, begin);
        foreach (var past in _past)
        {
            if (since is not null && past.Time >= begin)
            {
                stream.Offer(past);
            }
        }

        _streams.Add(stream);
        return stream;
    });

    public void Unsubscribe(InMemoryEventStream stream) => runtime.Do(() => _streams.Remove(stream));

    /// <summary>Ends streams: in order when there is no reason, else with an error.</summary>
    public void EndStreams(string? reason, bool evenLocal) => EndStreams(reason, stream => evenLocal || !stream.IsLocal);

    public void EndStreamsOf(InMemoryEngineHandle handle) => EndStreams(null, stream => stream.Handle == handle);

    private void EndStreams(string? reason, Predicate<InMemoryEventStream> which) => runtime.Do(() =>
    {
        foreach (var stream in _streams.FindAll(which))
        {
            _streams.Remove(stream);
            runtime.Afterwards(() => stream.End(reason));
        }
    });

    public void AddFault(string? action, int count, int copies) => runtime.Do(() => _faults.Add(new EventFault(action, copies) { Left = count }));

    /// <summary>Tells those who follow of something, unless the daemon is down. Called under the lock.</summary>
    public void Publish(EngineEventType type, string action, string actor, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        Changed();
        if (!runtime.IsUp)
        {
            return;
        }

        var happened = new EngineEvent(type, action, actor, LabelSet.Create(attributes), runtime.Now);
        if (_past.Count == Remembered)
        {
            _past.Dequeue();
        }

        _past.Enqueue(happened);
        var copies = 1;
        var fault = _faults.Find(fault => fault.Action is null || string.Equals(fault.Action, action, StringComparison.Ordinal));
        if (fault is not null)
        {
            copies = fault.Copies;
            fault.Left--;
            if (fault.Left == 0)
            {
                _faults.Remove(fault);
            }
        }

        foreach (var stream in _streams)
        {
            for (var i = 0; i < copies; i++)
            {
                Offer(stream, happened);
            }
        }
    }

    private void Offer(InMemoryEventStream stream, EngineEvent happened)
    {
        switch (stream.IsLocal ? null : chance.DrawEvent())
        {
            case { Fault: EngineFault.DroppedEvent }:
                break;
            case { Fault: EngineFault.DoubledEvent }:
                stream.Offer(happened);
                stream.Offer(happened);
                break;
            case { Fault: EngineFault.LateEvent, Delay: var late }:
                runtime.Ring(late, _ => stream.Offer(happened));
                break;
            default:
                stream.Offer(happened);
                break;
        }
    }

    /// <summary>Tells of something about a container. Called under the lock.</summary>
    public void Publish(InMemoryContainer container, string action, params ReadOnlySpan<(string Key, string Value)> more)
    {
        List<KeyValuePair<string, string>> attributes = [.. container.Labels];
        if (container.ImageReference.Length > 0)
        {
            attributes.Add(KeyValuePair.Create("image", container.ImageReference));
        }

        attributes.Add(KeyValuePair.Create("name", container.Name));
        foreach (var (key, value) in more)
        {
            attributes.Add(KeyValuePair.Create(key, value));
        }

        Publish(EngineEventType.Container, action, container.Id, attributes);
    }

    /// <summary>Tells of something about a network. Called under the lock.</summary>
    public void PublishNetwork(string action, NetworkView network, InMemoryContainer? container)
    {
        List<KeyValuePair<string, string>> attributes = [KeyValuePair.Create("name", network.Name), KeyValuePair.Create("type", network.Driver)];
        if (container is not null)
        {
            attributes.Add(KeyValuePair.Create("container", container.Id));
        }

        Publish(EngineEventType.Network, action, network.Id, attributes);
    }

    /// <summary>Announces that the configuration was read again, with the labels as the daemon writes them.</summary>
    public void PublishReload(string daemonId, string name, LabelSet labels) => runtime.Do(() => Publish(
        EngineEventType.Daemon,
        "reload",
        daemonId,
        [
            KeyValuePair.Create("labels", GoJson.WriteStringList(labels.Select(label => $"{label.Key}={label.Value}"))),
            KeyValuePair.Create("name", name),
        ]));

    /// <summary>Tells of something about the volumes of a container. Called under the lock.</summary>
    public void PublishMounts(InMemoryContainer container, string action)
    {
        foreach (var mount in container.Mounts)
        {
            if (!string.Equals(mount.Type, "volume", StringComparison.Ordinal))
            {
                continue;
            }

            List<KeyValuePair<string, string>> attributes = [KeyValuePair.Create("container", container.Id), KeyValuePair.Create("driver", "local")];
            if (string.Equals(action, "mount", StringComparison.Ordinal))
            {
                attributes.Add(KeyValuePair.Create("destination", mount.Destination));
                attributes.Add(KeyValuePair.Create("propagation", ""));
                attributes.Add(KeyValuePair.Create("read/write", mount.ReadOnly ? "false" : "true"));
            }

            Publish(EngineEventType.Volume, action, mount.Name, attributes);
        }
    }

    /// <summary>Tells that a container joined or left a network, if there is one. Called under the lock.</summary>
    public void PublishConnection(InMemoryContainer container, NetworkView? network, string action)
    {
        if (network is not null)
        {
            PublishNetwork(action, network, container);
        }
    }

    private sealed class EventFault(string? action, int copies)
    {
        public string? Action { get; } = action;

        public int Copies { get; } = copies;

        public int Left { get; set; }
    }
}
