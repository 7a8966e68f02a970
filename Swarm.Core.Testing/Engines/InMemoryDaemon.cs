using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>The state of one simulated daemon and what it does with it. Thread-safe: one lock, never held across an await; timers, streams' ends and waiting calls are seen to after it is released.</summary>
internal sealed partial class InMemoryDaemon
{
    private const int ExitCodeWhenKilled = 128 + Signals.Kill;

    private static readonly TimeSpan _defaultGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _firstRestartDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRestartDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _runThatResetsRestartDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly IdSource _ids;
    private readonly HostPorts _ports = new();
    private readonly SortedDictionary<string, InMemoryContainer> _containers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, InMemoryImage> _images = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, InMemoryImage> _registry = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RegistryLogin> _logins = new(StringComparer.Ordinal);
    private readonly List<InMemoryPull> _pulls = [];
    private readonly SortedDictionary<string, VolumeView> _volumes = new(StringComparer.Ordinal);
    private readonly List<NetworkView> _networks = [];
    private readonly int _cpus;
    private readonly long _memoryBytes;
    private readonly FaultSource _chance;
    private List<Action> _afterwards = [];
    private TimeSpan _clockSkew;
    private long _sequence;
    private int _hiddenLists;
    private bool _isUp = true;

    public InMemoryDaemon(InMemoryEngineOptions options, FaultSource chance)
    {
        _chance = chance;
        _time = options.Time;
        _clockSkew = options.ClockSkew;
        _cpus = options.Cpus;
        _memoryBytes = options.MemoryBytes;
        _ids = new IdSource(options.Seed ?? IdSource.SeedOf(options.Address.ToString()));
        DaemonId = options.DaemonId ?? _ids.NextDaemonId();
        foreach (var image in options.Images)
        {
            _images[image.Reference] = image;
        }

        foreach (var image in options.Registry)
        {
            _registry[image.Reference] = image;
        }

        foreach (var (name, driver) in ((string, string)[])[("bridge", "bridge"), ("host", "host"), ("none", "null")])
        {
            _networks.Add(new NetworkView { Id = _ids.NextId(), Name = name, Driver = driver, Scope = "local" });
        }
    }

    public string DaemonId { get; }

    /// <summary>Gets how often anything about containers has changed.</summary>
    public long ChangeCount { get; private set; }

    /// <summary>Gets when anything about containers changed last, by the engine's time.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>Gets or sets what to call, under the lock, when a container was made.</summary>
    public Action<InMemoryContainer>? Created { get; set; }

    /// <summary>Gets or sets what to call, under the lock, when a container was given other limits.</summary>
    public Action<InMemoryContainer>? Updated { get; set; }

    /// <summary>Gets or sets what to call, under the lock, when a container was given another name.</summary>
    public Action<InMemoryContainer>? Renamed { get; set; }

    /// <summary>Gets or sets what to call, under the lock, when a container has ended, and, with <see langword="true"/>, when it was removed.</summary>
    public Action<InMemoryContainer, bool>? HasEnded { get; set; }

    /// <summary>Gets how many event streams are open over the network.</summary>
    public int RemoteStreamCount => Do(() => _streams.Count(stream => !stream.IsLocal));

    /// <summary>Gets the containers there are, in no order that means anything.</summary>
    public IReadOnlyCollection<InMemoryContainer> Containers => _containers.Values;

    private DateTimeOffset Now => _time.GetUtcNow() + _clockSkew;

    public void SetClockSkew(TimeSpan skew) => Do(() => _clockSkew = skew);

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

    public ImmutableArray<ImageView> Images() => Do<ImmutableArray<ImageView>>(() =>
    [
        .. _images.Values
            .GroupBy(image => image.EffectiveId, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ImageView
            {
                Id = group.Key,
                RepoTags = [.. group.Select(image => image.Reference).Where(reference => !reference.Contains('@', StringComparison.Ordinal))],
                RepoDigests = [.. group.Select(image => image.Reference).Where(reference => reference.Contains('@', StringComparison.Ordinal))],
                Labels = group.First().Labels,
                SizeBytes = group.First().SizeBytes,
            }),
    ]);

    public ImmutableArray<NetworkView> Networks() => Do<ImmutableArray<NetworkView>>(() => [.. _networks]);

    public ImmutableArray<VolumeView> Volumes() => Do<ImmutableArray<VolumeView>>(() => [.. _volumes.Values]);

    public ImmutableArray<InMemoryPull> Pulls => Do<ImmutableArray<InMemoryPull>>(() => [.. _pulls]);

    public void RequireLogin(string registry, RegistryLogin login) => Do(() => _logins[registry] = login);

