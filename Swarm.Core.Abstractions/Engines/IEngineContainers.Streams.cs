namespace Swarm.Core.Engines;

public partial interface IEngineContainers
{
    /// <summary>Asks to be told when a container ends.</summary>
    /// <param name="id">The container.</param>
    /// <param name="condition">What to wait for. Give <see cref="WaitCondition.NextExit"/> before the start to miss no exit; should the start then fail, Docker never answers.</param>
    /// <param name="cancellationToken">Gives up asking; it does not end the wait afterwards.</param>
    /// <returns>The question. The engine has accepted it, so no exit from now on is missed while it lasts.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    /// <remarks>A container that is removed without having run has ended with code 0, whatever was waited for.</remarks>
    Task<IContainerWait> OpenWaitAsync(string id, WaitCondition condition, CancellationToken cancellationToken);

    /// <summary>Reads the log of a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">Which part, and how.</param>
    /// <param name="cancellationToken">Gives up until the log is open.</param>
    /// <returns>The log.</returns>
    /// <exception cref="EngineApiException">There is no such container: status 404; neither output was chosen: status 400; its logging driver cannot be read: status 501.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<IContainerOutput> OpenLogsAsync(string id, LogOptions options, CancellationToken cancellationToken);

    /// <summary>Connects to the input and outputs of a container. One that was created but not started can be attached to, to miss nothing; with one that has ended nothing happens until it is started again.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">What to attach to.</param>
    /// <param name="cancellationToken">Gives up until it is connected.</param>
    /// <returns>The connection; closing it leaves the container as it is.</returns>
    /// <exception cref="EngineApiException">There is none: status 404; it is paused: status 409.</exception>
    /// <exception cref="EngineUpgradeRemovedException">The input was asked for, and something before the engine lets none through.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<IContainerStreams> AttachAsync(string id, AttachOptions options, CancellationToken cancellationToken);

    /// <summary>Reads once what a container uses. Docker takes a second or two for it, to see how busy the processors are.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reading.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ContainerStats> GetStatsAsync(string id, CancellationToken cancellationToken);

    /// <summary>Begins to read what a container uses, again and again. Docker goes on with empty readings when it does not run.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up until the stream is open.</param>
    /// <returns>The readings.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<IContainerStatsStream> OpenStatsAsync(string id, CancellationToken cancellationToken);

    /// <summary>Asks what is at a path in a container, running or not.</summary>
    /// <param name="id">The container.</param>
    /// <param name="path">The path; a symbolic link at its end is not followed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is there.</returns>
    /// <exception cref="EngineApiException">There is no such container, or nothing at that path: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<PathStat> StatPathAsync(string id, string path, CancellationToken cancellationToken);

    /// <summary>Reads a file, or a directory with all that is in it, from a container, running or not.</summary>
    /// <param name="id">The container.</param>
    /// <param name="path">The path.</param>
    /// <param name="cancellationToken">Gives up until the archive is open.</param>
    /// <returns>The archive, whose names begin with the last part of the path.</returns>
    /// <exception cref="EngineApiException">There is no such container, or nothing at that path: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ContainerArchive> OpenArchiveAsync(string id, string path, CancellationToken cancellationToken);

    /// <summary>Writes the files of a tar archive into a directory of a container, running or not. What fails midway leaves what was written until then.</summary>
    /// <param name="id">The container.</param>
    /// <param name="path">The directory; it must exist.</param>
    /// <param name="archive">The archive, plain or compressed with gzip, bzip2 or xz. It is read to its end and not closed.</param>
    /// <param name="mayReplaceDirectories">Whether a file may take the place of a directory, and the other way round.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <exception cref="EngineApiException">There is no such container or directory: status 404; the path is no directory, or the archive is none: status 400 or 500.</exception>
    /// <exception cref="EngineException">The call failed. What reading <paramref name="archive"/> throws comes out as it is.</exception>
    Task ExtractArchiveAsync(string id, string path, Stream archive, bool mayReplaceDirectories, CancellationToken cancellationToken);

    /// <summary>Reads the whole file system of a container, without its volumes.</summary>
    /// <param name="id">The container.</param>
    /// <param name="cancellationToken">Gives up until the archive is open.</param>
    /// <returns>The tar archive, to be read once and in order; the caller disposes of it. Reading throws <see cref="EngineException"/> when the connection breaks.</returns>
    /// <exception cref="EngineApiException">There is none: status 404.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<Stream> ExportAsync(string id, CancellationToken cancellationToken);
}
