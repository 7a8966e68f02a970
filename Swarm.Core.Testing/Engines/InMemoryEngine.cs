using System.Net;
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
public sealed class InMemoryEngine
{
    private readonly Lock _gate = new();
    private readonly InMemoryDaemon _daemon;
    private readonly InMemoryEngineOptions _options;
    private readonly int[] _calls = new int[Enum.GetValues<EngineOperation>().Length];
    private readonly List<CallFault> _faults = [];
    private readonly FaultSource _chance = new();
    private LabelSet _labels;
    private readonly List<Action> _thawing = [];
    private readonly List<Weakness> _weaknesses = [];
    private TaskCompletionSource? _hang;
    private bool _keepsRequests;
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
            _daemon.PublishReload(Name, labels);
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
        _daemon.AddImage(image);
    }

    /// <summary>Takes an image off the machine by force; containers made from it stay.</summary>
    /// <param name="reference">The image.</param>
    /// <returns>Whether it was there.</returns>
    public bool RemoveImage(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _daemon.RemoveImage(reference);
    }

    /// <summary>Puts an image into the registry that this engine pulls from.</summary>
    /// <param name="image">The image.</param>
    public void AddToRegistry(InMemoryImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _daemon.AddToRegistry(image);
    }

    /// <summary>Gets the pulls that have reached the daemon, in order, each with the login that came with it.</summary>
    public IReadOnlyList<InMemoryPull> Pulls => _daemon.Pulls;

    /// <summary>Lets a registry hand out images only to one login from now on.</summary>
    /// <param name="registry">The host of the registry: <c>docker.io</c> for images that name none.</param>
    /// <param name="login">The login.</param>
    public void RequireLogin(string registry, RegistryLogin login)
    {
        ArgumentException.ThrowIfNullOrEmpty(registry);
        ArgumentNullException.ThrowIfNull(login);
        _daemon.RequireLogin(registry, login);
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

    /// <summary>Changes how long calls over the network take from now on.</summary>
    /// <param name="latency">The time for both ways together; zero answers within the call.</param>
    public void SetLatency(TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        lock (_gate)
        {
            _latency = latency;
        }
    }

    /// <summary>Gives the machine another host name, which the daemon says from now on.</summary>
    /// <param name="name">The name.</param>
    public void RenameHost(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Volatile.Write(ref _name, name);
    }

    /// <summary>Lets one kind of call over the network fail from now on, until <see cref="Mend"/>, as of a daemon that is damaged in one place: the others work.</summary>
    /// <param name="operation">The kind of call.</param>
    /// <param name="containerId">Only such calls for this container, by its full ID; <see langword="null"/> for all of them.</param>
    /// <param name="hangs">Whether they never get an answer; else they are answered with status 500.</param>
    public void Weaken(EngineOperation operation, string? containerId = null, bool hangs = false)
    {
        lock (_gate)
        {
            _weaknesses.Add(new Weakness(operation, containerId, hangs));
        }
    }

    /// <summary>Ends what <see cref="Weaken"/> began. Calls that hang already go on hanging until their callers give up.</summary>
    public void Mend()
    {
        lock (_gate)
        {
            _weaknesses.Clear();
        }
    }

    /// <summary>Lets the next whole lists of containers over the network be empty, as of a daemon that has not loaded its containers yet.</summary>
    /// <param name="lists">How many.</param>
    public void HideContainers(int lists)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lists, 0);
        _daemon.HideContainers(lists);
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

        _daemon.EndStreams("the connection was reset", evenLocal: false);
        _daemon.BreakConnections("the connection was reset", evenLocal: false);
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

    /// <summary>Freezes the daemon: it accepts calls and never answers, and streams stay silent, until <see cref="Resume"/>. Callers get away only by cancelling.</summary>
    public void Hang() => Hang(keepsRequests: false);

    /// <summary>Freezes the daemon, and says what becomes of the calls that reach it meanwhile and whose callers go.</summary>
    /// <param name="keepsRequests">Whether calls that change a container lie in its socket and are carried out by <see cref="Resume"/>, whoever still waits; else those whose callers go are lost.</param>
    public void Hang(bool keepsRequests)
    {
        lock (_gate)
        {
            _hang ??= NewSignal();
            _keepsRequests |= keepsRequests;
        }
    }

    /// <summary>Lets a frozen daemon go on; it then does what it was asked meanwhile by those who still wait, and what it kept.</summary>
    public void Resume()
    {
        TaskCompletionSource? hang;
        Action[] thawing;
        lock (_gate)
        {
            (hang, _hang, _keepsRequests) = (_hang, null, false);
            thawing = [.. _thawing];
            _thawing.Clear();
        }

        foreach (var request in thawing)
        {
            request();
        }

        hang?.TrySetResult();
    }

    /// <summary>Lets the next call over the network fail, before the daemon does anything. Several faults for one operation are used up in the order they were given.</summary>
    /// <param name="operation">The operation; <see langword="null"/> for whichever comes next.</param>
    /// <param name="exception">What the call throws.</param>
    public void FailNext(EngineOperation? operation, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        lock (_gate)
        {
            _faults.Add(new CallFault(operation, exception));
        }
    }

    /// <summary>Lets the answer to the next call over the network get lost: the daemon does what it is asked, and the caller gets <see cref="EngineUnreachableException"/> without knowing.</summary>
    /// <param name="operation">The operation; <see langword="null"/> for whichever comes next.</param>
    public void LoseNextAnswer(EngineOperation? operation = null)
    {
        lock (_gate)
        {
            _faults.Add(new CallFault(operation, null));
        }
    }

    /// <summary>Breaks the event streams that are open over the network; new ones can be opened at once.</summary>
    public void BreakEventStreams() => _daemon.EndStreams("the connection was reset", evenLocal: false);

    /// <summary>Keeps the next events from all open streams. The daemon itself remembers them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">Only events of this action, for example <c>die</c>; <see langword="null"/> for any.</param>
    public void DropEvents(int count, string? action = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _daemon.AddEventFault(action, count, copies: 0);
    }

    /// <summary>Delivers the next events twice to all open streams.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">Only events of this action, for example <c>die</c>; <see langword="null"/> for any.</param>
    public void DuplicateEvents(int count, string? action = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _daemon.AddEventFault(action, count, copies: 2);
    }

    /// <summary>Lets calls over the network and events go wrong by chance from now on. Faults that were ordered one by one come first.</summary>
    /// <param name="rates">How often; <see langword="null"/> to end it. Calls that hang already go on hanging until their callers give up.</param>
    /// <param name="random">What to draw from: seeded, so that the same calls meet the same faults. It is used by the threads of the callers, one at a time.</param>
    public void SetFaultRates(EngineFaultRates? rates, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _chance.Set(rates, random);
    }

    /// <summary>Tells how often something went wrong by chance.</summary>
    /// <param name="fault">What.</param>
    /// <returns>The number of calls or events.</returns>
    public long FaultCount(EngineFault fault) => _chance.Count(fault);

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

    /// <summary>Carries a call to the daemon and its answer back.</summary>
    internal async Task<T> CallAsync<T>(
        InMemoryEngineHandle handle, EngineOperation operation, Func<Task<T>> work, CancellationToken cancellationToken, TimeSpan duration = default, string? subject = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(handle.IsDisposed, handle);
        var (link, latency) = SetOut(handle, operation);
        var call = new Call(handle.Address, operation, link, cancellationToken);
        var chance = handle.IsLocal ? null : _chance.DrawCall(operation);
        if ((latency / 2) + (chance is { Fault: EngineFault.SlowCall } slow ? slow.Delay : TimeSpan.Zero) is { Ticks: > 0 } wayThere)
        {
            call.Arrive(await call.TravelAsync(Time, wayThere));
        }

        Task<T>? underWay = null;
        while (Hanging is { } hang)
        {
            if (!handle.IsLocal && FaultSource.Changes(operation) && TryKeep(work) is { } kept)
            {
                underWay = kept;
                break;
            }

            await call.WaitAsync(hang);
        }

        if (!handle.IsLocal && FindWeakness(operation, subject) is { } weakness)
        {
            if (weakness.Hangs)
            {
                await call.WaitAsync(NewSignal().Task);
            }

            throw new EngineApiException(handle.Address, NameOf(operation), HttpStatusCode.InternalServerError, "layer does not exist");
        }

        var fault = handle.IsLocal ? null : TakeFault(operation);
        if (fault?.Exception is { } ordered)
        {
            throw ordered;
        }

        switch (underWay is null ? chance : null)
        {
            case { Fault: EngineFault.HungCall }:
                await call.WaitAsync(NewSignal().Task);
                break;
            case { Fault: EngineFault.LostRequest }:
                throw call.Broken();
            case { Fault: EngineFault.LateRequest, Delay: var late }:
                _ = CarryOutLater(work, late);
                throw call.Broken();
            case { Fault: EngineFault.GatewayError, Delay: var later }:
                if (later.Ticks % 3 == 1)
                {
                    await ObserveAsync(work);
                }
                else if (later.Ticks % 3 == 2 && FaultSource.Changes(operation))
                {
                    _ = CarryOutLater(work, later);
                }

                throw new EngineApiException(handle.Address, NameOf(operation), HttpStatusCode.BadGateway + (int)(later.Ticks / 3 % 3), "the gateway has no answer");
            case { Fault: EngineFault.SlowWork, Delay: var workTime }:
                underWay = CarryOutLater(work, workTime);
                break;
            case { Fault: EngineFault.ServerError }:
                throw new EngineApiException(handle.Address, NameOf(operation), HttpStatusCode.InternalServerError, "the daemon is out of sorts");
            default:
                break;
        }

        if (duration > TimeSpan.Zero)
        {
            call.Arrive(await call.TravelAsync(Time, duration));
        }

        T? answer = default;
        EngineException? refusal = null;
        try
        {
            var task = underWay ?? work();
            await call.WaitAsync(task);
            answer = await task;
        }
        catch (DaemonErrorException error)
        {
            refusal = error.Registry is { } registry ? new RegistryAccessDeniedException(handle.Address, NameOf(operation), error.Status, registry, error.Image!, error.Message)
                : error.Image is { } image ? new ImageNotFoundException(handle.Address, NameOf(operation), image, error.Message)
                : new EngineApiException(handle.Address, NameOf(operation), error.Status, error.Message);
        }

        if (fault is not null || chance is { Fault: EngineFault.LostAnswer })
        {
            throw call.Broken();
        }

        if ((latency / 2) + (chance is { Fault: EngineFault.LateAnswer } slowly ? slowly.Delay : TimeSpan.Zero) is { Ticks: > 0 } wayBack)
        {
            call.Arrive(await call.TravelAsync(Time, wayBack));
        }

        return refusal is null ? answer! : throw refusal;
    }

    /// <summary>Gets a task that ends when the daemon is no longer frozen; <see langword="null"/> when it is not.</summary>
    internal Task? Hanging
    {
        get
        {
            lock (_gate)
            {
                return _hang?.Task;
            }
        }
    }

    internal static string NameOf(EngineOperation operation) => operation switch
    {
        EngineOperation.Connect => "connect",
        EngineOperation.Ping => "ping",
        EngineOperation.GetSpecs => "get specs",
        EngineOperation.OpenEvents => "open events",
        EngineOperation.ListContainers => "list containers",
        EngineOperation.InspectContainer => "inspect container",
        EngineOperation.CreateContainer => "create container",
        EngineOperation.StartContainer => "start container",
        EngineOperation.StopContainer => "stop container",
        EngineOperation.KillContainer => "kill container",
        EngineOperation.RemoveContainer => "remove container",
        EngineOperation.ListImages => "list images",
        EngineOperation.PullImage => "pull image",
        EngineOperation.ListNetworks => "list networks",
        EngineOperation.ListVolumes => "list volumes",
        EngineOperation.RestartContainer => "restart container",
        EngineOperation.PauseContainer => "pause container",
        EngineOperation.UnpauseContainer => "unpause container",
        EngineOperation.RenameContainer => "rename container",
        EngineOperation.UpdateContainer => "update container",
        EngineOperation.ListProcesses => "list processes",
        EngineOperation.ListChanges => "list changes",
        EngineOperation.ResizeTerminal => "resize terminal",
        EngineOperation.WaitContainer => "wait for container",
        EngineOperation.ReadLogs => "read logs",
        EngineOperation.AttachContainer => "attach to container",
        EngineOperation.ReadStats => "read stats",
        EngineOperation.DescribePath => "describe path",
        EngineOperation.ReadArchive => "read archive",
        EngineOperation.WriteArchive => "write archive",
        EngineOperation.ExportContainer => "export container",
        EngineOperation.CreateExec => "create exec",
        EngineOperation.StartExec => "start exec",
        EngineOperation.InspectExec => "inspect exec",
        EngineOperation.ResizeExec => "resize exec",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "There is no such operation."),
    };

    // Without RunContinuationsAsynchronously, which goes through the thread pool even where a synchronization context is to keep everything in order.
    // So signals are given last, outside every lock.
    private static TaskCompletionSource NewSignal() => new();

    private (Task Link, TimeSpan Latency) SetOut(InMemoryEngineHandle handle, EngineOperation operation)
    {
        lock (_gate)
        {
            if (!handle.IsLocal)
            {
                _calls[(int)operation]++;
            }

            var reason = !_isPoweredOn ? "no route to host"
                : !handle.IsLocal && !_isConnected ? "network is unreachable"
                : !_isDaemonUp ? "connection refused"
                : null;
            return reason is null
                ? handle.IsLocal ? (_machineLink.Task, TimeSpan.Zero) : (_networkLink.Task, _latency)
                : throw new EngineUnreachableException(handle.Address, NameOf(operation), reason, notSent: true);
        }
    }

    private CallFault? TakeFault(EngineOperation operation)
    {
        lock (_gate)
        {
            var index = _faults.FindIndex(fault => fault.Operation is null || fault.Operation == operation);
            if (index < 0)
            {
                return null;
            }

            var fault = _faults[index];
            _faults.RemoveAt(index);
            return fault;
        }
    }

    private Weakness? FindWeakness(EngineOperation operation, string? subject)
    {
        lock (_gate)
        {
            return _weaknesses.Find(weakness => weakness.Operation == operation && (weakness.ContainerId is null || string.Equals(weakness.ContainerId, subject, StringComparison.Ordinal)));
        }
    }

    // A request that lies in the socket of a frozen daemon; null when that keeps none, or goes on by now.
    private Task<T>? TryKeep<T>(Func<Task<T>> work)
    {
        lock (_gate)
        {
            if (_hang is null || !_keepsRequests)
            {
                return null;
            }

            var (done, begin) = Prepare(work, _machineLink.Task);
            _thawing.Add(begin);
            return done;
        }
    }

    // The daemon has the request, so a network that is cut does not matter; but one that goes down never carries it out.
    private Task<T> CarryOutLater<T>(Func<Task<T>> work, TimeSpan delay)
    {
        Task machine;
        lock (_gate)
        {
            machine = _machineLink.Task;
        }

        var (done, begin) = Prepare(work, machine);
        new Alarm(begin).Set(Time, delay);
        return done;
    }

    // Begun by a timer, and not awaited: it must be carried out even if everything of its caller is gone.
    private static (Task<T> Done, Action Begin) Prepare<T>(Func<Task<T>> work, Task machine)
    {
        var done = new TaskCompletionSource<T>();
        return (done.Task, () =>
        {
            if (!machine.IsCompleted)
            {
                _ = PassOnAsync(work, done);
            }
        });
    }

    private static async Task PassOnAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.TrySetResult(await work());
        }
        catch (DaemonErrorException error)
        {
            done.TrySetException(error);
            _ = done.Task.Exception; // there may be nobody to tell
        }
    }

    private static async Task ObserveAsync<T>(Func<Task<T>> work)
    {
        try
        {
            await work();
        }
        catch (DaemonErrorException)
        {
            // The daemon refused, and its answer went no further than the gateway.
        }
    }

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
        _daemon.EndStreams(containersRunOn ? null : "the connection was reset", evenLocal: true);
        _daemon.BreakConnections(containersRunOn ? null : "the connection was reset", evenLocal: true);
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

    private sealed record Weakness(EngineOperation Operation, string? ContainerId, bool Hangs);

    private sealed record CallFault(EngineOperation? Operation, Exception? Exception);

    private sealed record Call(EngineAddress Address, EngineOperation Operation, Task Link, CancellationToken CancellationToken)
    {
        public EngineUnreachableException Broken() => new(Address, NameOf(Operation), "the connection was reset before the answer came");

        /// <summary>Lets time pass on the way; ends with what came first: that, or the end of the connection.</summary>
        public Task<Task> TravelAsync(TimeProvider time, TimeSpan duration) => Task.WhenAny(Travel.Begin(time, duration, CancellationToken), Link);

        /// <summary>Goes on after a way, unless the caller gave up or the connection ended on it.</summary>
        public void Arrive(Task first)
        {
            CancellationToken.ThrowIfCancellationRequested();
            if (first == Link)
            {
                throw Broken();
            }
        }

        /// <summary>Waits for a task, but no longer than the caller and the connection last.</summary>
        public async Task WaitAsync(Task task)
        {
            if (!task.IsCompleted)
            {
                var first = await Task.WhenAny(task, Link).WaitAsync(CancellationToken);
                if (first != task && !task.IsCompleted)
                {
                    throw Broken();
                }
            }

            await task;
        }
    }

    /// <summary>A while that passes, or that its caller cuts short. One timer and one task, for there are very many of them.</summary>
    private sealed class Travel : TaskCompletionSource
    {
        private readonly Lock _gate = new();
        private ITimer? _timer;
        private CancellationTokenRegistration _registration;

        public static Task Begin(TimeProvider time, TimeSpan duration, CancellationToken cancellationToken)
        {
            var travel = new Travel();
            var registration = cancellationToken.UnsafeRegister(static state => ((Travel)state!).End(), travel);
            var timer = time.CreateTimer(static state => ((Travel)state!).End(), travel, duration, Timeout.InfiniteTimeSpan);
            lock (travel._gate)
            {
                (travel._registration, travel._timer) = (registration, timer);
            }

            if (travel.Task.IsCompleted)
            {
                travel.End(); // it was over before there was anything to tidy up
            }

            return travel.Task;
        }

        private void End()
        {
            ITimer? timer;
            CancellationTokenRegistration registration;
            lock (_gate)
            {
                (timer, registration) = (_timer, _registration);
            }

            timer?.Dispose();
            registration.Unregister();
            TrySetResult();
        }
    }
}
