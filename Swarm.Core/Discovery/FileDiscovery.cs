using System.Buffers;
using System.Runtime.CompilerServices;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Discovery;

/// <summary>Finds engines in a file, which is read again at every interval: one address or pattern per line, <c>#</c> starts a comment.</summary>
/// <remarks>
/// While the file is missing, unreadable or malformed the watch fails, and the cluster keeps the last set. Replace the file by renaming a new
/// one over it: of one that is being written a part might be read. A file that cannot be read within 10 seconds, because its mount hangs for
/// example, counts as unreadable, and holds up no more than one thread of the pool; so does one that is no regular file, or larger than 4 MiB.
/// What stands in it is quoted in errors only where it looks like an address: the path may lead to a file that is none of this program's business.
/// A line in which a <c>#</c> has an <c>@</c> behind it in the same word is refused, for what stands before it may be the beginning of a password.
/// Lines follow the rules of <see cref="StaticDiscovery"/>. Safe to share.
/// </remarks>
public sealed class FileDiscovery : IDiscoveryBackend
{
    private const int MaxBytes = 4 * 1024 * 1024;
    private const int MostQuoted = 64;

    private static readonly SearchValues<char> _shownCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.[]:");
    private static readonly TimeSpan _readTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _defaultInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestInterval = TimeSpan.FromDays(1);

    private readonly string _path;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();

    // What has not come back in its time. It holds a thread up, so the next attempt waits for it instead of holding up another.
    private Task<string>? _stuck;

    /// <summary>Creates the discovery.</summary>
    /// <param name="path">The file. It need not exist yet; a relative path is resolved now.</param>
    /// <param name="interval">How often the file is read again, up to a day; <see langword="null"/> for every 5 seconds.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or <paramref name="interval"/> out of range.</exception>
    public FileDiscovery(string path, TimeSpan? interval = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _interval = interval ?? _defaultInterval;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_interval, TimeSpan.Zero, nameof(interval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_interval, _longestInterval, nameof(interval));

        // Made absolute now: the working directory may change while the cluster runs.
        _path = Path.GetFullPath(path);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Gets how the file is opened, which may block.</summary>
    internal Func<string, Stream> Open { get; init; } = RegularFile.Open;

    // A copy that goes by the clock of the host.
    internal FileDiscovery With(TimeProvider? timeProvider) => timeProvider is null ? this : new FileDiscovery(_path, _interval, timeProvider) { Open = Open };

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DiscoverySnapshot? last = null;
        while (true)
        {
            // Read whole each time, without waiting for notifications: those get lost on network mounts and when a link on the way changes
            // its target, so one would have to poll anyway. Times of modification repeat, and go back when an older file is moved into place.
            var next = await ReadAsync(cancellationToken);
            if (last is null || !last.Addresses.AsSpan().SequenceEqual(next.Addresses.AsSpan()))
            {
                last = next;
                yield return next;
            }

            await Task.Delay(_interval, _timeProvider, cancellationToken);
        }
    }

    private async Task<DiscoverySnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await ReadTextAsync(cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or TimeoutException)
        {
            throw new DiscoveryException(_path, $"The discovery file '{CleanText.Of(_path)}' cannot be read: {ExceptionText.MessageOf(error)}", error);
        }
    }

    // To open a file may block for as long as its mount hangs, or until somebody writes into a pipe.
    private async Task<string> ReadTextAsync(CancellationToken cancellationToken)
    {
        var reading = TakeStuck() ?? CallerContext.ElsewhereAsync(ReadWholeAsync, cancellationToken);
        try
        {
            return await reading.WaitAsync(_readTimeout, _timeProvider, cancellationToken);
        }
        finally
        {
            if (!reading.IsCompleted)
            {
                LeaveStuck(reading);
            }
        }
    }

    private Task<string>? TakeStuck()
    {
        lock (_gate)
        {
            return _stuck is { IsCompleted: false } stuck ? stuck : null;
        }
    }

    private void LeaveStuck(Task<string> reading)
    {
        _ = Patience.AbandonAsync(reading);
        lock (_gate)
        {
            _stuck = reading;
        }
    }

    private async Task<string> ReadWholeAsync()
    {
        await using var stream = Open(_path);

        // Counted while it is read: it may grow, and some files of the system say that they are empty.
        using var content = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (await stream.ReadAsync(piece, CancellationToken.None) is > 0 and var read)
        {
            if (Math.Max(stream.Length, content.Length + read) > MaxBytes)
            {
                throw new IOException($"it is larger than {MaxBytes} bytes.");
            }

            content.Write(piece, 0, read);
        }

        content.Position = 0;
        using var reader = new StreamReader(content);
        return reader.ReadToEnd();
    }

    private DiscoverySnapshot Parse(string content)
    {
        var line = 0;
        try
        {
            return AddressList.Read(DiscoveryFileContent.Read(content).Where(each => each.Pattern.Length > 0).Select(each =>
            {
                line = each.Number;
                return each.Pattern.Contains('#', StringComparison.Ordinal)
                    ? throw new InvalidAddressException("…", "it has a '#' within what may be a user; put a space before a comment")
                    : each.Pattern;
            }));
        }
        catch (InvalidAddressException error)
        {
            var refusal = IsShown(error.Address) && !DiscoveryFileContent.MayBePassword(content, line) ? error : new InvalidAddressException("…", AddressAdvice.WithoutQuote(error.Reason));
            throw new DiscoveryException(_path, $"Line {line} of the discovery file '{CleanText.Of(_path)}' is refused: {CleanText.Of(refusal.Message)}", refusal);
        }
    }

    // The path may lead to a file of secrets. What has a host and a port, in letters that hosts have, is no password, or a poor one.
    private static bool IsShown(string text)
    {
        var colon = text.LastIndexOf(':');
        return text.Length <= MostQuoted
            && colon > 0
            && text.Length - colon is > 1 and <= 6
            && !text.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')
            && !text.AsSpan(0, colon).ContainsAnyExcept(_shownCharacters)
            && (text.IndexOf(':') == colon || (text.IndexOf('[') is >= 0 and var open && text.IndexOf(':') > open && text.LastIndexOf(']') == colon - 1));
    }
}
