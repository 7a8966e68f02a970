using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>What the loop of a connected engine has started: every task ends by itself, by its time limit or when the loop ends.</summary>
/// <param name="engine">The engine.</param>
/// <param name="state">What is known of it.</param>
/// <param name="reader">Reads it whole.</param>
/// <param name="reading">The reading that is under way.</param>
/// <param name="inspections">Inspects single containers.</param>
/// <param name="alarm">Sends messages after a time.</param>
/// <param name="owner">Decides whether the engine may take part.</param>
/// <param name="post">Puts a message into the inbox of the loop.</param>
/// <param name="cancellationToken">Ends everything: the engine is let go.</param>
internal sealed class EngineWork(
    IEngine engine,
    FollowedState state,
    EngineReader reader,
    ReadingUnderWay reading,
    ContainerInspections inspections,
    EngineAlarm alarm,
    ILoopOwner owner,
    Action<EngineMessage> post,
    CancellationToken cancellationToken) : IEngineWork
{
    private readonly List<Task> _started = [];

    /// <summary>Gets the tasks that may not have ended. For the loop, or once it has ended.</summary>
    public IReadOnlyList<Task> Started => _started;

    /// <inheritdoc/>
    public void Read(long startedAt, ImmutableHashSet<string> knownSlow, ReadingPlan plan) =>
        Keep(reader.ReadAsync(engine, startedAt, () => state.Current, knownSlow, plan, reading.Begin(cancellationToken), cancellationToken));

    /// <inheritdoc/>
    public void CutReadingShort() => Keep(reading.CutShort());

    /// <inheritdoc/>
    public void EndReading() => Keep(reading.End());

    /// <inheritdoc/>
    public void Inspect(string id, long startedAt) => Keep(inspections.InspectAsync(engine, id, startedAt, cancellationToken));

    /// <inheritdoc/>
    public void List(SideList list, long startedAt) => Keep(list.ReadAsync(engine, startedAt, cancellationToken));

    /// <inheritdoc/>
    public void Admit(EngineReading ended) => Keep(AdmitAsync(ended));

    /// <inheritdoc/>
    public void PostLater(TimeSpan delay, EngineMessage message) => Keep(alarm.SetAsync(delay, message, cancellationToken));

    private async Task AdmitAsync(EngineReading ended)
    {
        try
        {
            var (id, reason) = await owner.AdmitAsync(ended, cancellationToken);
            post(new EngineMessage.AdmissionDecided(id, reason, ended));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
    }

    private void Keep(Task task)
    {
        if (_started.Count >= 32)
        {
            _started.RemoveAll(started => started.IsCompleted);
        }

        _started.Add(task);
    }
}
