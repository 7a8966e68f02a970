using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Something an engine's loop learned. The nested types say what; <see cref="EngineReducer"/> says what follows.</summary>
/// <remarks>Positions count the messages of the engine's inbox, so that an answer can be told from news that came while it was under way.</remarks>
internal abstract record EngineSignal
{
    /// <summary>The engine described itself, and showed a certificate. What is said of certificates that expire soon is empty when none does, and so is what is not allowed when all is.</summary>
    public sealed record Described(EngineSpecs Specs, EngineCertificate? Certificate = null, EngineCertificate? ClientCertificate = null, string Expiring = "", string Forbidden = "") : EngineSignal;

    /// <summary>The cluster accepted the engine under an ID.</summary>
    public sealed record Admitted(string Id) : EngineSignal;

    /// <summary>The cluster keeps the engine waiting.</summary>
    public sealed record Held(string Reason) : EngineSignal;

    /// <summary>The engine answers and its state was read.</summary>
    public sealed record Recovered : EngineSignal;

    /// <summary>The engine could not be reached or did not answer.</summary>
    public sealed record Failed(string Reason) : EngineSignal;

    /// <summary>Discovery names the engine, or no longer does.</summary>
    public sealed record Discovery(bool IsDiscovered) : EngineSignal;

    /// <summary>The host program says something of the engine.</summary>
    public sealed record Overlaid(EngineOverlay Overlay) : EngineSignal;

    /// <summary>The engine left the cluster.</summary>
    public sealed record Left : EngineSignal;

    /// <summary>All containers were read; what is not among them is gone, but for those beyond what is followed. The reading started at a position.</summary>
    public sealed record ContainersRead(ImmutableArray<ContainerView> Containers, long StartedAt, int Uncounted = 0) : EngineSignal;

    /// <summary>One container was read. A new one is not followed where there are as many already as may be.</summary>
    public sealed record ContainerRead(ContainerView Container, long StartedAt, int MostContainers = int.MaxValue) : EngineSignal;

    /// <summary>One container is gone: by an event, or because the engine said so when asked.</summary>
    public sealed record ContainerGone(string Id, long At) : EngineSignal;

    /// <summary>The images were read.</summary>
    public sealed record ImagesRead(ImmutableArray<ImageView> Images, int Uncounted = 0) : EngineSignal;

    /// <summary>The networks were read.</summary>
    public sealed record NetworksRead(ImmutableArray<NetworkView> Networks, int Uncounted = 0) : EngineSignal;

    /// <summary>Some kinds of things beside containers could not be listed: what is shown of them is old. Empty when all could.</summary>
    public sealed record Unlisted(string What) : EngineSignal;

    /// <summary>More has happened since the last list than is to be remembered: answers to what was asked before a position count no more.</summary>
    public sealed record TouchedForgotten(long At) : EngineSignal;

    /// <summary>What is kept of the engine is to take no more than so many bytes: what does not fit is left out.</summary>
    public sealed record Fitted(long Allowance) : EngineSignal;

    /// <summary>The volumes were read.</summary>
    public sealed record VolumesRead(ImmutableArray<VolumeView> Volumes, int Uncounted = 0) : EngineSignal;
}
