using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    /// <summary>How many events a daemon remembers for those who ask for the past.</summary>
    private const int Remembered = 256;

    private readonly Queue<EngineEvent> _past = new(Remembered);
    private readonly List<InMemoryEventStream> _streams = [];
    private readonly List<EventFault> _eventFaults = [];

    public InMemoryEventStream Subscribe(InMemoryEngineHandle handle, DateTimeOffset? since) => Do(() =>
    {
        var begin = since is { } asked && asked <= Now ? asked : Now;
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

    public void Unsubscribe(InMemoryEventStream stream) => Do(() => _streams.Remove(stream));

    /// <summary>Ends streams: in order when there is no reason, else with an error.</summary>
    public void EndStreams(string? reason, bool evenLocal) => EndStreams(reason, stream => evenLocal || !stream.IsLocal);

    public void EndStreamsOf(InMemoryEngineHandle handle) => EndStreams(null, stream => stream.Handle == handle);

    private void EndStreams(string? reason, Predicate<InMemoryEventStream> which) => Do(() =>
    {
        foreach (var stream in _streams.FindAll(which))
        {
            _streams.Remove(stream);
            _afterwards.Add(() => stream.End(reason));
        }
    });

    public void AddEventFault(string? action, int count, int copies) => Do(() => _eventFaults.Add(new EventFault(action, copies) { Left = count }));

    private void Publish(EngineEventType type, string action, string actor, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        Changed();
        if (!_isUp)
        {
            return;
        }

        var happened = new EngineEvent(type, action, actor, LabelSet.Create(attributes), Now);
        if (_past.Count == Remembered)
        {
            _past.Dequeue();
        }

        _past.Enqueue(happened);
        var copies = 1;
        var fault = _eventFaults.Find(fault => fault.Action is null || Same(fault.Action, action));
        if (fault is not null)
        {
            copies = fault.Copies;
            fault.Left--;
            if (fault.Left == 0)
            {
                _eventFaults.Remove(fault);
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
        switch (stream.IsLocal ? null : _chance.DrawEvent())
        {
            case { Fault: EngineFault.DroppedEvent }:
                break;
            case { Fault: EngineFault.DoubledEvent }:
                stream.Offer(happened);
                stream.Offer(happened);
                break;
            case { Fault: EngineFault.LateEvent, Delay: var late }:
                Ring(late, _ => stream.Offer(happened));
                break;
            default:
                stream.Offer(happened);
                break;
        }
    }

    private void Publish(InMemoryContainer container, string action, params ReadOnlySpan<(string Key, string Value)> more)
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

    private void PublishNetwork(string action, NetworkView network, InMemoryContainer? container)
    {
        List<KeyValuePair<string, string>> attributes = [KeyValuePair.Create("name", network.Name), KeyValuePair.Create("type", network.Driver)];
        if (container is not null)
        {
            attributes.Add(KeyValuePair.Create("container", container.Id));
        }

        Publish(EngineEventType.Network, action, network.Id, attributes);
    }

    /// <summary>Announces that the configuration was read again, with the labels as the daemon writes them.</summary>
    public void PublishReload(string name, LabelSet labels) => Do(() => Publish(
        EngineEventType.Daemon,
        "reload",
        DaemonId,
        [
            KeyValuePair.Create("labels", GoJson.WriteStringList(labels.Select(label => $"{label.Key}={label.Value}"))),
            KeyValuePair.Create("name", name),
        ]));

    private void PublishMounts(InMemoryContainer container, string action)
    {
        foreach (var mount in container.Mounts)
        {
            if (!Same(mount.Type, "volume"))
            {
                continue;
            }

            List<KeyValuePair<string, string>> attributes = [KeyValuePair.Create("container", container.Id), KeyValuePair.Create("driver", "local")];
            if (Same(action, "mount"))
            {
                attributes.Add(KeyValuePair.Create("destination", mount.Destination));
                attributes.Add(KeyValuePair.Create("propagation", ""));
                attributes.Add(KeyValuePair.Create("read/write", mount.ReadOnly ? "false" : "true"));
            }

            Publish(EngineEventType.Volume, action, mount.Name, attributes);
        }
    }

    private sealed class EventFault(string? action, int copies)
    {
        public string? Action { get; } = action;

        public int Copies { get; } = copies;

        public int Left { get; set; }
    }
}
