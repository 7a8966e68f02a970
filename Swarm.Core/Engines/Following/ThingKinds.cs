using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The kinds of what an engine holds beside containers.</summary>
internal sealed class ThingKinds(FollowingCalls calls, EngineIntake intake)
{
    public ThingKind<ImageView> Images { get; } = new(
        EngineEventType.Image,
        "list images",
        calls,
        (engine, token) => engine.Images.ListAsync(token),
        intake.Images,
        KeptSize.Of,
        (kept, uncounted) => new EngineSignal.ImagesRead(kept, uncounted),
        reading => reading.Images);

    public ThingKind<NetworkView> Networks { get; } = new(
        EngineEventType.Network,
        "list networks",
        calls,
        (engine, token) => engine.Networks.ListAsync(token),
        intake.Networks,
        KeptSize.Of,
        (kept, uncounted) => new EngineSignal.NetworksRead(kept, uncounted),
        reading => reading.Networks);

    public ThingKind<VolumeView> Volumes { get; } = new(
        EngineEventType.Volume,
        "list volumes",
        calls,
        (engine, token) => engine.Volumes.ListAsync(token),
        intake.Volumes,
        KeptSize.Of,
        (kept, uncounted) => new EngineSignal.VolumesRead(kept, uncounted),
        reading => reading.Volumes);
}
