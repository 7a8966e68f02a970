using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>
/// One simulated machine with a Docker daemon on it. It behaves as the daemon of Docker 20.10 does, down to the statuses and texts of its errors, and it can
/// be made to fail in the ways machines, daemons and networks fail.
/// </summary>
/// <remarks>
/// The library talks to it through <see cref="InMemoryEngines"/>; tests act on the machine itself through <see cref="Local"/>. With a fake
/// <see cref="TimeProvider"/> everything that takes time takes virtual time. Thread-safe. Given the same options and the same calls in the same order, it gives the same
/// answers, identifiers included.
/// </remarks>
public sealed partial class InMemoryEngine
{
    private readonly Lock _gate = new();
    private readonly InMemoryDaemon _daemon;
    private readonly InMemoryEngineOptions _options;
    private readonly int[] _calls = new int[Enum.GetValues<EngineOperation>().Length];
    private readonly OrderedFaults _faults = new();
    private readonly EngineFreeze _freeze = new();
    private readonly FaultSource _chance = new();
    private LabelSet _labels;
    private string _name;
    private TaskCompletionSource _machineLink = NewSignal();
    private TaskCompletionSource _networkLink = NewSignal();
    private TimeSpan _latency;
    private int _connections;
    private bool _isDaemonUp = true;
    private bool _isPoweredOn = true;
    private bool _isConnected = true;

    /// <summary>Makes a machine with a running daemon.</summary>
    /// <param name="options">What it is to be.</param>
    public InMemoryEngine(InMemoryEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _latency = options.Latency;
        _labels = options.Labels;
        _daemon = new InMemoryDaemon(options, _chance);
        _name = options.Name ?? (options.Address.Host.Length > 0 ? options.Address.Host.Replace('.', '-') : "localhost");
        Local = new InMemoryEngineHandle(this, options.Address, network: null);
    }

    /// <summary>Gets the address the engine answers at.</summary>
    public EngineAddress Address => _options.Address;

    /// <summary>Gives the daemon other labels and makes it read its configuration again, as <c>SIGHUP</c> does to a daemon. It announces that with a <c>reload</c> event.</summary>
    /// <param name="labels">All the labels it is to have.</param>
    /// <exception cref="EngineUnreachableException">The daemon is not running.</exception>
    public void Reload(LabelSet labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        OutOfBand("reload configuration", () =>
        {
            Volatile.Write(ref _labels, labels);
            _daemon.Events.PublishReload(DaemonId, Name, labels);
        });
    }

    /// <summary>Gets the daemon's ID.</summary>
    public string DaemonId => _daemon.DaemonId;

    /// <summary>Gets the host name of the machine.</summary>
    public string Name => Volatile.Read(ref _name);

    /// <summary>
    /// Gets the engine as somebody logged in on the machine uses it: the same daemon and the same checks, but no network in between, so neither latency nor
    /// network faults, nor <see cref="FailNext"/> and <see cref="LoseNextAnswer"/>, and its calls are not counted.
    /// </summary>
    public IEngine Local { get; }

    /// <summary>Gets whether calls over the network can get through: the machine and its daemon are up and the network is there.</summary>
    public bool IsReachable
    {
        get
        {
            lock (_gate)
            {
                return _isPoweredOn && _isDaemonUp && _isConnected;
            }
        }
    }

    internal TimeProvider Time => _options.Time;

    internal TimeSpan PullTime => _options.PullTime;

    internal EngineCertificate? Certificate => _options.Certificate;

    internal EngineCertificate? ClientCertificate => _options.ClientCertificate;

    /// <summary>Tells how often an operation was called over the network, whether or not it succeeded or even got through.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The number of calls.</returns>
    public int CallCount(EngineOperation operation)
    {
        lock (_gate)
        {
            return _calls[(int)operation];
        }
    }

    /// <summary>Gives the create body of a container exactly as the daemon received it; no real daemon keeps it.</summary>
    /// <param name="id">The container: full ID, unique prefix of one, or name.</param>
    /// <returns>The body, UTF-8.</returns>
    /// <exception cref="EngineApiException">There is no such container.</exception>
    public ReadOnlyMemory<byte> CreateBodyOf(string id) => OutOfBand("inspect container", () => _daemon.BodyOf(id));

    /// <summary>Puts an image on the machine, as if it had been loaded there.</summary>
    /// <param name="image">The image; it takes the place of one with the same reference.</param>
    public void AddImage(InMemoryImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _daemon.Images.Add(image);
    }

    /// <summary>Takes an image off the machine by force; containers made from it stay.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>Whether it was there.</returns>
    public bool RemoveImage(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _daemon.Images.Remove(reference);
    }

    /// <summary>Puts an image into the registry that this engine pulls from.</summary>
    /// <param name="image">The image.</param>
    public void AddToRegistry(InMemoryImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _daemon.Images.AddToRegistry(image);
    }

