namespace Swarm.Core.Model;

/// <summary>How an engine is reached.</summary>
public enum EngineScheme
{
    /// <summary>Over TCP, with or without TLS: the connector decides which.</summary>
    Tcp,

    /// <summary>Over a unix domain socket on this machine.</summary>
    Unix,

    /// <summary>Over the <c>ssh</c> command of this machine, which runs <c>docker system dial-stdio</c> on the engine's.</summary>
    Ssh,

    /// <summary>Over a named pipe of this machine, which is a Windows machine.</summary>
    NamedPipe,
}
