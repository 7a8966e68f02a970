namespace Swarm.Core.Engines;

/// <summary>What <see cref="ReadingPolicy"/> says to somebody who asks for the engine to be read.</summary>
internal enum ReadingAdvice
{
    /// <summary>Nothing is to be done: a reading will follow by itself.</summary>
    Nothing,

    /// <summary>It is to be asked again after a while.</summary>
    Wait,

    /// <summary>The reading begins now.</summary>
    Read,
}