    public void Pull(string reference, RegistryLogin? login) => Do(() =>
    {
        _pulls.Add(new InMemoryPull(reference, login));
        if (ImageReference.Validate(reference) is { } problem)
        {
            throw DaemonErrorException.BadRequest(problem);
        }

        var full = ImageReference.WithTag(reference);
        var registry = ImageName.RegistryOf(full);
        if (_logins.TryGetValue(registry, out var wanted) && !wanted.IsSameAs(login))
        {
            throw DaemonErrorException.AccessDenied(
                registry,
                reference,
                login is null ? $"Head \"http://{registry}/v2/{ImageReference.Repository(full)}\": no basic auth credentials" : "unauthorized: authentication required");
        }

        if (!_registry.TryGetValue(full, out var image))
        {
            var repository = ImageReference.Repository(full);
            throw DaemonErrorException.NoSuchImage(
                reference,
                $"pull access denied for {repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied");
        }

        _images[full] = image;
        Publish(EngineEventType.Image, "pull", full, [KeyValuePair.Create("name", ImageReference.Repository(full))]);
    });

    public void AddImage(InMemoryImage image) => Do(() =>
    {
        _images[image.Reference] = image;
        Publish(EngineEventType.Image, "tag", image.EffectiveId, [KeyValuePair.Create("name", image.Reference)]);
    });

    public bool RemoveImage(string reference) => Do(() =>
    {
        if (!_images.Remove(ImageReference.WithTag(reference), out var image))
        {
            return false;
        }

        Publish(EngineEventType.Image, "untag", image.EffectiveId, [KeyValuePair.Create("name", image.EffectiveId)]);
        if (!_images.Values.Any(other => string.Equals(other.EffectiveId, image.EffectiveId, StringComparison.Ordinal)))
        {
            Publish(EngineEventType.Image, "delete", image.EffectiveId, [KeyValuePair.Create("name", image.EffectiveId)]);
        }

        return true;
    });

    public void AddToRegistry(InMemoryImage image) => Do(() => _registry[image.Reference] = image);

    public string AddNetwork(string name, string driver, string scope, LabelSet labels) => Do(() =>
    {
        var network = new NetworkView { Id = _ids.NextId(), Name = name, Driver = driver, Scope = scope, Labels = labels };
        _networks.Add(network);
        PublishNetwork("create", network, container: null);
        return network.Id;
    });

    public void AddVolume(string name, string driver, LabelSet labels) => Do(() => MakeVolume(name, driver, labels));

    private T Do<T>(Func<T> action)
    {
        List<Action>? afterwards = null;
        try
        {
            lock (_gate)
            {
                try
                {
                    return action();
                }
                finally
                {
                    if (_afterwards.Count > 0)
                    {
                        afterwards = _afterwards;
                        _afterwards = [];
                    }
                }
            }
        }
        finally
        {
            foreach (var step in afterwards ?? [])
            {
                step();
            }
        }
    }

    private void Do(Action action) => Do(() =>
    {
        action();
        return true;
    });

    private ReadOnlyMemory<byte> InspectionOf(InMemoryContainer container)
    {
        if (container.Inspection is not { } known || known.ChangeCount != ChangeCount)
        {
            container.Inspection = known = (ChangeCount, InspectDocument.Write(container, NetworkOf));
        }

        return known.Document;
    }

    private void Changed()
    {
        ChangeCount++;
        ChangedAt = _time.GetTimestamp();
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

    private InMemoryImage? FindImage(string reference)
    {
        if (_images.TryGetValue(ImageReference.WithTag(reference), out var image))
        {
            return image;
        }

        var digits = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference["sha256:".Length..] : reference;
        return digits.Length > 0 && digits.All(char.IsAsciiHexDigitLower)
            ? _images.Values.FirstOrDefault(candidate => candidate.EffectiveId.AsSpan("sha256:".Length).StartsWith(digits, StringComparison.Ordinal))
            : null;
    }

    private NetworkView? NetworkOf(InMemoryContainer container) => FindNetwork(NetworkNameOf(container.NetworkMode));

    private NetworkView? FindNetwork(string name) => _networks.FirstOrDefault(network =>
        string.Equals(network.Name, name, StringComparison.Ordinal) || string.Equals(network.Id, name, StringComparison.Ordinal));

    internal static string NetworkNameOf(string mode) => mode is "" or "default" ? "bridge" : mode;

    private ContainerSummary Summarize(InMemoryContainer container) => new()
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

    private Alarm Ring(TimeSpan due, Action<Alarm> action)
    {
        Alarm? alarm = null;
        alarm = new Alarm(() => Do(() => action(alarm!)));
        var set = alarm;
        _afterwards.Add(() => set.Set(_time, due));
        return alarm;
    }

    private void CallOff(Alarm? alarm)
    {
        if (alarm is not null)
        {
            _afterwards.Add(alarm.CallOff);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
