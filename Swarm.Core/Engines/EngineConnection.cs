using System.Net.Sockets;

namespace Swarm.Core.Engines;

/// <summary>One socket to an engine that says when it is closed, so that its transport can close those that are left.</summary>
internal sealed class EngineConnection(Socket socket, Action<EngineConnection> closed) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>Ends the data that is sent; data goes on being received.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public void CloseSend() => Socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            closed(this);
        }
    }
}
