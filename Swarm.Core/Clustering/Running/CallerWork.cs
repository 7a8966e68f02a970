using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Does the work of callers on what runs, outside their contexts, measured and with an activity.</summary>
/// <param name="cluster">The name of the cluster.</param>
/// <param name="current">What runs.</param>
/// <param name="metrics">Counts operations.</param>
/// <param name="failures">Hears of listeners that throw.</param>
/// <param name="time">The clock.</param>
internal sealed class CallerWork(string cluster, CurrentRun current, Lazy<SwarmMetrics> metrics, HostFailures failures, TimeProvider time) : ICallerWork
{
    private const string Refused = "refused";

    /// <summary>Does a caller's work on what runs. A stop ends it, and waits for its end.</summary>
    /// <inheritdoc cref="ICallerWork.DoAsync{T}"/>
    public Task<T> DoAsync<T>(string operation, Func<ClusterRun, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        CallerContext.LeaveAsync(() => ObserveAsync(operation, () => DoUnobservedAsync(work, cancellationToken)));

    /// <summary>Does a caller's work that gives no result on what runs.</summary>
    /// <inheritdoc cref="ICallerWork.DoAsync{T}"/>
    public Task DoAsync(string operation, Func<ClusterRun, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        DoAsync(
            operation,
            async (run, token) =>
            {
                await work(run, token);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<T> DoAsync<T>(string operation, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        DoAsync(operation, (_, token) => work(token), cancellationToken);

    /// <inheritdoc/>
    public Task DoAsync(string operation, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        DoAsync(operation, (_, token) => work(token), cancellationToken);

    private async Task<T> DoUnobservedAsync<T>(Func<ClusterRun, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var run = current.Running;
        run.Work.Enter();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Work.Stopping);
            return await work(run, either.Token);
        }
        catch (OperationCanceledException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw run.Work.Stopping.IsCancellationRequested
                ? new OperationCanceledException($"Cluster '{cluster}' was stopped meanwhile.", exception, run.Work.Stopping)
                : exception;
        }
        finally
        {
            run.Work.Leave();
        }
    }

    private async Task<T> ObserveAsync<T>(string operation, Func<Task<T>> work)
    {
        using var scope = SwarmActivities.StartOperation(operation, cluster, failures);
        var activity = scope.Activity;
        var started = time.GetTimestamp();
        string? errorType = null;
        try
        {
            var result = await work();
            errorType = result is CreateResult { IsCreated: false } ? Refused : null;
            if (activity is not null && ContainerOf(result) is { } container)
            {
                activity.SetText(SwarmDiagnostics.ContainerIdTag, container.Id);
                activity.SetText(SwarmDiagnostics.EngineIdTag, container.EngineId);
            }

            return result;
        }
        catch (Exception exception)
        {
            errorType = exception is PlacementException ? Refused : EngineErrorTypes.Of(exception);
            throw;
        }
        finally
        {
            metrics.Value.OperationEnded(operation, time.GetElapsedTime(started), errorType);
            if (errorType is not null)
            {
                SwarmActivities.Fail(activity, errorType);
            }
        }
    }

    private static ClusterContainer? ContainerOf<T>(T result) => result switch
    {
        CreateResult created => created.Container,
        UpdateResult updated => updated.Container,
        CompletedRun completed => completed.Container,
        ClusterContainer container => container,
        _ => null,
    };
}
