using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Makes of calls that give no result such that give one, for those who handle both alike.</summary>
internal static class NoResult
{
    /// <summary>Makes a call give a result that says nothing.</summary>
    public static Func<IEngine, CancellationToken, Task<bool>> Of(Func<IEngine, CancellationToken, Task> call) => async (engine, token) =>
    {
        await call(engine, token);
        return true;
    };
}
