using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One simulated daemon: its containers, networks and volumes, and what it does with them. Thread-safe, by the lock of its <see cref="DaemonRuntime"/>, which its other parts share.</summary>
internal sealed partial class InMemoryDaemon
{
    private static readonly TimeSpan _defaultGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _firstRestartDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRestartDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _runThatResetsRestartDelay = TimeSpan.FromSeconds(10);

    private readonly DaemonRuntime _runtime;
    private readonly IdSource _ids;
    private readonly HostPorts _ports = new();
    private readonly SortedDictionary<string, InMemoryContainer> _containers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, VolumeView> _volumes = new(StringComparer.Ordinal);
    private readonly List<NetworkView> _networks = [];
    private readonly int _cpus;
    private readonly long _memoryBytes;
    private readonly TimeSpan _removalTime;

    // Gone from the list, but their names are not free yet.
    private readonly List<InMemoryContainer> _leaving = [];
    private long _sequence;
    private int _hiddenLists;

    public InMemoryDaemon(InMemoryEngineOptions options, FaultSource chance)
    {
        _runtime = new DaemonRuntime(options.Time, options.ClockSkew);
        Events = new DaemonEvents(_runtime, chance);
        Images = new DaemonImages(_runtime, Events);
        Connections = new DaemonConnections(_runtime, chance);
        _cpus = options.Cpus;
        _memoryBytes = options.MemoryBytes;
        _removalTime = options.RemovalTime;
        _ids = new IdSource(options.Seed ?? IdSource.SeedOf(options.Address.ToString()));
        Execs = new DaemonExecs(_runtime, Events, Connections, _ids, FindRunning);
        DaemonId = options.DaemonId ?? _ids.NextDaemonId();
        foreach (var image in options.Images)
        {
            Images.Preload(image);
        }

        foreach (var image in options.Registry)
        {
            Images.AddToRegistry(image);
        }

        foreach (var (name, driver) in ((string, string)[])[("bridge", "bridge"), ("host", "host"), ("none", "null")])
        {
            _networks.Add(new NetworkView { Id = _ids.NextId(), Name = name, Driver = driver, Scope = "local" });
        }
    }

    public string DaemonId { get; }

    public DaemonEvents Events { get; }

    public DaemonImages Images { get; }

    public DaemonExecs Execs { get; }

    public DaemonConnections Connections { get; }

    /// <summary>Gets or sets what to call, under the lock, when a container was made.</summary>
    public Action<InMemoryContainer>? Created { get; set; }

    /// <summary>Gets or sets what to call, under the lock, when a container was given other limits.</summary>
    public Action<InMemoryContainer>? Updated { get; set; }

    /// <summary>Gets or sets what to call, under the lock, when a container was given another name.</summary>
    public Action<InMemoryContainer>? Renamed { get; set; }

    /// <summary>Gets or sets what to call, under the lock, when a container has ended, and, with <see langword="true"/>, when it was removed.</summary>
    public Action<InMemoryContainer, bool>? HasEnded { get; set; }

    /// <summary>Gets the containers there are, in no order that means anything.</summary>
    public IReadOnlyCollection<InMemoryContainer> Containers => _containers.Values;

    private DateTimeOffset Now => _runtime.Now;

    public void SetClockSkew(TimeSpan skew) => _runtime.SetClockSkew(skew);

    public ImmutableArray<ContainerSummary> List(string? label, string? value) => Do<ImmutableArray<ContainerSummary>>(() =>
    [
        .. _containers.Values
            .Where(container => label is null
                || (container.Labels.TryGetValue(label, out var found) && string.Equals(found, value, StringComparison.Ordinal)))
            .OrderByDescending(container => container.Created)
            .ThenByDescending(container => container.Sequence)
            .Select(Summarize),
    ]);

    /// <summary>Lists all containers, but for the lists that are to be empty.</summary>
    public ImmutableArray<ContainerSummary> ListOverNetwork() => Do<ImmutableArray<ContainerSummary>>(() =>
    {
        if (_hiddenLists > 0)
        {
            _hiddenLists--;
            return [];
        }

        return List(null, null);
    });

