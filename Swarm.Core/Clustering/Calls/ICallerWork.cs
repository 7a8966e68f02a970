namespace Swarm.Core.Clustering;

/// <summary>Does the work of callers: only while the cluster is started, and observed.</summary>
internal interface ICallerWork
{
    /// <summary>Does a caller's work. A stop ends it, and waits for its end.</summary>
    /// <param name="operation">What it is, for metrics and activities: a verb and a noun.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The cluster is not started.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up, or the cluster was stopped meanwhile.</exception>
    Task<T> DoAsync<T>(string operation, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Does a caller's work that gives no result.</summary>
    /// <inheritdoc cref="DoAsync{T}"/>
    Task DoAsync(string operation, Func<CancellationToken, Task> work, CancellationToken cancellationToken);
}
