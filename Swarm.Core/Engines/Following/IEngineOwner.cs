using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What an engine's loop needs from the cluster around it.</summary>
internal interface IEngineOwner
{
    /// <summary>Decides whether an engine may take part, and under which ID. Asked each time the engine was read whole: who an engine is may turn out later.</summary>
    /// <returns>The ID, or the reason to wait.</returns>
    Task<(string? Id, string? Reason)> AdmitAsync(ManagedEngine engine, EngineReading reading, CancellationToken cancellationToken);

    /// <summary>Gives a number that is higher than all before, whichever engine asked: what came before what.</summary>
    long NextMoment();

    /// <summary>Finds what the host program says of an engine. With an ID, what is found becomes the engine's own.</summary>
    EngineOverlay ResolveOverlay(EngineAddress address, string id, string name, EngineCertificate? certificate);

    /// <summary>Takes note of a change. Called by the engine's loop only, one change at a time, in order.</summary>
    void Report(ManagedEngine engine, EngineTransition transition);

    /// <summary>Takes the engine's whole state, whatever was made of the changes before it: some may have got lost.</summary>
    void ReportWhole(ManagedEngine engine);

    /// <summary>Takes note that the engine was read whole, from a moment on: what it does not hold now did not exist then.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="startedTimestamp">The moment.</param>
    /// <param name="unread">The containers that were not read, in order: they are shown as they were known before.</param>
    /// <param name="isComplete">Whether every container that the cluster made is shown; see <see cref="EngineReading.HasAllOfTheCluster"/>.</param>
    void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread, bool isComplete);

    /// <summary>Lists the containers of an engine of which somebody waits to see what became of a change: a reading is to look at them.</summary>
    ImmutableArray<string> AwaitedContainers(ManagedEngine engine);

    /// <summary>Lists the containers of an engine to which something is promised, from before a moment, that its state does not show. Where its list was cut, only an inspection tells whether they are there.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="startedTimestamp">The moment from which on the engine was read.</param>
    ImmutableArray<string> UnshownContainers(ManagedEngine engine, long startedTimestamp);

    /// <summary>Takes note that every engine may take less memory now than before. Called by any of them, also beside its loop.</summary>
    void ShareFell();

    /// <summary>Takes note of a container that came and went without having been seen; it is what the engine's event told of it.</summary>
    void CameAndWent(ManagedEngine engine, ContainerView container);
}
