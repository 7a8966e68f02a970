namespace Swarm.Core.Runtime;

/// <summary>A token to hand to code of the host's, cancelled with one of ours. What is registered on it neither holds up nor breaks what hears of ours.</summary>
/// <remarks>
/// Registrations on one token run one after another on one thread: one of the host's that blocks would keep ours from running, and one that throws
/// reaches whoever cancels, where that is a timer the whole process.
/// </remarks>
internal sealed class HostToken : IDisposable
{
#pragma warning disable CA2213 // Never disposed of, for it holds nothing: what is registered on it may still be waiting for its turn.
    private readonly CancellationTokenSource _source = new();
#pragma warning restore CA2213
    private readonly CancellationToken _ours;
    private readonly CancellationTokenRegistration _registration;
    private readonly Action<Exception>? _failed;

    /// <summary>Makes a token.</summary>
    /// <param name="ours">What it is cancelled with.</param>
    /// <param name="failed">Hears of what the host's registrations throw; <see langword="null"/> where nobody is left whom that concerns.</param>
    public HostToken(CancellationToken ours, Action<Exception>? failed = null)
    {
        _ours = ours;
        _failed = failed;
        Token = _source.Token;
        _registration = ours.UnsafeRegister(static state => _ = ((HostToken)state!).CancelAsync(), this);
    }

    /// <summary>Gets the token.</summary>
    public CancellationToken Token { get; }

    /// <summary>Lets go of the other token. If that was cancelled, so is this one by then, also when its turn had not come.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        if (_ours.IsCancellationRequested && !_source.IsCancellationRequested)
        {
            _ = CancelAsync();
        }
    }

    private async Task CancelAsync()
    {
        try
        {
            await Cancellation.RequestAsync(_source);
        }
        catch (AggregateException exception)
        {
            _failed?.Invoke(exception);
        }
    }
}
