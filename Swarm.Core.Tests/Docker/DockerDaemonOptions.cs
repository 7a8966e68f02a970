namespace Swarm.Core.Docker;

/// <summary>What a daemon under test is to be like.</summary>
internal sealed record DockerDaemonOptions
{
    /// <summary>Gets the host name the daemon sees; two daemons with one name and one key are one engine to the library.</summary>
    public string? HostName { get; init; }

    /// <summary>Gets which engine is started.</summary>
    public EngineRelease Release { get; init; } = EngineReleases.Default;

    /// <summary>Gets the labels of the daemon, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Gets the certificates the daemon asks and shows over tcp, or <see langword="null"/> for plain tcp.</summary>
    public TestCertificates? Tls { get; init; }

    /// <summary>Gets whether the daemon has a network stack of its own, with a bridge to publish ports from and to make networks in. It is reached over its unix socket only then.</summary>
    public bool OwnNetwork { get; init; }
}
