using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The list of one kind of what an engine holds beside containers, read when an event asks for it and with the whole engine where it is due: one at a time, and none undoes a later one. One loop uses it.</summary>
/// <param name="type">What events call the kind.</param>
/// <param name="read">Reads the list.</param>
/// <param name="signalOf">Gets what a reading of the whole engine says of the kind.</param>
/// <param name="interval">How long it is believed unless something tells of a change.</param>
/// <param name="address">The address of the engine.</param>
/// <param name="logger">The log.</param>
/// <param name="post">Puts a message into the inbox of the loop.</param>
internal sealed class SideList(
    EngineEventType type,
    Func<IEngine, CancellationToken, Task<EngineSignal>> read,
    Func<EngineReading, EngineSignal?> signalOf,
    TimeSpan interval,
    EngineAddress address,
    ILogger logger,
    Action<EngineMessage> post)
{
    private bool _isListing;
    private bool _isAskedForAgain;
    private long? _listedAt;
    private long _doubtedAt;
    private TimeSpan? _believedSince;

    /// <summary>Gets what events call the kind.</summary>
    public EngineEventType Type => type;

    /// <summary>Tells whether a reading of the whole engine is to list it.</summary>
    public bool IsDue(TimeSpan now) => _believedSince is not { } since || now - since >= interval;

    /// <summary>Notes that things of the kind may have changed without having been told, or that they could not be listed.</summary>
    /// <param name="position">The position of the loop.</param>
    public void Doubt(long position) => (_doubtedAt, _believedSince) = (position, null);

    /// <summary>Asks for a list. While one is being read it is read once more afterwards, however often it is asked for.</summary>
    /// <returns>Whether the caller is to read it now.</returns>
    public bool TryBegin()
    {
        if (_isListing)
        {
            _isAskedForAgain = true;
            return false;
        }

        _isListing = true;
        return true;
    }

    /// <summary>Reads the list and sends what became of it to the loop.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="startedAt">The position of the loop.</param>
    /// <param name="cancellationToken">Gives up: then nothing is sent.</param>
    /// <returns>A task that never fails.</returns>
    public async Task ReadAsync(IEngine engine, long startedAt, CancellationToken cancellationToken)
    {
        try
        {
            post(new EngineMessage.Listed(type, startedAt, await read(engine, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
        catch (Exception exception)
        {
            EngineLog.ListFailed(logger, exception, address, type);
            post(new EngineMessage.Listed(type, startedAt, null));
        }
    }

    /// <summary>Notes that the reading of the list has ended, however that was.</summary>
    /// <returns>Whether it was asked for again meanwhile.</returns>
    public bool End()
    {
        _isListing = false;
        var isAskedForAgain = _isAskedForAgain;
        _isAskedForAgain = false;
        return isAskedForAgain;
    }

    /// <summary>Gets what a reading of the whole engine says of the kind; <see langword="null"/> when it could not be listed.</summary>
    public EngineSignal? SignalOf(EngineReading reading) => signalOf(reading);

    /// <summary>Takes note of a list, and says whether it is to show: somebody may have looked, and been answered, since it was asked for.</summary>
    /// <param name="startedAt">The position at which it was asked for.</param>
    /// <param name="now">The moment.</param>
    public bool TryShow(long startedAt, TimeSpan now)
    {
        if (startedAt > _doubtedAt)
        {
            _believedSince = now;
        }

        if (_listedAt is { } listedAt && listedAt >= startedAt)
        {
            return false;
        }

        _listedAt = startedAt;
        return true;
    }

    /// <summary>Forgets what is being read; what shows already stays.</summary>
    public void Reset()
    {
        _isListing = false;
        _isAskedForAgain = false;
    }
}
