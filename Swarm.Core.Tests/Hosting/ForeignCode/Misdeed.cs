namespace Swarm.Core.Hosting.ForeignCode;

/// <summary>What code of a host's may do wrong.</summary>
public enum Misdeed
{
    /// <summary>It throws at once.</summary>
    Throws,

    /// <summary>It throws after it has returned.</summary>
    ThrowsLater,

    /// <summary>It does not return.</summary>
    Blocks,

    /// <summary>It returns, but ends neither by itself nor when its token is cancelled.</summary>
    IsDeaf,
}
