using System.Globalization;
using System.Text;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Opens connections to one engine through <c>ssh</c>, a process for each and no more than some at a time.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="options">How to connect.</param>
/// <param name="rules">Where connections may go.</param>
/// <param name="time">The clock.</param>
internal sealed class SshDialer(EngineAddress address, EngineConnectionOptions options, ConnectionRules rules, TimeProvider time)
{
    /// <summary>How many processes one engine may have.</summary>
    public const int MaxProcesses = 16;

    private const int MostHeaders = 16 * 1024;

    // A daemon answers this without a body, whatever its version makes of it.
    private static readonly byte[] _question = "HEAD /_ping HTTP/1.1\r\nHost: engine\r\n\r\n"u8.ToArray();

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly AsyncSemaphore _places = new(MaxProcesses);
    private readonly string _program = options.SshPath;
    private readonly TimeSpan _connectTimeout = options.ConnectTimeout;
    private int _running;

    /// <summary>Gets how many processes there are.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Opens a connection, over which an engine has answered.</summary>
    /// <param name="closed">Is told when it is closed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineConnectException">There is none, or there may be none; or it was given up, and what ssh said is known.</exception>
    public async Task<PipedConnection> DialAsync(Action<IEngineConnection> closed, CancellationToken cancellationToken)
    {
        if (rules.ObjectionToSsh(address.Host) is { } objection)
        {
            throw new EngineConnectException(objection);
        }

        var program = SshCommand.Find(_program, Environment.GetEnvironmentVariable("PATH")) ?? throw new EngineConnectException($"there is no program '{_program}', which ssh:// needs");
        var process = await StartAsync(program, cancellationToken);
        try
        {
            await ProveAsync(process, cancellationToken);
            return new PipedConnection(process.Output, process.Input, process.Input.Dispose, process.Dispose, closed);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private async Task<SshProcess> StartAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            await _places.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException error)
        {
            throw new EngineConnectException(string.Create(CultureInfo.InvariantCulture, $"there are {MaxProcesses} ssh processes for it already"), error);
        }

        try
        {
            var process = SshProcess.Start(program, SshCommand.Arguments(address, _connectTimeout));
            Interlocked.Increment(ref _running);
            _ = ReleaseAsync(process);
            return process;
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    // The place is free when the process is gone, not when it was told to go.
    private async Task ReleaseAsync(SshProcess process)
    {
        await process.EndAsync(CancellationToken.None);
        Interlocked.Decrement(ref _running);
        _places.Release();
    }

    // A process that runs is no connection yet. Whatever goes wrong until an engine has answered, nothing was sent that could have done anything.
    private async Task ProveAsync(SshProcess process, CancellationToken cancellationToken)
    {
        var headers = new byte[MostHeaders];
        var length = 0;
        try
        {
            await process.Input.WriteAsync(_question, cancellationToken);
            await process.Input.FlushAsync(cancellationToken);
            while (!headers.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                var read = length < headers.Length ? await process.Output.ReadAsync(headers.AsMemory(length), cancellationToken) : 0;
                if (read == 0)
                {
                    throw new EngineConnectException(await DescribeAsync(process));
                }

                length += read;
            }
        }
        catch (OperationCanceledException error)
        {
            throw new EngineConnectException(process.Complaint is { Length: > 0 } complaint ? $"ssh says: {complaint}" : "no answer through ssh", error);
        }
        catch (IOException error) when (error is not EngineConnectException)
        {
            throw new EngineConnectException(await DescribeAsync(process), error);
        }

        if (!headers.AsSpan(0, length).StartsWith("HTTP/1."u8))
        {
            throw new EngineConnectException($"what answers through ssh is no engine: '{CleanText.Of(Encoding.UTF8.GetString(headers, 0, length))}'");
        }
    }

    private async Task<string> DescribeAsync(SshProcess process)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        return await process.DescribeEndAsync(limit.Token);
    }
}
