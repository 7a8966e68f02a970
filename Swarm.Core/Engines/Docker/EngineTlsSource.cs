using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The certificates of one <see cref="EngineTlsOptions"/> as they are now: from files that may change, or from the host. What cannot be used changes nothing. Safe for concurrent use.</summary>
internal sealed partial class EngineTlsSource
{
    /// <summary>How long certificates are used without looking whether there are others.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection waits for others than those there are.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _name;
    private readonly EngineTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private EngineTlsCredentials? _current;
    private string _stamp = "";
    private string _trouble = "";
    private long _lookedAt;
    private Task? _look;
    private bool _isLate;

    private EngineTlsSource(string name, EngineTlsOptions options, TimeProvider time, ILogger logger)
    {
        _name = name;
        _options = options;
        _time = time;
        _logger = logger;
        _lookedAt = time.GetTimestamp();
    }

    private bool MayChange => _options.CertificateSource is not null || _options.ClientCertificatePath is not null || _options.CertificateAuthorityPath is not null;

    /// <summary>Reads the certificates for the first time; those that the host gives are asked for when they are needed.</summary>
    /// <param name="options">Where they are. What is changed there later has no effect.</param>
    /// <param name="name">The option, for the log.</param>
    /// <param name="time">The clock; <see langword="null"/> for the machine's.</param>
    /// <param name="logger">Where to tell what cannot be used; <see langword="null"/> for nowhere.</param>
    /// <exception cref="ArgumentException">They cannot be loaded.</exception>
    public static EngineTlsSource Load(EngineTlsOptions options, string name = "", TimeProvider? time = null, ILogger? logger = null)
    {
        var source = new EngineTlsSource(name, options.Copy(), time ?? TimeProvider.System, logger ?? NullLogger.Instance);
        if (options.CertificateSource is null)
        {
            (source._current, source._stamp) = EngineTlsCredentials.Load(source._options);
        }

        return source;
    }

    /// <summary>Returns the certificates for a new connection.</summary>
    /// <exception cref="EngineConnectException">The host gives none, and never gave any.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<EngineTlsCredentials> GetAsync(CancellationToken cancellationToken)
    {
        if (!MayChange)
        {
            return _current!;
        }

        Task look;
        lock (_lock)
        {
            if (_look is null)
            {
                if (_current is not null && _time.GetElapsedTime(_lookedAt) < Freshness)
                {
                    return _current;
                }

                // On another thread: files may be far away, and code of the host may block.
                _isLate = false;
                _look = CallerContext.ElsewhereAsync(LookAsync, CancellationToken.None);
            }
            else if (_isLate && _current is not null)
            {
                return _current;
            }

            look = _look;
        }

        try
        {
            await look.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            NoteLate();
        }

        lock (_lock)
        {
            return _current ?? throw new EngineConnectException(_trouble);
        }
    }

    private void NoteLate()
    {
        lock (_lock)
        {
            if (_look is null || _isLate)
            {
                return;
            }

            _isLate = true;
        }

        Complain($"they have not come within {Patience}");
    }

    private async Task<bool> LookAsync()
    {
        var before = Volatile.Read(ref _current);
        try
        {
            var (fresh, stamp) = await ReadAsync();
            if (fresh is not null)
            {
                lock (_lock)
                {
                    (_current, _stamp, _trouble) = (fresh, stamp, "");
                }

                if (before is not null)
                {
                    Log.Changed(_logger, _name);
                }
            }
        }
        catch (Exception exception)
        {
            Complain(ExceptionText.MessageOf(exception), exception);
        }
        finally
        {
            lock (_lock)
            {
                _lookedAt = _time.GetTimestamp();
                _look = null;
            }
        }

        return true;
    }

    // Nothing when they are what they were; also when they are as bad as they were.
    private async Task<(EngineTlsCredentials? Fresh, string Stamp)> ReadAsync()
    {
        if (_options.CertificateSource is not { } ask)
        {
            var files = EngineTlsFiles.Read(_options);
            return files.Stamp == _stamp ? (null, _stamp) : (EngineTlsCredentials.Create(_options, files), files.Stamp);
        }

        using var limit = new CancellationTokenSource(Patience, _time);
        var given = await ask(limit.Token) ?? throw new InvalidOperationException($"{nameof(EngineTlsOptions.CertificateSource)} gave nothing.");
        var stamp = string.Join(':', new[] { given.ClientCertificate }.Concat(given.CertificateAuthorities ?? []).Select(each => each?.Thumbprint));
        return stamp == _stamp && _current is not null ? (null, stamp) : (EngineTlsCredentials.Create(_options, given), stamp);
    }

    // Said once, not for every connection.
    private void Complain(string why, Exception? exception = null)
    {
        lock (_lock)
        {
            if (_trouble == why)
            {
                return;
            }

            _trouble = why;
        }

        Log.NotRead(_logger, exception, _name, why);
    }

    private static partial class Log
    {
        [LoggerMessage(330, LogLevel.Warning, "The certificates of {Option} could not be read anew: {Reason}; those there are go on being used.", EventName = "CertificatesNotRead")]
        public static partial void NotRead(ILogger logger, Exception? exception, string option, string reason);

        [LoggerMessage(331, LogLevel.Information, "The certificates of {Option} have changed; new connections use them.", EventName = "CertificatesRead")]
        public static partial void Changed(ILogger logger, string option);
    }
}
