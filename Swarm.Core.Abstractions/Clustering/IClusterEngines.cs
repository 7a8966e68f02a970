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
    /// <exception cref="AmbiguousNameException">Several share the name.</exception>
    EngineState Get(string engine);

    /// <summary>Waits until the engines are as a condition wants them; looks at once, and after every change of any engine.</summary>
    /// <param name="condition">The condition on the states of all engines, by address. It must not block.</param>
    /// <param name="cancellationToken">Gives up: the only bound on the time.</param>
    /// <returns>The states that met the condition.</returns>
    Task<IReadOnlyList<EngineState>> WaitUntilAsync(Func<IReadOnlyList<EngineState>, bool> condition, CancellationToken cancellationToken = default);
}
