namespace Swarm.Core.Testing;

/// <summary>What clients keep open on a simulated daemon beside the event streams.</summary>
internal sealed class DaemonConnections(DaemonRuntime runtime, FaultSource chance)
{
    private readonly List<InMemoryConnection> _connections = [];

    /// <summary>Tells whether a connection is still open. Called under the lock.</summary>
    public bool IsOpen(InMemoryConnection connection) => _connections.Contains(connection);

    /// <summary>Lets go of a connection that will be answered. Called under the lock.</summary>
    public void Remove(InMemoryConnection connection) => _connections.Remove(connection);

    /// <summary>Lets chance have its way with a stream that a client over the network has opened.</summary>
    /// <returns>The stream.</returns>
    public T Befall<T>(T connection)
        where T : InMemoryConnection
    {
        switch (connection.Handle.IsLocal ? null : chance.DrawStream())
        {
            case { Fault: EngineFault.SlowStream, Delay: var delay }:
                connection.Stall = Task.Delay(delay, runtime.Time);
                break;
            case { Fault: EngineFault.BrokenStream, Delay: var after }:
                runtime.Do(() => runtime.Ring(after, _ => Break(connection, "the connection was reset")));
                break;
            default:
                break;
        }

        return connection;
    }

    /// <summary>Gets how many connections are open over the network beside the event streams.</summary>
    public int RemoteCount => runtime.Do(() => _connections.Count(connection => !connection.Handle.IsLocal));

    /// <summary>Breaks what clients keep open.</summary>
    /// <param name="reason">What happened; <see langword="null"/> when the daemon closed it.</param>
    /// <param name="evenLocal">Whether also that of the machine's own client.</param>
    public void BreakAll(string? reason, bool evenLocal) => BreakAll(reason, connection => evenLocal || !connection.Handle.IsLocal);

    public void BreakOf(InMemoryEngineHandle handle) => BreakAll("the engine was closed on this side", connection => connection.Handle == handle);

    private void BreakAll(string? reason, Predicate<InMemoryConnection> which) => runtime.Do(() =>
    {
        foreach (var connection in _connections.FindAll(which))
        {
            Break(connection, reason);
        }
    });

    private void Break(InMemoryConnection connection, string? reason)
    {
        if (_connections.Contains(connection))
        {
            runtime.Afterwards(() => connection.Break(reason));
            runtime.Afterwards(() => connection.Closed?.Invoke());
        }
    }

    /// <summary>Keeps a connection until its client closes it, it ends or it breaks. Called under the lock.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="letGo">What to do, under the lock, when it is closed.</param>
    public void Keep(InMemoryConnection connection, Action letGo)
    {
        _connections.Add(connection);
        connection.Closed = () => runtime.Do(() =>
        {
            if (_connections.Remove(connection))
            {
                letGo();
            }
        });
    }

    /// <summary>Ends a connection in an orderly way, once the lock is released. Called under the lock.</summary>
    public void EndLater(InMemoryConnection connection)
    {
        _connections.Remove(connection);
        runtime.Afterwards(connection.End);
    }
}
