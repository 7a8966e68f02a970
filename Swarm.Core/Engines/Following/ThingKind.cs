using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>One kind of what an engine holds beside containers: how it is listed, and what follows from a list. Holds no state.</summary>
/// <param name="type">What events call the kind.</param>
/// <param name="operation">What the list is called as an operation.</param>
/// <param name="calls">The way to the engine.</param>
/// <param name="list">Lists all there are.</param>
/// <param name="keep">Chooses what is kept of a list.</param>
/// <param name="sizeOf">Counts the memory that one takes.</param>
/// <param name="signal">Tells the state of the engine what was listed.</param>
/// <param name="find">Finds the list in a reading of the whole engine.</param>
internal sealed class ThingKind<T>(
    EngineEventType type,
    string operation,
    FollowingCalls calls,
    Func<IEngine, CancellationToken, Task<ImmutableArray<T>>> list,
    Func<ImmutableArray<T>, (ImmutableArray<T> Kept, int Uncounted)> keep,
    Func<T, long> sizeOf,
    Func<ImmutableArray<T>, int, EngineSignal> signal,
    Func<EngineReading, (ImmutableArray<T> Kept, int Uncounted)?> find)
{
    /// <summary>Gets what events call the kind.</summary>
    public EngineEventType Type => type;

    /// <summary>Lists all there are, and keeps what is to be kept.</summary>
    public async Task<(ImmutableArray<T> Kept, int Uncounted)> ListAsync(IEngine engine, CancellationToken cancellationToken) =>
        keep(await calls.RunOrRepeatAsync(engine, operation, token => list(engine, token), cancellationToken));

    /// <summary>Lists all there are.</summary>
    /// <returns>What the state of the engine is to be told.</returns>
    public async Task<EngineSignal> ReadAsync(IEngine engine, CancellationToken cancellationToken)
    {
        var (kept, uncounted) = keep(await calls.RunOrRepeatAsync(engine, operation, token => list(engine, token), cancellationToken));
        return signal(kept, uncounted);
    }

    /// <summary>Gets what the state of the engine is to be told by a reading of all of it; <see langword="null"/> when that could not list the kind.</summary>
    public EngineSignal? SignalOf(EngineReading reading) => find(reading) is { } listed ? signal(listed.Kept, listed.Uncounted) : null;

    /// <summary>Counts the memory that a list takes; one that could not be read takes none.</summary>
    public long SizeOf((ImmutableArray<T> Kept, int Uncounted)? listed) => listed is { } there ? KeptThings.SizeOf(there.Kept, sizeOf) : 0;
}
