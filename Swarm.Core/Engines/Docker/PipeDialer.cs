using System.IO.Pipes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Opens connections to one engine over a named pipe of this machine, which must be a Windows machine.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="rules">Where connections may go.</param>
internal sealed class PipeDialer(EngineAddress address, ConnectionRules rules)
{
    private const string Folder = "//./pipe/";

    /// <summary>Opens a connection.</summary>
    /// <param name="closed">Is told when it is closed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineConnectException">There may be none.</exception>
    /// <exception cref="IOException">There is none.</exception>
    public async Task<PipedConnection> DialAsync(Action<IEngineConnection> closed, CancellationToken cancellationToken)
    {
        if (rules.ObjectionToUnix("named pipes") is { } objection)
        {
            throw new EngineConnectException(objection);
        }

        if (!OperatingSystem.IsWindows())
        {
            throw new EngineConnectException("named pipes are there on Windows only; give unix:///path here");
        }

        var pipe = new NamedPipeClientStream(".", address.Path[Folder.Length..], PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(cancellationToken);
            return new PipedConnection(pipe, pipe, static () => throw new IOException("over a named pipe the input cannot be ended by itself"), pipe.Dispose, closed);
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }
}
