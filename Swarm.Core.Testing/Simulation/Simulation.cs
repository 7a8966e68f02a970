using System.Runtime.CompilerServices;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Runtime;

namespace Swarm.Core.Testing;

/// <summary>
/// Runs clusters, engines and whatever uses them on one thread and in virtual time, in an order that depends on nothing but a seed. What is ready is run in a random
/// order, so that each seed is another schedule; when nothing is ready, time jumps to the next timer. Hours take milliseconds, and a failure is repeated by its seed.
/// </summary>
/// <remarks>
/// What runs inside must keep to plain awaits, take its time from <see cref="Time"/> and its randomness from <see cref="Random"/>. What leaves the thread of the
/// simulation, for example by <c>ConfigureAwait(false)</c> or <c>Task.Run</c>, makes it fail as soon as it comes back. Members are for use inside the body only; not thread-safe.
/// </remarks>
public sealed class Simulation
{
    private const int Remembered = 32;
    private const int DeepestInterleaving = 3;
    private static readonly TimeSpan _escapeGrace = TimeSpan.FromMilliseconds(200);

    private readonly List<(SendOrPostCallback Callback, object? State, SimulationProcess? Process)> _ready = [];
    private readonly IdSource _schedule;
    private readonly SimulationClock _clock;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly (TimeSpan At, object? Step)[] _recent = new (TimeSpan, object?)[Remembered];
    private readonly Queue<string> _notes = new();
    private readonly List<Action> _checks = [];
    private Exception? _failure;
    private string? _escape;
    private ulong _hash = 14695981039346656037;
    private bool _isOver;
    private int _depth;

    private Simulation(long seed)
    {
        Seed = seed;
        _schedule = new IdSource(unchecked((ulong)seed));
        _clock = new SimulationClock(_schedule);
        Random = new Random(unchecked((int)_schedule.Next()));
        Engines = new InMemoryEngines();
    }

    /// <summary>Gets the seed.</summary>
    public long Seed { get; }

    /// <summary>Gets the virtual clock; everything that waits must wait by it.</summary>
    public TimeProvider Time => _clock;

    /// <summary>Gets how much virtual time has passed.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Gets the source of all chance in the body. It is not the one the schedule is drawn from.</summary>
    public Random Random { get; }

    /// <summary>Gets the network that clusters made by <see cref="CreateCluster"/> find their engines on.</summary>
    public InMemoryEngines Engines { get; }

    /// <summary>Gets how many steps were taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Gets the hash over all steps and notes so far.</summary>
    public ulong Hash => _hash;

    /// <summary>Runs a body to its end, on the calling thread.</summary>
    /// <param name="seed">What the schedule and all chance follow from.</param>
    /// <param name="body">What to run. It is over when its task ends; what it left running is dropped.</param>
    /// <param name="limit">The most virtual time it may take; <see langword="null"/> for a thousand days.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="SimulationException">
    /// The body, a check or anything that runs inside threw; the body waits for something that cannot come; virtual time is up; or something left the thread of the simulation.
    /// </exception>
    public static SimulationResult Run(long seed, Func<Simulation, Task> body, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var simulation = new Simulation(seed);
        var previous = SynchronizationContext.Current;
        try
        {
            return simulation.RunToEnd(body, limit ?? TimeSpan.FromDays(1000));
        }
        finally
        {
            simulation._isOver = true;
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    /// <summary>Adds an engine to <see cref="Engines"/>, on the simulation's clock and with identifiers that follow from the seed.</summary>
    /// <param name="options">What it is to be; its time and seed are set here.</param>
    /// <returns>The engine.</returns>
    public InMemoryEngine AddEngine(InMemoryEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Engines.Add(options with { Time = Time, Seed = options.Seed ?? NextSeed() });
    }

    /// <summary>Makes a cluster over <see cref="Engines"/>, on the simulation's clock and with identifiers that follow from the seed.</summary>
    /// <param name="discovery">Where its engines are.</param>
    /// <param name="options">Its settings, whose seed is set here when there is none; <see langword="null"/> for the defaults.</param>
    /// <param name="plugins">What else it is given; discovery, connector and clock are set here.</param>
    /// <returns>The cluster, not started.</returns>
    public SwarmCluster CreateCluster(IDiscoveryBackend discovery, SwarmOptions? options = null, SwarmPlugins? plugins = null)
    {
        ArgumentNullException.ThrowIfNull(discovery);
        options ??= new SwarmOptions();
        options.Seed ??= unchecked((long)NextSeed());
        return SwarmCluster.Create(options, (plugins ?? new SwarmPlugins()) with { Discovery = discovery, Connector = Engines, TimeProvider = Time });
    }

    /// <summary>Waits for a while of virtual time.</summary>
    /// <param name="time">How long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends then.</returns>
    public Task DelayAsync(TimeSpan time, CancellationToken cancellationToken = default) => Task.Delay(time, Time, cancellationToken);

    /// <summary>Starts something beside the body. Should it throw, the simulation fails at once.</summary>
    /// <param name="work">What to start.</param>
    /// <returns>A task that ends with it.</returns>
    public async Task StartAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            _failure ??= exception;
            throw;
        }
    }

