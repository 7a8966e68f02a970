using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Turns an address into an engine to talk to. The seam where in-memory engines take the place of real ones.</summary>
public interface IEngineConnector
{
    /// <summary>Opens an engine.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine; the caller disposes of it. It stays usable when the daemon behind it goes away and comes back.</returns>
    /// <exception cref="EngineUnreachableException">Nothing answers at the address.</exception>
    /// <exception cref="EngineException">The engine failed in another way.</exception>
    Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken);
}
