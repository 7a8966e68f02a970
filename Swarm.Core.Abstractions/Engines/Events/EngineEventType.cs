namespace Swarm.Core.Engines;

/// <summary>What kind of thing an engine's event is about.</summary>
public enum EngineEventType
{
    /// <summary>Something this library does not follow.</summary>
    Other,

    /// <summary>A container.</summary>
    Container,

    /// <summary>An image.</summary>
    Image,

    /// <summary>A network.</summary>
    Network,

    /// <summary>A volume.</summary>
    Volume,

    /// <summary>The daemon itself.</summary>
    Daemon,
}
