namespace Swarm.Core.Engines;

/// <summary>What a process writes, as it comes. Nothing is read ahead beyond a small buffer, so a reader that pauses makes the process wait. Read by one reader at a time; dispose of it to close its connection.</summary>
/// <remarks>See <see cref="ContainerOutputExtensions"/> for reading it as chunks, lines, into streams or as a whole.</remarks>
public interface IContainerOutput : IAsyncDisposable
{
    /// <summary>Gets whether the process has a terminal: then its two outputs are one, and lines end in <c>\r\n</c>.</summary>
    bool IsTerminal { get; }

    /// <summary>Waits for the next piece.</summary>
    /// <param name="cancellationToken">Stops waiting; nothing is lost, and the next call goes on where this one stopped.</param>
    /// <returns>The piece, or <see langword="null"/> at the end.</returns>
    /// <exception cref="EngineException">The connection broke, the output ended within a piece, or the engine reported an error in its place.</exception>
    /// <exception cref="ObjectDisposedException">The caller has disposed of the output.</exception>
    ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken);
}
