namespace Swarm.Core.Model;

/// <summary>How an engine is reached.</summary>
public enum EngineScheme
{
    /// <summary>Over TCP, with or without TLS: the connector decides which.</summary>
    Tcp,

    /// <summary>Over a unix domain socket on this machine.</summary>
    Unix,
}
