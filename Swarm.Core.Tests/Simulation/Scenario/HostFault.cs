namespace Swarm.Core.Testing;

/// <summary>What the host's own part of the program does wrong.</summary>
internal enum HostFault
{
    /// <summary>A filter throws.</summary>
    FilterThrows,

    /// <summary>A filter takes seconds, and blocks its thread meanwhile.</summary>
    FilterBlocks,

    /// <summary>A strategy throws.</summary>
    StrategyThrows,

    /// <summary>The logger throws.</summary>
    LoggerThrows,

    /// <summary>Who listens to the library's measurements throws.</summary>
    ListenerThrows,

    /// <summary>The watch of discovery throws, ends, or gives nothing for a while.</summary>
    DiscoveryThrows,

    /// <summary>The watch of discovery is deaf to its token and gives nothing.</summary>
    DiscoveryIsDeaf,

    /// <summary>The connector throws what it must not.</summary>
    ConnectorThrows,

    /// <summary>The connector never ends, whatever its token says.</summary>
    ConnectorIsDeaf,

    /// <summary>The events monitor throws, or ends.</summary>
    MonitorThrows,

    /// <summary>Where logins come from throws.</summary>
    CredentialsThrow,

    /// <summary>Where logins come from never ends, whatever its token says.</summary>
    CredentialsAreDeaf,
}
