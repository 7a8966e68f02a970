using System.Runtime.CompilerServices;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>Engines listed in a file, which is read again at every interval.</summary>
/// <remarks>
/// Reads the whole file each time instead of listening for notifications: those are lost on network mounts, when a directory is mounted over,
/// and when a symbolic link on the way changes its target, so one would have to poll anyway; times of modification repeat within the clock's
/// resolution and go backwards when an older file is moved into place.
/// </remarks>
internal sealed class FileDiscovery : IDiscoveryBackend
{
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan _readTimeout = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _timeProvider;

    public FileDiscovery(string path, TimeSpan interval, TimeProvider timeProvider)
    {
        _path = path;
        _interval = interval;
        _timeProvider = timeProvider;
    }

    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DiscoverySnapshot? last = null;
        while (true)
        {
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
            return Parse(await ReadTextAsync(cancellationToken).WaitAsync(_readTimeout, _timeProvider, cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or TimeoutException)
        {
            throw new DiscoveryException(_path, $"The discovery file '{_path}' cannot be read: {error.Message}", error);
        }
    }

    private async Task<string> ReadTextAsync(CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 4096, useAsync: true);
        if (stream.Length > MaxBytes)
        {
            throw new IOException($"it is larger than {MaxBytes} bytes.");
        }

        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private DiscoverySnapshot Parse(string content)
    {
        var line = 0;
        try
        {
            return AddressList.Read(DiscoveryFileContent.Read(content).Where(each => each.Pattern.Length > 0).Select(each =>
            {
                line = each.Number;
                return each.Pattern;
            }));
        }
        catch (InvalidAddressException error)
        {
            throw new DiscoveryException(_path, $"Line {line} of the discovery file '{_path}' is refused: {error.Message}", error);
        }
    }
}
