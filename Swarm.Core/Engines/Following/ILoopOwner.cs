using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What following one engine needs from the cluster around it: <see cref="IEngineOwner"/>, for that one engine.</summary>
internal interface ILoopOwner
{
    /// <inheritdoc cref="IEngineOwner.AdmitAsync"/>
    Task<(string? Id, string? Reason)> AdmitAsync(EngineReading reading, CancellationToken cancellationToken);

    /// <inheritdoc cref="IEngineOwner.ResolveOverlay"/>
    EngineOverlay ResolveOverlay(string id, string name, EngineCertificate? certificate);

    /// <inheritdoc cref="IEngineOwner.Report"/>
    void Report(EngineTransition transition);

    /// <inheritdoc cref="IEngineOwner.ReportWhole"/>
    void ReportWhole();

    /// <summary>Takes note that the engine was read whole, and of what that reading tells of promises.</summary>
    void ReadWhole(EngineReading reading);

    /// <inheritdoc cref="IEngineOwner.AwaitedContainers"/>
    ImmutableArray<string> AwaitedContainers();

    /// <inheritdoc cref="IEngineOwner.UnshownContainers"/>
    ImmutableArray<string> UnshownContainers(EngineReading reading);

    /// <inheritdoc cref="IEngineOwner.ShareFell"/>
    void ShareFell();

    /// <inheritdoc cref="IEngineOwner.CameAndWent"/>
    void CameAndWent(ContainerView container);
}
