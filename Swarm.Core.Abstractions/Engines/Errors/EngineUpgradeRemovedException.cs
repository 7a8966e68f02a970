using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Something before the engine, such as a proxy, removed the wish to go on in both directions, so a process gets no input through it.</summary>
/// <remarks>
/// Only where input is asked for: output alone needs no such connection. HAProxy from 2.4 on removes the wish of requests with a body, and nginx removes it unless
/// it is told to pass it on. A process that was being started runs, and reads the end of its input.
/// </remarks>
public sealed class EngineUpgradeRemovedException : EngineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    public EngineUpgradeRemovedException(EngineAddress address, string operation)
        : base(address, operation, $"Cannot {CleanText.Of(operation)} on {address}: something before the engine, such as a proxy, removed the upgrade of the connection, without which a process gets no input.", innerException: null)
    {
    }
}
