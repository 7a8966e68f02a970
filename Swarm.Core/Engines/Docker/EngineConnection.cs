using System.Net.Sockets;

namespace Swarm.Core.Engines;

/// <summary>One socket to an engine that says when it is closed, so that its transport can close those that are left.</summary>
internal sealed class EngineConnection(Socket socket, Action<EngineConnection> closed) : NetworkStream(socket, ownsSocket: true)
{
    private volatile bool _isCutOff;

    /// <summary>Gets whether it was cut off. Closing a socket first ends what is received, so a read under way may see an orderly end that is none.</summary>
    public bool IsCutOff => _isCutOff;

    /// <summary>Closes the connection while somebody may use it.</summary>
    public void CutOff()
    {
        _isCutOff = true;
        Dispose();
    }

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
