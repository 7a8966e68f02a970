using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The engine a call was meant for is not part of the cluster any more, or not yet.</summary>
public sealed class EngineNotAdmittedException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="engineId">The ID of the engine.</param>
    /// <param name="reason">Why it cannot be used, as a clause.</param>
    public EngineNotAdmittedException(string engineId, string reason)
        : base($"Engine '{CleanText.Of(engineId)}' cannot be used: {CleanText.Of(reason)}.")
    {
        EngineId = engineId;
    }

    /// <summary>Gets the ID of the engine, as it was given.</summary>
    public string EngineId { get; }
}
