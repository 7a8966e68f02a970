using Swarm.Core.Clustering;

namespace Swarm.Core.Hosting.ForeignCode;

/// <summary>One part that a host brings itself, and the ways in which it can do wrong. Where it has to do with single engines it does wrong with engine-0 only.</summary>
/// <param name="Name">What it is called in the names of tests.</param>
/// <param name="Misdeeds">The ways.</param>
internal abstract record HostPart(string Name, params Misdeed[] Misdeeds)
{
    public static readonly Misdeed[] All = Enum.GetValues<Misdeed>();

    /// <summary>Gets whether nothing can be placed while it does wrong.</summary>
    public bool StopsPlacement { get; init; }

    /// <summary>Gets whether no engine can be found while it does wrong.</summary>
    public bool StopsDiscovery { get; init; }

    /// <summary>Gets whether it is asked only when a cluster is made or started.</summary>
    public bool IsForStart { get; init; }

    /// <summary>Gets whether it is asked only when a cluster stops.</summary>
    public bool IsForStop { get; init; }

    /// <summary>Sets what makes a cluster use the part.</summary>
    public virtual void Configure(SwarmOptions options)
    {
    }

    /// <summary>Makes the part one of a cluster.</summary>
    public virtual SwarmPlugins AddTo(SwarmPlugins plugins, Mischief mischief) => plugins;

    /// <summary>Begins to listen to a cluster, where that is what the part does.</summary>
    public virtual IDisposable? Listen(string cluster, Mischief mischief) => null;
}