    public void HideContainers(int lists) => Do(() => _hiddenLists = lists);

    public ReadOnlyMemory<byte> Inspect(string id) => Do(() => InspectionOf(Find(id)));

    public ReadOnlyMemory<byte> BodyOf(string id) => Do(() => Find(id).Body);

    public ImmutableArray<NetworkView> Networks() => Do<ImmutableArray<NetworkView>>(() => [.. _networks]);

    public ImmutableArray<VolumeView> Volumes() => Do<ImmutableArray<VolumeView>>(() => [.. _volumes.Values]);

    public string AddNetwork(string name, string driver, string scope, LabelSet labels) => Do(() =>
    {
        var network = new NetworkView { Id = _ids.NextId(), Name = name, Driver = driver, Scope = scope, Labels = labels };
        _networks.Add(network);
        Events.PublishNetwork("create", network, container: null);
        return network.Id;
    });

    public void AddVolume(string name, string driver, LabelSet labels) => Do(() => MakeVolume(name, driver, labels));

    private ReadOnlyMemory<byte> InspectionOf(InMemoryContainer container)
    {
        if (container.Inspection is not { } known || known.ChangeCount != Events.ChangeCount)
        {
            container.Inspection = known = (Events.ChangeCount, InspectDocument.Write(container, NetworkOf));
        }

        return known.Document;
    }

    private InMemoryContainer Find(string id) => TryFind(id) ?? throw DaemonErrorException.NotFound($"No such container: {id}");

    private InMemoryContainer? TryFind(string id)
    {
        if (_containers.TryGetValue(id, out var container))
        {
            return container;
        }

        var name = id.StartsWith('/') ? id[1..] : id;
        InMemoryContainer? byPrefix = null;
        var ambiguous = false;
        foreach (var candidate in _containers.Values)
        {
            if (string.Equals(candidate.Name, name, StringComparison.Ordinal))
            {
                return candidate;
            }

            if (id.Length > 0 && candidate.Id.StartsWith(id, StringComparison.Ordinal))
            {
                ambiguous = byPrefix is not null;
                byPrefix ??= candidate;
            }
        }

        return ambiguous ? throw DaemonErrorException.Internal($"Multiple IDs found with provided prefix: {id}") : byPrefix;
    }

    private NetworkView? NetworkOf(InMemoryContainer container) => FindNetwork(NetworkNameOf(container.NetworkMode));

    private NetworkView? FindNetwork(string name) => _networks.FirstOrDefault(network =>
        string.Equals(network.Name, name, StringComparison.Ordinal) || string.Equals(network.Id, name, StringComparison.Ordinal));

    internal static string NetworkNameOf(string mode) => mode is "" or "default" ? "bridge" : mode;

    private ContainerSummary Summarize(InMemoryContainer container)
    {
        var listed = Listed(container);

        // The list of a real engine tells of these, too.
        var details = Fingerprint.Of(NetworkOf(container)?.Id ?? "");
        foreach (var port in container.Published)
        {
            details = Fingerprint.Add(Fingerprint.Add(Fingerprint.Add(details, port.ContainerPort), port.HostIp), port.HostPort);
        }

        return listed with { Entry = ListEntries.Of(listed, details) };
    }

    private ContainerSummary Listed(InMemoryContainer container) => new()
    {
        Id = container.Id,
        Names = ["/" + container.Name],
        Image = container.ImageReference,
        ImageId = container.ImageId,
        Labels = container.Labels,
        State = container.State,
        Status = StatusText.Of(container, Now),
        Created = DateTimeOffset.FromUnixTimeSeconds(container.Created.ToUnixTimeSeconds()),
    };

    private T Do<T>(Func<T> action) => _runtime.Do(action);

    private void Do(Action action) => _runtime.Do(action);

    private Alarm Ring(TimeSpan due, Action<Alarm> action) => _runtime.Ring(due, action);

    private void CallOff(Alarm? alarm) => _runtime.CallOff(alarm);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
