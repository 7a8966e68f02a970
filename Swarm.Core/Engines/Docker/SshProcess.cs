using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Engines;

/// <summary>One <c>ssh</c> that runs. Disposing of it ends it, and whatever it started.</summary>
internal sealed class SshProcess : IDisposable
{
    private const int MostComplaint = 1024;

    private readonly Process _process;
    private readonly StringBuilder _complaint = new();
    private readonly Lock _lock = new();
    private readonly Task _listening;

    private SshProcess(Process process)
    {
        _process = process;
        _listening = ListenAsync(process.StandardError.BaseStream);
    }

    /// <summary>Gets what it reads.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Gets what it writes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Gets the first line of what it complained of; empty when it has not.</summary>
    public string Complaint
    {
        get
        {
            lock (_lock)
            {
                return CleanText.Of(_complaint.ToString().Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "");
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="program">The path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="EngineConnectException">It cannot be started.</exception>
    public static SshProcess Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            CreateNoWindow = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        try
        {
            return new SshProcess(Process.Start(start)!);
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException)
        {
            throw new EngineConnectException($"{program} cannot be started: {ExceptionText.MessageOf(error)}", error);
        }
    }

    /// <summary>Waits until it has ended, whoever ended it.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Says how it ended, once its output has.</summary>
    /// <param name="cancellationToken">Gives up waiting for its end; what it complained of is said all the same.</param>
    public async Task<string> DescribeEndAsync(CancellationToken cancellationToken)
    {
        var status = "";
        try
        {
            await _process.WaitForExitAsync(cancellationToken);
            await _listening.WaitAsync(cancellationToken);
            status = string.Create(CultureInfo.InvariantCulture, $" with status {_process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            // It closed its output and stays: what is known is said.
        }

        return $"ssh ended{status}: {(Complaint is { Length: > 0 } complaint ? complaint : "it said nothing")}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }

        _process.StandardInput.BaseStream.Dispose();
        _process.StandardOutput.BaseStream.Dispose();
    }

    // To its end: a program whose complaints nobody reads comes to a stop.
    private async Task ListenAsync(Stream complaints)
    {
        var buffer = new byte[512];
        try
        {
            while (await complaints.ReadAsync(buffer, CancellationToken.None) is > 0 and var read)
            {
                lock (_lock)
                {
                    if (_complaint.Length < MostComplaint)
                    {
                        _complaint.Append(Encoding.UTF8.GetString(buffer, 0, read));
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It is gone.
        }
    }
}
