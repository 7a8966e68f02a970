using Microsoft.Extensions.Logging;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The token of the reading that is under way, by which it can be cut short. One loop uses it.</summary>
internal sealed class ReadingUnderWay(EngineAddress address, ILogger logger) : IDisposable
{
    private CancellationTokenSource? _reading;
    private Task _cutting = Task.CompletedTask;

    /// <summary>Begins a reading.</summary>
    /// <param name="cancellationToken">Cuts it short, too.</param>
    /// <returns>Its token.</returns>
    public CancellationToken Begin(CancellationToken cancellationToken)
    {
        _reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return _reading.Token;
    }

    /// <summary>Cuts the reading short, if there is one: what it found would not count, and an engine in trouble is not to be asked on.</summary>
    /// <returns>A task that ends when everybody was told, and never fails.</returns>
    public Task CutShort()
    {
        if (_reading is { IsCancellationRequested: false } reading)
        {
            _cutting = CutShortAsync(reading);
        }

        return _cutting;
    }

    /// <summary>Notes that the reading has ended.</summary>
    /// <returns>A task that ends when nothing is left of it, and never fails.</returns>
    public Task End()
    {
        var ended = _reading;
        _reading = null;
        return ended is null ? Task.CompletedTask : LetGoAsync(ended, _cutting);
    }

    /// <inheritdoc/>
    public void Dispose() => _reading?.Dispose();

    private async Task CutShortAsync(CancellationTokenSource reading)
    {
        try
        {
            await Cancellation.RequestAsync(reading);
        }
        catch (AggregateException exception)
        {
            // Whatever a host's own connector does when it is cancelled: the loop goes on.
            EngineLog.ReadingFailed(logger, exception, address);
        }
    }

    private static async Task LetGoAsync(CancellationTokenSource reading, Task cutting)
    {
        await cutting;
        reading.Dispose();
    }
}
