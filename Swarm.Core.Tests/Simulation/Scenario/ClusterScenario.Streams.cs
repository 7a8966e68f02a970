using System.Globalization;
using System.Text;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class ClusterScenario
{
    private const int MostWaits = 30;
    private const int MostJobs = 20;

    // An engine whose start of a process failed says one of these, and no process of the scenario ends with them.
    private const int CannotRun = 127;
    private const int CannotStart = 128;

    // Whoever has killed it, and for whatever.
    private const int Killed = 137;

    private static readonly TimeSpan _answersWithin = TimeSpan.FromSeconds(15);

    // What goes on beside the actors: it may outlast the phase in which it began.
    private readonly List<Task> _beside = [];
    private readonly List<Job> _jobs = [];
    private readonly List<Wait> _waits = [];

    private Task UseStreamsAsync() => _simulation.Random.Next(10) switch
    {
        < 4 => Beside(RunJobAsync),
        < 7 => Beside(WaitAsync),
        < 8 => ExecAsync(),
        _ => FollowLogAsync(),
    };

    // What is gone is found out soon: mostly one that is not known to be.
    private Attempt? ChooseLikely()
    {
        var chosen = Choose();
        for (var i = 0; i < 3 && chosen is { Attempt.MayBeGone: true }; i++)
        {
            chosen = Choose();
        }

        return chosen?.Attempt;
    }

    private Task Beside(Func<Task> work)
    {
        _beside.RemoveAll(task => task.IsCompleted);
        _beside.Add(_simulation.StartAsync(work));
        return Task.CompletedTask;
    }

    private async Task RunJobAsync()
    {
        if (_jobs.Count >= MostJobs)
        {
            return;
        }

        var random = _simulation.Random;
        var attempt = new Attempt(_attempts.Count, random.Next(4) == 0 ? Workload.DrawName(random) : null, _simulation.Elapsed, _manager.Generation);
        attempt.Placement = DrawPlacement();
        _attempts.Add(attempt);
        var (spec, input) = Workload.DrawJob(random, attempt);
        var keep = !spec.AutoRemove && random.Next(4) == 0;
        var patience = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(Math.Pow(20_000, random.NextDouble())) : TimeSpan.FromMinutes(20);
        using var job = new Job(attempt, new CancellationTokenSource(patience, _simulation.Time));
        using var whenGivenUp = job.GiveUp.Token.Register(() => job.Expected = _invariants.Expect("a job whose caller gave up", (4 * _options.CallTimeout) + Slack));
        _jobs.Add(job);
        try
        {
            var completed = await _manager.Process.RunAsync(() => Cluster.Containers.RunToCompletionAsync(spec, new RunToCompletionOptions { Input = input, Keep = keep, Placement = attempt.Placement }, job.GiveUp.Token));
            attempt.Outcome = $"job ended at {_simulation.Elapsed:c}";
            _counts.Add(completed.IsOutputComplete ? "job" : "job: output lost");
            CheckJob(completed, keep, attempt, spec.AutoRemove);
            if (keep)
            {
                attempt.ContainerId = completed.Container.Id;
                attempt.EngineId = completed.Container.EngineId;
                _known.Add(attempt);
            }
        }
        catch (SwarmException exception)
        {
            attempt.Outcome = $"job failed at {_simulation.Elapsed:c}: {exception.Message}";
            _counts.Add($"job: {exception.GetType().Name}");
        }
        catch (SimulationProcessKilledException)
        {
            attempt.Outcome = $"job was cut off by a crash at {_simulation.Elapsed:c}";
            _counts.Add("job: crashed");
        }
        catch (OperationCanceledException) when (_isOver || job.GiveUp.IsCancellationRequested)
        {
            attempt.Outcome = $"job was given up at {_simulation.Elapsed:c}";
            _counts.Add("job: cancelled");
        }
        catch (InvalidOperationException) when (_isOver)
        {
            _counts.Add("job: stopped");
        }
        finally
        {
            attempt.FailedAt = attempt.ContainerId is null ? _simulation.Elapsed : null;
            _jobs.Remove(job);
        }
    }

    private void CheckJob(CompletedRun completed, bool keep, Attempt attempt, bool removesItself)
    {
        var id = completed.Container.Id;
        if (_invariants.FindLife(id) is not { Ends.Count: > 0 } life)
        {
            throw new ViolationException("I9 (jobs)", $"container {id} is said to have ended with {completed.ExitCode} and never did.");
        }

        var (_, exitCode, ranOutOfMemory, logLength) = life.Ends[0];
        if (completed.ExitCode != exitCode)
        {
            throw new ViolationException("I9 (jobs)", $"container {id} is said to have ended with {completed.ExitCode} and did with {exitCode}: {life}.");
        }

        // One look tells it, as long as there is something to look at and the look does not fail.
        if (completed.RanOutOfMemory != ranOutOfMemory && (completed.RanOutOfMemory || (_knobs.IsHonest && !removesItself && !attempt.MayBeGone)))
        {
            throw new ViolationException("I9 (jobs)", $"container {id} is said {(completed.RanOutOfMemory ? "" : "not ")}to have run out of memory: {life}.");
        }

        if (completed.RanOutOfMemory)
        {
            _counts.Add("job: out of memory");
            if (completed.Error is null || completed.ExitCode != Killed)
            {
                throw new ViolationException("I9 (jobs)", $"container {id} is said to have run out of memory with {completed.ExitCode} and without a word.");
            }
        }

        CheckOutput(completed.Output.StandardOutputBytes, life.Written(OutputSource.StandardOutput, logLength));
        CheckOutput(completed.Output.StandardErrorBytes, life.Written(OutputSource.StandardError, logLength));
        if (keep && life.RemovedAt is { } removed && !attempt.MayBeGone)
        {
            throw new ViolationException("I9 (jobs)", $"container {id} was to stay and was removed at {removed:c}.");
        }

        void CheckOutput(ReadOnlyMemory<byte> said, byte[] written)
        {
            if (completed.IsOutputComplete ? !said.Span.SequenceEqual(written) : !written.AsSpan().StartsWith(said.Span))
            {
                throw new ViolationException("I9 (jobs)", $"the {(completed.IsOutputComplete ? "complete" : "incomplete")} output of {id} is said to be '{Encoding.UTF8.GetString(said.Span)}', it wrote '{Encoding.UTF8.GetString(written)}': {life}.");
            }
        }
    }

    // Jobs of the scenario are short, but one whose input was cut off may wait for it for ever.
    private void EndJobs(TimeSpan healed)
    {
        foreach (var job in _jobs.Where(job => !job.GiveUp.IsCancellationRequested).ToList())
        {
            if (_invariants.FindLife(job.Attempt) is { IsRunning: false, RemovedAt: null, Ends: [.., var end] } life && end.At < healed + _reactsWithin)
            {
                throw new ViolationException("I9 (jobs)", $"a job begun at {job.Attempt.StartedAt:c} has not returned by {_simulation.Elapsed:c}: {life}.");
            }

            job.GiveUp.Cancel();
        }
    }

    private Task WaitAsync() => ChooseLikely() is { } attempt
        ? WaitAsync(attempt.ContainerId!, (WaitCondition)_simulation.Random.Next(Enum.GetValues<WaitCondition>().Length))
        : Task.CompletedTask;

    // Long enough for the question to be put.
    private async Task WaitBeforeOutageAsync(Machine machine)
    {
        var running = machine.Daemon.Containers.Where(container => container is { HasProcess: true, IsPaused: false } && container.Labels.ContainsKey(Attempt.Label) && !container.Labels.ContainsKey(Attempt.JobLabel)).ToList();
        if (running.Count > 0 && _simulation.Random.Next(2) == 0)
        {
            _ = Beside(() => WaitAsync(running[_simulation.Random.Next(running.Count)].Id, WaitCondition.NextExit));
            await LastAsync(2 * _options.CallTimeout);
        }
    }

    private async Task WaitAsync(string id, WaitCondition condition)
    {
        if (_waits.Count >= MostWaits || _invariants.FindLife(id) is not { } life)
        {
            return;
        }

        var random = _simulation.Random;
        var patience = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(Math.Pow(20_000, random.NextDouble())) : Exponential(TimeSpan.FromMinutes(40));
        using var giveUp = new CancellationTokenSource(patience, _simulation.Time);
        IDisposable? expected = null;
        using var whenGivenUp = giveUp.Token.Register(() => expected = _invariants.Expect("a wait whose caller gave up", Slack));
        var wait = new Wait(id, condition, _simulation.Elapsed, life, life.HasRun, life.IsRunning);
        _waits.Add(wait);
        try
        {
            CheckExit(wait, await _manager.Process.RunAsync(() => Cluster.Containers.WaitAsync(wait.Id, condition, giveUp.Token)));
            _counts.Add($"wait {condition}");
        }
        catch (ContainerNotFoundException exception)
        {
            if (_simulation.Elapsed > wait.Since && _invariants.IsThere(wait.Id) && !_invariants.MayHaveLeft(wait.Id, wait.Since))
            {
                throw new ViolationException("I10 (waits)", $"{wait} was told that there is no such container, and there is.", exception);
            }

            _counts.Add("wait: gone");
        }
        catch (ExitLostException exception)
        {
            if (!_claimed.Contains(id) && (condition != WaitCondition.NextExit || !life.Ends.Any(end => end.At >= wait.Since)))
            {
                throw new ViolationException("I10 (waits)", $"{wait} was told that the exit is lost, and there was none.", exception);
            }

            _counts.Add("wait: exit lost");
        }
        catch (SwarmException exception)
        {
            // How things are at the beginning is asked once.
            var hasBegun = condition != WaitCondition.NextExit || _simulation.Elapsed > wait.Since + _options.CallTimeout + _slack;
            if (hasBegun && exception is EngineUnreachableException or EngineTimeoutException)
            {
                throw new ViolationException("I10 (waits)", $"{wait} did not outlast an outage.", exception);
            }

            _counts.Add($"wait: {exception.GetType().Name}");
        }
        catch (SimulationProcessKilledException)
        {
            _counts.Add("wait: crashed");
        }
        catch (OperationCanceledException) when (_isOver || giveUp.IsCancellationRequested)
        {
            _counts.Add("wait: cancelled");
        }
        catch (InvalidOperationException) when (_isOver)
        {
            _counts.Add("wait: stopped");
        }
        finally
        {
            _waits.Remove(wait);
            expected?.Dispose();
        }
    }

    // What is waited for ends, and maybe runs and ends again, while the cluster cannot see it.
    private async Task MeddleAsync(Machine machine)
    {
        var random = _simulation.Random;
        foreach (var wait in _waits.Where(wait => wait.Life.IsRunning && random.Next(3) > 0).ToList())
        {
            for (var ends = 1 + random.Next(2); ends > 0 && machine.Daemon.Containers.FirstOrDefault(container => container.Id == wait.Id) is { HasProcess: true, IsPaused: false }; ends--)
            {
                machine.Engine.EndProcess(wait.Id, random.Next(100));
                _counts.Add("by hand: end unseen");
                if (random.Next(2) == 0 && machine.Daemon.Containers.Any(container => container.Id == wait.Id))
                {
                    await StartByHandAsync(machine, wait.Id);
                }
            }
        }
    }

    private async Task StartByHandAsync(Machine machine, string id)
    {
        try
        {
            await machine.Engine.Local.Containers.StartAsync(id, default);
        }
        catch (EngineException)
        {
            _counts.Add("by hand: refused");
        }
    }

    private void CheckExit(Wait wait, ContainerExit exit)
    {
        var life = wait.Life;

        // Of what did not run at first it cannot be told how often it has run unseen.
        var last = wait.WasRunning && !life.Ends.Any(end => end.At >= wait.Since && end.At <= wait.Since + _options.CallTimeout + _slack) ? LastNextExit(wait) : TimeSpan.MaxValue;
        var possible = wait.Condition switch
        {
            WaitCondition.NextExit when life.RemovedAt is null => life.Ends.Where(end => end.At >= wait.Since && end.At <= last),
            WaitCondition.NextExit => life.Ends.Where(end => end.At >= wait.Since && end.At <= last).Concat(life.Ends.TakeLast(1)),
            _ => life.Ends,
        };
        var neverRan = exit.ExitCode == 0 && (!wait.HadRun || life.Ends.Count == 0) && (wait.Condition == WaitCondition.NotRunning || life.RemovedAt is not null);
        if (!neverRan && !_claimed.Contains(wait.Id) && exit.ExitCode is not (CannotRun or CannotStart) && !possible.Any(end => end.ExitCode == exit.ExitCode))
        {
            throw new ViolationException("I10 (waits)", $"{wait} was told of {exit.ExitCode} at {_simulation.Elapsed:c}.");
        }

        CheckCause(wait, exit, possible.Where(end => end.ExitCode == exit.ExitCode).ToList());
    }

    // Nobody runs out of memory who never did; and what still shows that it did is not told as a plain kill.
    private void CheckCause(Wait wait, ContainerExit exit, List<(TimeSpan At, int ExitCode, bool RanOutOfMemory, int LogLength)> possible)
    {
        var life = wait.Life;
        if (exit.RanOutOfMemory)
        {
            _counts.Add("wait: out of memory");
            if (exit.ExitCode != Killed || exit.Error is null || (!_claimed.Contains(wait.Id) && !life.Ends.Any(end => end.RanOutOfMemory)))
            {
                throw new ViolationException("I10 (waits)", $"{wait} was told at {_simulation.Elapsed:c} that it ran out of memory with {exit.ExitCode}: {exit.Error}.");
            }
        }
        else if (_knobs.IsHonest && !_claimed.Contains(wait.Id) && possible.Count > 0 && possible.TrueForAll(end => end.RanOutOfMemory)
            && !life.IsRunning && life.RemovedAt is null && life.Ends[^1] == possible[^1])
        {
            throw new ViolationException("I10 (waits)", $"{wait} was told of {exit.ExitCode} at {_simulation.Elapsed:c} and not that it ran out of memory.");
        }
    }

    // The first exit of which it cannot be said that the question came after it.
    private TimeSpan LastNextExit(Wait wait) =>
        wait.Life.Ends.Where(end => end.At > wait.Since + _options.CallTimeout + _slack).Select(end => end.At).FirstOrDefault(TimeSpan.MaxValue);

    // Nothing has failed for a while: who waits for what has happened must know.
    private void CheckWaits(TimeSpan healed)
    {
        foreach (var wait in _waits)
        {
            if (!_claimed.Contains(wait.Id) && MetAt(wait, healed) is { } met && met + _answersWithin < _simulation.Elapsed)
            {
                throw new ViolationException("I10 (waits)", $"{wait} goes on although there is nothing to wait for.");
            }
        }

        var open = _machines.Sum(machine => machine.Daemon.Connections.RemoteCount);
        if (open > _waits.Count)
        {
            throw new ViolationException("I5 (no leaks)", $"there are {open} streams and {_waits.Count} waits long after the faults had ended.");
        }
    }

    private TimeSpan? MetAt(Wait wait, TimeSpan healed)
    {
        if (!_invariants.IsThere(wait.Id))
        {
            return wait.Life.RemovedAt ?? TimeSpan.Zero;
        }

        switch (wait.Condition)
        {
            case WaitCondition.NotRunning when !wait.Life.IsRunning:
                return wait.Life.Ends.Count > 0 ? wait.Life.Ends[^1].At : wait.Since;
            case WaitCondition.NotRunning:
                var ends = wait.Life.Ends.Where(end => end.At > wait.Since && end.At > healed + _convergedAfter).ToList();
                return ends.Count > 0 ? ends[0].At : null;
            case WaitCondition.NextExit:
                return LastNextExit(wait) is var exit && exit < TimeSpan.MaxValue ? exit : null;
            default:
                return null;
        }
    }

    private async Task ExecAsync()
    {
        if (ChooseLikely() is not { } attempt)
        {
            return;
        }

        var asked = _simulation.Random.Next(2) == 0 ? string.Create(CultureInfo.InvariantCulture, $"ask {_attempts.Count}\n") : null;
        ReadOnlyMemory<byte>? input = asked is null ? null : Encoding.UTF8.GetBytes(asked).AsMemory();
        var patience = TimeSpan.FromSeconds(_simulation.Random.Next(3) == 0 ? 3 * _simulation.Random.NextDouble() : 60);
        await CallAsync("exec", patience, async token =>
        {
            using var giveUp = new CancellationTokenSource(patience, _simulation.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(token, giveUp.Token);
            try
            {
                var (exitCode, output) = await Cluster.Containers.ExecAsync(attempt.ContainerId!, [asked is null ? Workload.Ask.Line : Workload.Cat.Line], input, cancellationToken: either.Token);
                var written = asked ?? string.Concat(Workload.Ask.Process.Output.Select(part => part.Text));
                if (!_claimed.Contains(attempt.ContainerId!) && (exitCode != (asked is null ? Workload.Ask.Process.ExitCode : Workload.Cat.Process.ExitCode) || output.StandardOutput != written))
                {
                    throw new ViolationException("I11 (streams)", $"an exec in {attempt.ContainerId} is said to have ended with {exitCode} after '{output.StandardOutput}'.");
                }
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                _counts.Add("exec: given up");
            }

            return true;
        });
    }

    // Read for a while, and left in the middle.
    private async Task FollowLogAsync()
    {
        if (ChooseLikely() is not { } attempt || _invariants.FindLife(attempt.ContainerId!) is not { } life)
        {
            return;
        }

        var patience = TimeSpan.FromSeconds(40 * _simulation.Random.NextDouble());
        await CallAsync("follow log", patience + _options.CallTimeout, async token =>
        {
            using var giveUp = new CancellationTokenSource(patience, _simulation.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(token, giveUp.Token);
            List<byte> output = [];
            List<byte> error = [];
            try
            {
                await using var log = await Cluster.Containers.OpenLogsAsync(attempt.ContainerId!, new LogOptions { Follow = true }, either.Token);
                while (await log.ReadAsync(either.Token) is { } chunk)
                {
                    (chunk.Source == OutputSource.StandardError ? error : output).AddRange(chunk.Data.Span);
                }
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                _counts.Add("follow log: left");
            }

            if (!_claimed.Contains(attempt.ContainerId!) && (!StartsWith(OutputSource.StandardOutput, output) || !StartsWith(OutputSource.StandardError, error)))
            {
                throw new ViolationException("I11 (streams)", $"the log of {attempt.ContainerId} is said to begin with '{Encoding.UTF8.GetString([.. output])}' and '{Encoding.UTF8.GetString([.. error])}'.");
            }

            return true;
        });

        bool StartsWith(OutputSource source, List<byte> read) => life.Written(source).AsSpan().StartsWith(read.ToArray());
    }

    /// <summary>A job whose caller waits.</summary>
    private sealed class Job(Attempt attempt, CancellationTokenSource giveUp) : IDisposable
    {
        public Attempt Attempt { get; } = attempt;

        public CancellationTokenSource GiveUp { get; } = giveUp;

        /// <summary>Gets or sets what it must end by, once its caller has given up.</summary>
        public IDisposable? Expected { get; set; }

        public void Dispose()
        {
            Expected?.Dispose();
            GiveUp.Dispose();
        }
    }

    /// <summary>Somebody who waits for the end of a container.</summary>
    private sealed record Wait(string Id, WaitCondition Condition, TimeSpan Since, ContainerLife Life, bool HadRun, bool WasRunning)
    {
        public override string ToString() => $"who waits for {Condition} of {Id} since {Since:c} ({Life})";
    }
}