    /// <summary>Starts a program that can be killed at any moment.</summary>
    /// <returns>The program; nothing runs in it yet.</returns>
    public SimulationProcess StartProcess() => new(this);

    /// <summary>
    /// Lets some of what is ready run now, in the middle of code that is not asynchronous, as other threads would. For what the library calls outside its locks:
    /// a filter, a strategy or a connector that calls this shows what happens between the things before and after it. Time does not pass.
    /// </summary>
    /// <param name="most">The most steps to take; how many it is follows from the seed.</param>
    public void Interleave(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (_depth >= DeepestInterleaving)
        {
            return;
        }

        var previous = SynchronizationContext.Current;
        _depth++;
        try
        {
            for (var left = (int)(_schedule.Next() % (ulong)(most + 1)); left > 0 && _ready.Count > 0 && _failure is null; left--)
            {
                TakeReady();
            }
        }
        catch (SimulationException exception)
        {
            // Whoever is interrupted may swallow it; the simulation must not.
            _failure ??= exception;
        }
        finally
        {
            _depth--;
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    /// <summary>
    /// Lets time pass in the middle of code that is not asynchronous, as where a thread is blocked: everybody else goes on meanwhile. For what the library calls
    /// outside its locks, such as a filter that is slow.
    /// </summary>
    /// <param name="time">How long it takes. Nothing, where code that was interrupted so is interrupted again and again.</param>
    public void Block(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        if (_depth >= DeepestInterleaving)
        {
            return;
        }

        var previous = SynchronizationContext.Current;
        _depth++;
        try
        {
            var isOver = false;
            using var end = _clock.CreateTimer(_ => isOver = true, null, time, Timeout.InfiniteTimeSpan);
            while (!isOver && _failure is null)
            {
                TakeNext();
            }
        }
        catch (SimulationException exception)
        {
            // Whoever is interrupted may swallow it; the simulation must not.
            _failure ??= exception;
        }
        finally
        {
            _depth--;
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    /// <summary>Runs a check after every step from now on; what it throws ends the simulation. It must be quick and change nothing.</summary>
    /// <param name="check">The check.</param>
    public void AfterEachStep(Action check)
    {
        ArgumentNullException.ThrowIfNull(check);
        _checks.Add(check);
    }

    /// <summary>Takes something that happened into the hash, and keeps it for the message should the simulation fail soon.</summary>
    /// <param name="note">What happened, in one line.</param>
    public void Note(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        foreach (var character in note)
        {
            Mix(character);
        }

        if (_notes.Count == Remembered)
        {
            _notes.Dequeue();
        }

        _notes.Enqueue($"{Elapsed:c} {note}");
    }

    internal TimeProvider TimeOf(SimulationProcess process) => new ProcessTime(_clock, process);

    internal SynchronizationContext ContextOf(SimulationProcess process) => new Context(this, process);

    internal ulong NextSeed() => unchecked((ulong)Random.NextInt64());

    private SimulationResult RunToEnd(Func<Simulation, Task> body, TimeSpan limit)
    {
        Task? task = null;
        Take(_ => task = body(this), null, body);
        while (!task!.IsCompleted)
        {
            if (TakeNext())
            {
                if (_clock.Elapsed > limit)
                {
                    throw Failure($"Virtual time is up. {WaitingTasks.Describe(task)}");
                }
            }
            else if (!SpinWait.SpinUntil(() => Volatile.Read(ref _escape) is not null, _escapeGrace))
            {
                // Had something escaped, it would have come back by now.
                throw Failure($"Nothing is left to do, no timer is set, and the body still waits. {WaitingTasks.Describe(task)}");
            }

            if (_failure is not null)
            {
                throw _failure as SimulationException ?? Failure(_failure.Message, _failure);
            }

            if (Volatile.Read(ref _escape) is { } escape)
            {
                throw Failure(escape);
            }
        }

        if (task.IsFaulted)
        {
            throw Failure(task.Exception!.InnerException!.Message, task.Exception.InnerException);
        }

        return task.IsCanceled
            ? throw Failure("The body was cancelled.")
            : new SimulationResult(Seed, Steps, Elapsed, _hash);
    }

    private bool TakeNext()
    {
        if (_ready.Count > 0)
        {
            TakeReady();
            return true;
        }

        if (!_clock.TryTakeNext(out var ring, out var argument, out var process))
        {
            return false;
        }

        Mix((ulong)_clock.Elapsed.Ticks);
        Take(new SendOrPostCallback(ring), argument, argument, process);
        return true;
    }

    private void TakeReady()
    {
        var index = (int)(_schedule.Next() % (ulong)_ready.Count);
        var (callback, state, process) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Mix((ulong)index);
        Take(callback, state, state, process);
    }

    private void Take(SendOrPostCallback callback, object? state, object? step, SimulationProcess? process = null)
    {
        if (process is { IsAlive: false })
        {
            return;
        }

        Steps++;
        _recent[Steps % Remembered] = (Elapsed, step);

        // A context of its own for each step: what waits is queued then, never run within the call that completes what it waits for.
        SynchronizationContext.SetSynchronizationContext(new Context(this, process));
        try
        {
            callback(state);
            foreach (var check in _checks)
            {
                check();
            }
        }
        catch (Exception exception)
        {
            throw Failure(exception.Message, exception);
        }
    }

    private SimulationException Failure(string message, Exception? innerException = null)
    {
        var steps = _recent.Select((each, index) => (each, Order: (index - Steps - 1 + (Remembered * (Steps + 2))) % Remembered))
            .Where(each => each.each.Step is not null)
            .OrderBy(each => each.Order)
            .TakeLast(12)
            .Select(each => $"  {each.each.At:c} {WaitingTasks.NameOf(each.each.Step)}");
        var text = $"{message}\nWhat happened last:\n{string.Join('\n', _notes.Select(note => "  " + note))}\nThe last steps:\n{string.Join('\n', steps)}";
        return new SimulationException(Seed, Steps, Elapsed, text, innerException);
    }

    // FNV-1a, eight bytes at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mix(ulong value) => _hash = (_hash ^ value) * 1099511628211;

    private void Post(SendOrPostCallback callback, object? state, SimulationProcess? process)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            if (!_isOver && process is not { IsAlive: false })
            {
                _ready.Add((callback, state, process));
            }
        }
        else if (!_isOver)
        {
            Interlocked.CompareExchange(
                ref _escape,
                $"{WaitingTasks.NameOf(state)} comes back from another thread: what it waited for left the simulation (ConfigureAwait(false), Task.Run, a timer or a completion that runs continuations asynchronously, ReadAllAsync, SemaphoreSlim, real I/O).",
                null);
        }
    }

    /// <summary>The clock as one program sees it.</summary>
    private sealed class ProcessTime(SimulationClock clock, SimulationProcess process) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period, process);
    }

    private sealed class Context(Simulation simulation, SimulationProcess? process) : SimulationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => simulation.Post(d, state, process);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A simulation runs one step at a time; nobody can wait for another.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
