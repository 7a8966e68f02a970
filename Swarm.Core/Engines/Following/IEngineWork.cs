using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>What the loop of an engine starts and does not wait for; what becomes of it comes back as a message.</summary>
internal interface IEngineWork
{
    /// <summary>Starts to read the engine whole; <see cref="EngineMessage.ReadingEnded"/> comes back.</summary>
    /// <param name="startedAt">The position of the loop.</param>
    /// <param name="knownSlow">The containers whose last inspection was slow.</param>
    /// <param name="plan">What is to be asked.</param>
    void Read(long startedAt, ImmutableHashSet<string> knownSlow, ReadingPlan plan);

    /// <summary>Cuts the reading that is under way short, if there is one.</summary>
    void CutReadingShort();

    /// <summary>Lets go of the reading that has ended.</summary>
    void EndReading();

    /// <summary>Starts to inspect a container; <see cref="EngineMessage.Inspected"/> comes back.</summary>
    void Inspect(string id, long startedAt);

    /// <summary>Starts to read a list; <see cref="EngineMessage.Listed"/> comes back.</summary>
    void List(SideList list, long startedAt);

    /// <summary>Asks the cluster whether the engine may take part; <see cref="EngineMessage.AdmissionDecided"/> comes back.</summary>
    void Admit(EngineReading reading);

    /// <summary>Sends a message to the loop after a time.</summary>
    void PostLater(TimeSpan delay, EngineMessage message);
}
