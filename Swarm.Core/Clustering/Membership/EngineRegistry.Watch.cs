using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Discovery;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

// What discovery says, as it comes.
internal sealed partial class EngineRegistry
{
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        for (var failures = 1; !cancellationToken.IsCancellationRequested; failures++)
        {
            try
            {
                using var given = new HostToken(cancellationToken, exception => _hostFailures?.Note(HostPart.Registration, exception));
                await foreach (var snapshot in _discovery.WatchAsync(given.Token).WithCancellation(given.Token))
                {
                    cancellationToken.ThrowIfCancellationRequested(); // the backend may not look at it
                    Receive(snapshot);
                    failures = 1;
                    _journal.Received();
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                _journal.Ended();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Discovery may be the host's own: an outage of any kind keeps the last set.
                _journal.Failed(exception);
                Post(new Message.DiscoveryFailed());
            }

            try
            {
                await Task.Delay(Backoff.Delay(failures, _timings.ShortestRetryDelay, _timings.LongestRetryDelay, _identifiers), _time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Receive(DiscoverySnapshot? set)
    {
        if (set is null || set.Addresses.Any(address => address is null))
        {
            throw new InvalidOperationException($"The discovery backend gave null for {(set is null ? "a set" : "an address")}.");
        }

        if (set.Addresses.Length > _maxEngines)
        {
            // To follow some of them would be to choose; to follow all is what the limit is there to prevent.
            throw new DiscoveryException(
                _discovery.GetType().Name,
                string.Create(CultureInfo.InvariantCulture, $"A discovery set of {set.Addresses.Length} engines is refused: {nameof(SwarmOptions.MaxDiscoveredEngines)} is {_maxEngines}."));
        }

        if (Interlocked.Exchange(ref _nextSet, set) is null)
        {
            Post(new Message.Discovered());
        }
    }
}
