using System.Net.Sockets;

namespace Swarm.Core.Engines;

/// <summary>One socket to an engine that says when it is closed, so that its transport can close those that are left.</summary>
internal sealed class EngineConnection(Socket socket, Action<IEngineConnection> closed) : NetworkStream(socket, ownsSocket: true), IEngineConnection
{
    private volatile bool _isCutOff;

    /// <inheritdoc/>
    public Stream Stream => this;

    /// <inheritdoc/>
    public bool IsCutOff => _isCutOff;

    /// <inheritdoc/>
    public void CutOff()
    {
        _isCutOff = true;
        Dispose();
    }

    /// <inheritdoc/>
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
