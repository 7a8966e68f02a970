namespace Swarm.Core.Testing;

/// <summary>The library broke one of its promises in a simulation.</summary>
internal sealed class ViolationException(string invariant, string message, Exception? innerException = null)
    : Exception($"{invariant} is violated: {message}", innerException)
{
    public string Invariant { get; } = invariant;
}
