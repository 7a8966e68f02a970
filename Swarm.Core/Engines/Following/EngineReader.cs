using System.Collections.Immutable;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads an engine whole: what it says of itself, its list of containers and each of them that its plan names, and the lists of what it holds beside them. Decides nothing; what is read counts as memory while it is held.</summary>
internal sealed class EngineReader(
    FollowingCalls calls,
    EngineIntake intake,
    ThingKinds kinds,
    MemoryAccount memory,
    EngineTimings timings,
    TimeProvider time,
    ILogger logger,
    Func<long> nextMoment,
    Action shareFell,
    Action<EngineMessage> post)
{
    private readonly ReadingMemory _memory = new(memory);
    private readonly DaemonRecognition _recognition = new(calls, intake, logger);

    /// <summary>Reads the engine and sends what became of it to the loop.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="startedAt">The position of the loop.</param>
    /// <param name="state">Gets what is known of the engine: containers that show as they were keep their objects, and those that cannot be read are given as they were.</param>
    /// <param name="knownSlow">The containers whose last inspection was slow.</param>
    /// <param name="plan">What is to be asked.</param>
    /// <param name="cut">Cuts the reading short: then neither a reading nor an error is sent. Cancelled with the other token, too.</param>
    /// <param name="cancellationToken">The engine is let go: then nothing is sent.</param>
    /// <returns>A task that never fails.</returns>
    public async Task ReadAsync(IEngine engine, long startedAt, Func<EngineState> state, ImmutableHashSet<string> knownSlow, ReadingPlan plan, CancellationToken cut, CancellationToken cancellationToken)
    {
        var share = _memory.Begin();
        try
        {
            var startedTimestamp = time.GetTimestamp();
            var moment = nextMoment();
            var specs = await _recognition.ReadAsync(engine, state().Specs, cut);
            var taken = KeptSize.Of(specs);
            var looked = new LookedAt();
            var (containers, uncounted) = await ReadContainersAsync(engine, state, share, taken, knownSlow, plan, looked, cut);
            taken += containers.Sum(container => (long)container.WholeBytes);
            var images = await TryListAsync(kinds.Images, plan, engine, cut);
            CountReading(share, taken += kinds.Images.SizeOf(images));
            var networks = await TryListAsync(kinds.Networks, plan, engine, cut);
            CountReading(share, taken += kinds.Networks.SizeOf(networks));
            var volumes = await TryListAsync(kinds.Volumes, plan, engine, cut);
            CountReading(share, taken + kinds.Volumes.SizeOf(volumes));
            post(new EngineMessage.ReadingEnded(startedAt, new EngineReading(startedAt, startedTimestamp, specs, (containers, uncounted), looked.Unread(), images, networks, volumes)
            {
                Plan = plan,
                Moment = moment,
                Uninspected = looked.Uninspected(),
                Entries = looked.Entries,
                Certificate = engine.Certificate,
                ClientCertificate = engine.ClientCertificate,
                Forbidden = string.Join(", ", engine.ForbiddenCalls),
            }, null));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
        catch (Exception) when (cut.IsCancellationRequested)
        {
            post(new EngineMessage.ReadingEnded(startedAt, null, null));
        }
        catch (Exception exception)
        {
            post(new EngineMessage.ReadingEnded(startedAt, null, exception));
        }
        finally
        {
            CountReading(share, 0);
        }
    }

    // A plugin that hangs, or one list that is nonsense or breaks off twice, must not take the whole engine out: its containers run, and can be managed.
    private async Task<(ImmutableArray<T> Kept, int Uncounted)?> TryListAsync<T>(ThingKind<T> kind, ReadingPlan plan, IEngine engine, CancellationToken cancellationToken)
    {
        if (!plan.Lists(kind.Type))
        {
            return null;
        }

        try
        {
            return await kind.ListAsync(engine, cancellationToken);
        }
        catch (EngineException exception) when (exception is not EngineUnreachableException { NotSent: true })
        {
            EngineLog.ListFailed(logger, exception, calls.Address, kind.Type);
            return null;
        }
    }

    private async Task<(ImmutableArray<ContainerView> Kept, int Uncounted)> ReadContainersAsync(IEngine engine, Func<EngineState> state, ReadingMemory.Share share, long taken, ImmutableHashSet<string> knownSlow, ReadingPlan plan, LookedAt lookedAt, CancellationToken cancellationToken)
    {
        var (listed, uncounted) = await ListContainersAsync(engine, cancellationToken);
        CountReading(share, taken + listed.KeptBytes);
        var known = state();
        var read = new KeptContainers(known);
        var queue = new InspectionQueue(timings.SlowInspection, time, knownSlow);
        string[] ids = [.. listed.Ids];
        foreach (var id in ids)
        {
            var (entry, before) = (listed.EntryOf(id), known.FindContainer(id));
            if (plan.NeedsInspection(id, entry, listed[id], before))
            {
                queue.Enqueue(id);
                continue;
            }

            listed.Remove(id);
            lookedAt.NeedNot(before!.Id, entry!.Value);
            Keep(read, before, share, taken, listed.KeptBytes);
        }

        // Those that fail each time are among the few that are asked for where the others need it not.
        var tolerance = new ReadingTolerance(ids.Length);

        // What is looked at reports here, and so does the time when there is room for more.
        var reports = Channel.CreateUnbounded<Looked?>(new UnboundedChannelOptions { SingleReader = true });
        await using var clock = time.CreateTimer(static writer => ((ChannelWriter<Looked?>)writer!).TryWrite(null), reports.Writer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var left = 0;
        Exception? error = null;
        while (true)
        {
            while (error is null && queue.Start() is { } id)
            {
                left++;
                _ = ReportAsync(LookAsync(engine, listed[id], known, tolerance, cancellationToken), reports.Writer);
            }

            if (left == 0)
            {
                break;
            }

            if (queue.UntilRoom is { } untilRoom)
            {
                clock.Change(untilRoom, Timeout.InfiniteTimeSpan);
            }

            // Whatever happens each of them ends, by its time limit at the latest, and reports.
            if (await reports.Reader.ReadAsync(CancellationToken.None) is not { } looked)
            {
                continue;
            }

            left--;
            queue.End(looked.Id, looked.Container is not null);
            lookedAt.Take(looked, listed.EntryOf(looked.Id));
            listed.Remove(looked.Id);
            error ??= looked.Error;
            if (looked.Container is { } container)
            {
                Keep(read, container, share, taken, listed.KeptBytes);
            }
        }

        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return (read.InOrder(), uncounted);
    }

    // Of each container the list is held until it was looked at, and no more of it than is kept: whole, as engines give them, lists are of any size.
    private async Task<(ListedContainers Listed, int Uncounted)> ListContainersAsync(IEngine engine, CancellationToken cancellationToken)
    {
        var (summaries, uncounted) = intake.Containers(await calls.RunOrRepeatAsync(engine, "list containers", token => engine.Containers.ListAsync(token), cancellationToken));
        return (new ListedContainers(summaries.Select(summary => (intake.Container(summary), summary.Entry))), uncounted);
    }

    private void Keep(KeptContainers read, ContainerView container, ReadingMemory.Share share, long taken, long listed)
    {
        CountReading(share, taken + read.WantedBytes + container.WholeBytes + listed);
        read.Add(container, memory.Allowance - taken);
    }

    // Others that want as much are to make do with less from now on, not when this reading has ended.
    private void CountReading(ReadingMemory.Share share, long wanted)
    {
        if (share.Want(wanted))
        {
            shareFell();
        }
    }

    private static async Task ReportAsync(Task<Looked> looking, ChannelWriter<Looked?> reports) => reports.TryWrite(await looking);

    private async Task<Looked> LookAsync(IEngine engine, ContainerView listed, EngineState known, ReadingTolerance tolerance, CancellationToken cancellationToken)
    {
        var id = listed.Id;
        var before = known.FindContainer(id);
        try
        {
            return new Looked(id, intake.Container(calls.Address, id, await calls.RunOrRepeatAsync(engine, "inspect container", token => engine.Containers.InspectAsync(id, token), cancellationToken, tolerance)), IsInspected: true);
        }
        catch (EngineApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // Removed between the list and now; or there, as the list says, and one of both is wrong. What is said next counts.
            return new Looked(id, before ?? listed, IsStale: true);
        }
        catch (EngineProtocolException exception) when (exception.IsTooLong && EngineIntake.Overlong(listed, before) is not null)
        {
            // Whoever makes a container whose description has no end must not take its engine out.
            var overlong = EngineIntake.Overlong(listed, before)!;
            return new Looked(id, before is not null && ContainerViews.AreSame(before, overlong) ? before : overlong);
        }
        catch (EngineException exception) when (tolerance.Tolerates(exception))
        {
            // One container that the daemon is stuck on, or a few whose answers broke off, must not take the whole engine out. What is known of it stays; of one that was never
            // read only the list tells, and until it can be read the engine gets no new work.
            EngineLog.InspectFailed(logger, exception, calls.Address, id);
            return new Looked(id, before is { IsUnread: false } ? before : listed, IsStale: true);
        }
        catch (Exception exception)
        {
            return new Looked(id, null, Error: exception);
        }
    }
}
