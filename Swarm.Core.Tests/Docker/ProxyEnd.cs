namespace Swarm.Core.Docker;

/// <summary>What a proxy does with a connection after the bytes it let through.</summary>
internal enum ProxyEnd
{
    /// <summary>Nothing: it stays open, and silent when bytes were held back.</summary>
    KeepOpen,

    /// <summary>It is closed in good order.</summary>
    Close,

    /// <summary>It is reset.</summary>
    Reset,
}
