using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The engines of a cluster.</summary>
public interface IClusterEngines
{
    /// <summary>Lists all engines discovery has named, admitted or not.</summary>
    /// <returns>The state of each, by address.</returns>
    IReadOnlyList<EngineState> List();

    /// <summary>Finds an engine by its ID, its name or its address.</summary>
    /// <param name="engine">The ID, name or address.</param>
    /// <returns>Its state.</returns>
    /// <exception cref="EngineNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">Several share the name or the ID, or the name of one is the ID of another. An address always says which.</exception>
    EngineState Get(string engine);

    /// <summary>Gets what the host program says of engines: by ID for those that took part, else by the name or address that waits for its engine.</summary>
    ImmutableSortedDictionary<string, EngineOverlay> Overlays { get; }

    /// <summary>Says something of an engine on top of what it says of itself, in place of what was said before: labels that win, taints, whether it may get new work.</summary>
    /// <param name="engine">
    /// Its ID, name or address. It need not be known yet: what is said waits for the engine, and from then on belongs to it under its ID, so that
    /// it survives reconnects and changes of address. What is said for a name or an address before an engine has it counts for every
    /// engine that comes there, until it is replaced.
    /// <para>
    /// IDs and host names are an engine's own word: what is said by ID counts for whoever gives it, and so does what is said by a host name that no engine has yet. What is said by an
    /// address, or by the host name of an engine that is there, is bound to its address, and where TLS is used to the certificate the engine has there: should an engine with its ID turn up at
    /// another address with no such certificate, nothing of it counts there, but for what keeps work away where that engine has the host name, too. What was said by ID before counts on wherever that turns up, unless it is taken back. What keeps work away from an
    /// engine wherever it turns up is to be said by its ID. <see cref="EngineOverlay.Binding"/> says it outright. So say labels that give trust by address, or bind them.
    /// </para>
    /// </param>
    /// <param name="overlay">What is said; <see cref="EngineOverlay.Empty"/> takes everything back.</param>
    /// <param name="cancellationToken">Gives up waiting; what was said counts nevertheless.</param>
    /// <returns>A task that ends when the engine's state and its node show it: no placement begun afterwards sees anything older.</returns>
    /// <exception cref="AmbiguousNameException">Several engines share the name.</exception>
    /// <exception cref="InvalidOptionsException">The options, which may say something of engines too, are wrong.</exception>
    /// <remarks>May be called before the start, and is kept over a stop. It lasts as long as the cluster object; the program keeps it, should it last longer.</remarks>
    Task SetOverlayAsync(string engine, EngineOverlay overlay, CancellationToken cancellationToken = default);

    /// <summary>Changes what is said of an engine, whatever else is said of it at the same time.</summary>
    /// <param name="engine">Its ID, name or address, as for <see cref="SetOverlayAsync"/>.</param>
    /// <param name="change">Makes the new overlay from the present one. It may be called again when somebody else was faster, and must not block.</param>
    /// <param name="cancellationToken">Gives up waiting; what was said counts nevertheless.</param>
    /// <returns>The overlay as it was set, once the engine's state and its node show it.</returns>
    /// <exception cref="AmbiguousNameException">Several engines share the name.</exception>
    /// <exception cref="InvalidOptionsException">The options, which may say something of engines too, are wrong.</exception>
    Task<EngineOverlay> UpdateOverlayAsync(string engine, Func<EngineOverlay, EngineOverlay> change, CancellationToken cancellationToken = default);

    /// <summary>Waits until the engines are as a condition wants them; looks at once, and after every change of any engine.</summary>
    /// <param name="condition">The condition on the states of all engines, by address. It must not block.</param>
    /// <param name="cancellationToken">Gives up: the only bound on the time.</param>
    /// <returns>The states that met the condition.</returns>
    Task<IReadOnlyList<EngineState>> WaitUntilAsync(Func<IReadOnlyList<EngineState>, bool> condition, CancellationToken cancellationToken = default);
}
