using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A container ended and ran again before its engine could be asked, so that it is not known how it ended.</summary>
public sealed class ExitLostException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="engineId">The ID of the engine.</param>
    /// <param name="containerId">The full ID of the container.</param>
    public ExitLostException(string engineId, string containerId)
        : base($"Container {CleanText.Of(containerId)} ended and ran again before its engine {CleanText.Of(engineId)} could be asked: its exit code is not known.")
    {
        EngineId = engineId;
        ContainerId = containerId;
    }

    /// <summary>Gets the ID of the engine, as it was given.</summary>
    public string EngineId { get; }

    /// <summary>Gets the full ID of the container, as it was given.</summary>
    public string ContainerId { get; }
}
