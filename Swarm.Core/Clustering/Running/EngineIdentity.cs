namespace Swarm.Core.Clustering;

/// <summary>By what the engines of a cluster are told apart.</summary>
public enum EngineIdentity
{
    /// <summary>By the ID that the daemon gives: one daemon under two addresses is one engine, and another daemon behind a known address is another engine.</summary>
    Daemon,

    /// <summary>By the address alone, as the host vouches for it: each address is an engine of its own, whatever ID its daemon gives. For machines made from one template, whose daemons share an ID and a host name.</summary>
    Address,
}