    /// <summary>Gets the pulls that have reached the daemon, in order, each with the login that came with it.</summary>
    public IReadOnlyList<InMemoryPull> Pulls => _daemon.Images.Pulls;

    /// <summary>Lets a registry hand out images only to one login from now on.</summary>
    /// <param name="registry">The host of the registry: <c>docker.io</c> for images that name none.</param>
    /// <param name="login">The login.</param>
    public void RequireLogin(string registry, RegistryLogin login)
    {
        ArgumentException.ThrowIfNullOrEmpty(registry);
        ArgumentNullException.ThrowIfNull(login);
        _daemon.Images.RequireLogin(registry, login);
    }

    /// <summary>Creates a network.</summary>
    /// <param name="name">The name.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="scope">The scope: <c>local</c>, <c>global</c> or <c>swarm</c>.</param>
    /// <param name="labels">The labels; <see langword="null"/> for none.</param>
    /// <returns>Its ID.</returns>
    public string AddNetwork(string name, string driver = "bridge", string scope = "local", LabelSet? labels = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _daemon.AddNetwork(name, driver, scope, labels ?? LabelSet.Empty);
    }

    /// <summary>Creates a volume; one that is there already stays as it is.</summary>
    /// <param name="name">The name.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="labels">The labels; <see langword="null"/> for none.</param>
    public void AddVolume(string name, string driver = "local", LabelSet? labels = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _daemon.AddVolume(name, driver, labels ?? LabelSet.Empty);
    }

    /// <summary>Renames a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="name">Its new name.</param>
    /// <exception cref="EngineApiException">There is none: status 404; the name is taken: status 409; it is no name: status 400.</exception>
    public void Rename(string id, string name) => OutOfBand("rename container", () => _daemon.Rename(id, name));

    /// <summary>Freezes the processes of a container.</summary>
    /// <param name="id">The container.</param>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run or is frozen: status 409.</exception>
    public void Pause(string id) => OutOfBand("pause container", () => _daemon.Pause(id));

    /// <summary>Lets the processes of a frozen container go on.</summary>
    /// <param name="id">The container.</param>
    /// <exception cref="EngineApiException">There is none: status 404; it is not frozen: status 500.</exception>
    public void Unpause(string id) => OutOfBand("unpause container", () => _daemon.Unpause(id));

    /// <summary>Decides what the health check of a running container finds.</summary>
    /// <param name="id">The container; its create body needs a health check.</param>
    /// <param name="health"><c>healthy</c>, <c>unhealthy</c> or <c>starting</c>.</param>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run or has no health check: status 409.</exception>
    public void SetHealth(string id, string health) => OutOfBand("check container", () => _daemon.SetHealth(id, health));

    /// <summary>Lets the process of a running container end by itself.</summary>
    /// <param name="id">The container.</param>
    /// <param name="exitCode">The code it ends with.</param>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run: status 409.</exception>
    public void EndProcess(string id, int exitCode) => OutOfBand("end process", () => _daemon.EndProcess(id, exitCode));

    /// <summary>Lets the process of a running container be killed because it takes more memory than the container may have: it ends with code 137, and the engine tells <c>oom</c> first.</summary>
    /// <param name="id">The container.</param>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run: status 409.</exception>
    public void RunOutOfMemory(string id) => OutOfBand("end process", () => _daemon.RunOutOfMemory(id));

    /// <summary>Lets the process of a running container write something.</summary>
    /// <param name="id">The container.</param>
    /// <param name="text">What it writes.</param>
    /// <param name="source">Where.</param>
    /// <exception cref="EngineApiException">There is none: status 404; it does not run: status 409.</exception>
    public void WriteOutput(string id, string text, OutputSource source = OutputSource.StandardOutput)
    {
        ArgumentNullException.ThrowIfNull(text);
        OutOfBand("write output", () => _daemon.WriteOutput(id, text, source));
    }

    /// <summary>Gives the machine another host name, which the daemon says from now on.</summary>
    /// <param name="name">The name.</param>
    public void RenameHost(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Volatile.Write(ref _name, name);
    }

    /// <summary>Sets how far the machine's own clock is ahead.</summary>
    /// <param name="skew">The difference; negative when it is behind.</param>
    public void SetClockSkew(TimeSpan skew) => _daemon.SetClockSkew(skew);

    /// <summary>Cuts the power. All processes are gone at once, and so is what the daemon remembers of events; calls under way fail, streams break.</summary>
    public void PowerOff() => GoDown(containersRunOn: false);

    /// <summary>
    /// Turns the machine on, or only starts the daemon when that had been stopped. Containers that a power cut ended are found exited with code 255, without an event; restart policies are obeyed.
    /// </summary>
    public void PowerOn()
    {
        lock (_gate)
        {
            if (_isDaemonUp)
            {
                return;
            }

            _machineLink = NewSignal();
            if (_isConnected)
            {
                _networkLink = NewSignal();
            }
        }

        _daemon.ComeUp();
        lock (_gate)
        {
            _isPoweredOn = true;
            _isDaemonUp = true;
        }
    }

