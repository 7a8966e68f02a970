using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A container ended and ran again before its engine could be asked, so that it is not known how it ended.</summary>
public sealed class ExitLostException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="engineId">The ID of the engine.</param>
    /// <param name="containerId">The full ID of the container.</param>
    public ExitLostException(string engineId, string containerId)
        : base($"Container {containerId} ended and ran again before its engine {engineId} could be asked: its exit code is not known.")
    {
        EngineId = engineId;
        ContainerId = containerId;
    }

    /// <summary>Gets the ID of the engine.</summary>
    public string EngineId { get; }

    /// <summary>Gets the full ID of the container.</summary>
    public string ContainerId { get; }
}
