namespace Swarm.Core.Engines;

/// <summary>A connection to the input and the outputs of a process. Reading and writing may overlap; one reader and one writer at a time.</summary>
/// <remarks>
/// The protocol does not mark the end: when the connection to the engine is lost in an orderly way, for example because the daemon was stopped, that looks
/// like the end of the output. Whoever needs to know asks afterwards whether the process ended. Write and read at the same time: a process that waits for
/// its output to be taken does not take input.
/// </remarks>
public interface IContainerStreams : IContainerOutput
{
    /// <summary>Writes to the input of the process.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="cancellationToken">Gives up. It is not known then how much was written, and nothing more can be written; the memory is the caller's again.</param>
    /// <returns>A task that ends when the bytes are on their way.</returns>
    /// <exception cref="EngineException">The connection broke, which it also does when the process ended.</exception>
    /// <exception cref="InvalidOperationException">The input was closed, the connection has none, or a write was given up.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Closes the input: the process reads the end of file there. Its outputs stay open. Closing it again does nothing.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the engine was told.</returns>
    /// <exception cref="EngineException">The connection broke.</exception>
    /// <exception cref="InvalidOperationException">The connection has no input.</exception>
    /// <remarks>
    /// The input of a container ends with this only if the container was created with <c>StdinOnce</c>; that of one without stays open for the
    /// next to attach, and the engine ends this connection instead.
    /// </remarks>
    ValueTask CloseInputAsync(CancellationToken cancellationToken);
}
