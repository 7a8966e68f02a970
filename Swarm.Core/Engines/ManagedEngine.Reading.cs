using System.Collections.Immutable;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reading an engine whole.</summary>
internal sealed partial class ManagedEngine
{
    private async Task ReadAllAsync(IEngine engine, long startedAt, ImmutableHashSet<string> knownSlow, CancellationToken cancellationToken, CancellationToken stop)
    {
        try
        {
            var startedTimestamp = _time.GetTimestamp();
            var moment = _owner.NextMoment();
            var specs = _intake.Specs(Address, await CallAsync("describe engine", engine.System.GetSpecsAsync, cancellationToken));
            var taken = KeptSize.Of(specs);
            var (containers, uncounted, unread) = await ReadContainersAsync(engine, taken, knownSlow, cancellationToken);
            taken += containers.Sum(container => (long)container.WholeBytes);
            var images = await TryListAsync(EngineEventType.Image, async () => _intake.Images(await CallAsync("list images", engine.Images.ListAsync, cancellationToken)));
            CountReading(taken += images is { } imageList ? KeptThings.SizeOf(imageList.Kept, KeptSize.Of) : 0);
            var networks = await TryListAsync(EngineEventType.Network, async () => _intake.Networks(await CallAsync("list networks", engine.Networks.ListAsync, cancellationToken)));
            CountReading(taken += networks is { } networkList ? KeptThings.SizeOf(networkList.Kept, KeptSize.Of) : 0);
            var volumes = await TryListAsync(EngineEventType.Volume, async () => _intake.Volumes(await CallAsync("list volumes", engine.Volumes.ListAsync, cancellationToken)));
            CountReading(taken += volumes is { } volumeList ? KeptThings.SizeOf(volumeList.Kept, KeptSize.Of) : 0);
            Post(new EngineMessage.Read(new EngineReading(startedAt, startedTimestamp, specs, (containers, uncounted), unread, images, networks, volumes) { Moment = moment, Certificate = engine.Certificate }, null));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The engine is being let go.
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            Post(new EngineMessage.Read(null, null));
        }
        catch (Exception exception)
        {
            Post(new EngineMessage.Read(null, exception));
        }
        finally
        {
            CountReading(0);
        }
    }

    // A plugin that hangs, or one list that is nonsense or breaks off twice, must not take the whole engine out: its containers run, and can be managed.
    private async Task<T?> TryListAsync<T>(EngineEventType type, Func<Task<T>> list)
        where T : struct
    {
        try
        {
            return await list();
        }
        catch (EngineException exception) when (exception is not EngineUnreachableException { NotSent: true })
        {
            EngineLog.ListFailed(_logger, exception, Address, type);
            return null;
        }
    }

    private async Task<(ImmutableArray<ContainerView> Kept, int Uncounted, ImmutableArray<string> Unread)> ReadContainersAsync(IEngine engine, long taken, ImmutableHashSet<string> knownSlow, CancellationToken cancellationToken)
    {
        var (listed, uncounted) = await ListContainersAsync(engine, cancellationToken);
        CountReading(taken + listed.KeptBytes);
        var known = State;
        var read = new KeptContainers(known);
        var unread = ImmutableArray.CreateBuilder<string>();
        var tolerance = new ReadingTolerance(listed.Count);
        var queue = new InspectionQueue(_timings.SlowInspection, _time, knownSlow);
        foreach (var id in listed.Ids)
        {
            queue.Mark(id);
        }

        // What is looked at reports here, and so does the time when there is room for more.
        var reports = Channel.CreateUnbounded<Looked?>(new UnboundedChannelOptions { SingleReader = true });
        await using var clock = _time.CreateTimer(static writer => ((ChannelWriter<Looked?>)writer!).TryWrite(null), reports.Writer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
            listed.Remove(looked.Id);
            error ??= looked.Error;
            if (looked.Container is { } container)
            {
                Keep(read, container, taken, listed.KeptBytes);
            }

            if (looked.IsStale)
            {
                unread.Add(looked.Id);
            }
        }

        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        unread.Sort(StringComparer.Ordinal);
        return (read.InOrder(), uncounted, unread.ToImmutable());
    }

    // Of each container the list is held until it was looked at, and no more of it than is kept: whole, as engines give them, lists are of any size.
    private async Task<(ListedContainers Listed, int Uncounted)> ListContainersAsync(IEngine engine, CancellationToken cancellationToken)
    {
        var (summaries, uncounted) = _intake.Containers(await CallAsync("list containers", engine.Containers.ListAsync, cancellationToken));
        return (new ListedContainers(summaries.Select(_intake.Container)), uncounted);
    }

    private void Keep(KeptContainers read, ContainerView container, long taken, long listed)
    {
        CountReading(taken + read.WantedBytes + container.WholeBytes + listed);
        read.Add(container, _memory.Allowance - taken);
    }

    // Others that want as much are to make do with less from now on, not when this reading has ended.
    private void CountReading(long wanted)
    {
        if (_memory.Reading(wanted))
        {
            _owner.ShareFell();
        }
    }

    private static async Task ReportAsync(Task<Looked> looking, ChannelWriter<Looked?> reports) => reports.TryWrite(await looking);

    private async Task<Looked> LookAsync(IEngine engine, ContainerView listed, EngineState known, ReadingTolerance tolerance, CancellationToken cancellationToken)
    {
        var id = listed.Id;
        var before = known.FindContainer(id);
        try
        {
            return new Looked(id, _intake.Container(Address, id, await CallAsync("inspect container", token => engine.Containers.InspectAsync(id, token), cancellationToken, tolerance)));
        }
        catch (EngineApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return new Looked(id, null); // removed between the list and now
        }
        catch (EngineProtocolException exception) when (exception.IsTooLong && EngineIntake.Overlong(listed) is not null)
        {
            // Whoever makes a container whose description has no end must not take its engine out.
            var overlong = EngineIntake.Overlong(listed)!;
            return new Looked(id, before is not null && ContainerViews.AreSame(before, overlong) ? before : overlong);
        }
        catch (EngineException exception) when (tolerance.Tolerates(exception))
        {
            // One container that the daemon is stuck on, or a few whose answers broke off, must not take the whole engine out. What is known of it stays; of one that was never
            // read only the list tells, and until it can be read the engine gets no new work.
            EngineLog.InspectFailed(_logger, exception, Address, id);
            return new Looked(id, before is { IsUnread: false } ? before : listed, IsStale: true);
        }
        catch (Exception exception)
        {
            return new Looked(id, null, Error: exception);
        }
    }

    // A question, and one more try where its answer breaks off; both within one time limit.
    private Task<T> CallAsync<T>(string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, ReadingTolerance? tolerance = null) =>
        BoundedCall.RunAsync(
            _metrics,
            Address,
            operation,
            _timings.CallTimeout,
            _time,
            token => OneRepeat.RunAsync(call, () => tolerance?.TryRepeat() ?? true, token),
            cancellationToken,
            IsOurs(_link.Engine));

    /// <summary>What became of the inspection of one listed container.</summary>
    /// <param name="Id">The container.</param>
    /// <param name="Container">What is shown of it; <see langword="null"/> when it is gone or nothing can be said.</param>
    /// <param name="IsStale">Whether it could not be read and is shown as it was known before.</param>
    /// <param name="Error">Why the reading as a whole has failed.</param>
    private readonly record struct Looked(string Id, ContainerView? Container, bool IsStale = false, Exception? Error = null);
}
