using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Speaks to the owner of all engines for one of them.</summary>
/// <param name="owner">The owner.</param>
/// <param name="engine">The engine.</param>
internal sealed class LoopOwner(IEngineOwner owner, ManagedEngine engine) : ILoopOwner
{
    /// <inheritdoc/>
    public Task<(string? Id, string? Reason)> AdmitAsync(EngineReading reading, CancellationToken cancellationToken) => owner.AdmitAsync(engine, reading, cancellationToken);

    /// <inheritdoc/>
    public EngineOverlay ResolveOverlay(string id, string name, EngineCertificate? certificate) => owner.ResolveOverlay(engine.Address, id, name, certificate);

    /// <inheritdoc/>
    public void Report(EngineTransition transition) => owner.Report(engine, transition);

    /// <inheritdoc/>
    public void ReportWhole() => owner.ReportWhole(engine);

    /// <inheritdoc/>
    public void ReadWhole(EngineReading reading) => owner.ReadWhole(engine, reading.StartedTimestamp, reading.Unlearned, reading.HasAllOfTheCluster);

    /// <inheritdoc/>
    public ImmutableArray<string> AwaitedContainers() => owner.AwaitedContainers(engine);

    /// <inheritdoc/>
    public ImmutableArray<string> UnshownContainers(EngineReading reading) => owner.UnshownContainers(engine, reading.StartedTimestamp);

    /// <inheritdoc/>
    public void ShareFell() => owner.ShareFell();

    /// <inheritdoc/>
    public void CameAndWent(ContainerView container) => owner.CameAndWent(engine, container);
}