    /// <summary>Stops the daemon alone: containers run on without it (live restore), what it remembers of events is lost, streams end.</summary>
    public void StopDaemon() => GoDown(containersRunOn: true);

    /// <summary>Takes the machine off the network: calls are refused, calls under way fail, streams break. The machine itself works on.</summary>
    public void Disconnect()
    {
        TaskCompletionSource link;
        lock (_gate)
        {
            _isConnected = false;
            link = _networkLink;
        }

        _daemon.Events.EndStreams("the connection was reset", evenLocal: false);
        _daemon.Connections.BreakAll("the connection was reset", evenLocal: false);
        link.TrySetResult();
    }

    /// <summary>Puts the machine back on the network.</summary>
    public void Reconnect()
    {
        lock (_gate)
        {
            if (!_isConnected)
            {
                _isConnected = true;
                _networkLink = _isDaemonUp ? NewSignal() : _networkLink;
            }
        }
    }

    /// <summary>Loses every container and volume, as if the daemon's data had been deleted but for its identity. The daemon must be down.</summary>
    /// <exception cref="InvalidOperationException">It is up.</exception>
    public void Wipe()
    {
        lock (_gate)
        {
            if (_isDaemonUp)
            {
                throw new InvalidOperationException("Only a daemon that is down can lose its data.");
            }
        }

        _daemon.Wipe();
    }

    /// <summary>Gets the daemon itself, for those who judge from outside.</summary>
    internal InMemoryDaemon Daemon => _daemon;

    /// <summary>Gets how many connections were handed out and not disposed of.</summary>
    internal int ConnectionCount => Volatile.Read(ref _connections);

    internal async Task<IEngine> OpenAsync(EngineAddress address, InMemoryEngines network, CancellationToken cancellationToken)
    {
        var handle = new InMemoryEngineHandle(this, address, network);
        await CallAsync(handle, EngineOperation.Connect, () => Task.FromResult(true), cancellationToken);
        handle.Engine.Opened();
        return handle;
    }

    /// <summary>Gets a task that ends when the daemon is no longer frozen; <see langword="null"/> when it is not.</summary>
    internal Task? Hanging => _freeze.UntilEnd;

    internal void Opened() => Interlocked.Increment(ref _connections);

    internal void Closed() => Interlocked.Decrement(ref _connections);

    internal EngineSpecs Describe()
    {
        var labels = new List<KeyValuePair<string, string>>
        {
            KeyValuePair.Create("storagedriver", "overlay2"),
            KeyValuePair.Create("kernelversion", "6.1.0"),
            KeyValuePair.Create("operatingsystem", "Debian GNU/Linux 12 (bookworm)"),
            KeyValuePair.Create("ostype", "linux"),
        };

        // As in classic Swarm: the engine's own facts win over a label of the same key, and "node" is reserved.
        labels.AddRange(Volatile.Read(ref _labels).Where(label =>
            !string.Equals(label.Key, "node", StringComparison.Ordinal)
            && !labels.Exists(fact => string.Equals(fact.Key, label.Key, StringComparison.Ordinal))));
        return new EngineSpecs
        {
            DaemonId = DaemonId,
            Name = Name,
            NanoCpus = _options.Cpus * ResourceVector.NanoCpusPerCpu,
            MemoryBytes = _options.MemoryBytes,
            NamedResources = _options.NamedResources,
            Labels = LabelSet.Create(labels),
            OsType = "linux",
            Architecture = "x86_64",
            ServerVersion = _options.ServerVersion,
            ApiVersion = "1.41",
        };
    }

    // Without RunContinuationsAsynchronously, which goes through the thread pool even where a synchronization context is to keep everything in order.
    // So signals are given last, outside every lock.
    private static TaskCompletionSource NewSignal() => new();

    private void GoDown(bool containersRunOn)
    {
        TaskCompletionSource machine, network;
        lock (_gate)
        {
            _isDaemonUp = false;
            _isPoweredOn = _isPoweredOn && containersRunOn;
            (machine, network) = (_machineLink, _networkLink);
        }

        _daemon.GoDown(containersRunOn);
        _daemon.Events.EndStreams(containersRunOn ? null : "the connection was reset", evenLocal: true);
        _daemon.Connections.BreakAll(containersRunOn ? null : "the connection was reset", evenLocal: true);
        machine.TrySetResult();
        network.TrySetResult();
    }

    private void OutOfBand(string operation, Action action) => OutOfBand(operation, () =>
    {
        action();
        return true;
    });

    private T OutOfBand<T>(string operation, Func<T> action)
    {
        lock (_gate)
        {
            if (!_isDaemonUp)
            {
                throw new EngineUnreachableException(Address, operation, "connection refused", notSent: true);
            }
        }

        try
        {
            return action();
        }
        catch (DaemonErrorException error)
        {
            throw new EngineApiException(Address, operation, error.Status, error.Message);
        }
    }
}
