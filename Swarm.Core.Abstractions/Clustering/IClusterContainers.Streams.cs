using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

// Streams that are open when the cluster stops, or when their engine leaves it, end with an EngineUnreachableException.
public partial interface IClusterContainers
{
    /// <summary>Waits for the end of a container. The wait outlasts outages: when the engine answers again it is asked again.</summary>
    /// <param name="container">The container.</param>
    /// <param name="condition">What to wait for.</param>
    /// <param name="cancellationToken">Gives up: the only bound on the time.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed in a way that does not pass; or it could not be asked at the beginning how things are, only with <see cref="WaitCondition.NextExit"/>.</exception>
    /// <exception cref="EngineNotAdmittedException">Its engine left the cluster.</exception>
    /// <exception cref="ExitLostException">It ended and ran again, whether or not it runs still, before its engine could be asked; only with <see cref="WaitCondition.NextExit"/>.</exception>
    /// <remarks>A container that was removed while its engine could not be asked is reported as not found: how it ended is lost, also when the removal was what was waited for.</remarks>
    Task<ContainerExit> WaitAsync(string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default);

    /// <summary>Reads the log of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">Which part, and how; <see langword="null"/> for all there is.</param>
    /// <param name="cancellationToken">Gives up until it is open; it does not end it afterwards.</param>
    /// <returns>The log; dispose of it.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or cannot read this log (status 501).</exception>
    Task<IContainerOutput> OpenLogsAsync(string container, LogOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Connects to the input and outputs of a container. One that was created but not started can be attached to, to miss nothing.</summary>
    /// <param name="container">The container.</param>
    /// <param name="options">What to attach to; <see langword="null"/> for both outputs.</param>
    /// <param name="cancellationToken">Gives up until it is open; it does not end it afterwards.</param>
    /// <returns>The connection; dispose of it, which leaves the container as it is.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineUpgradeRemovedException">There is to be input, and something before its engine lets none through.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container is paused (status 409).</exception>
    Task<IContainerStreams> AttachAsync(string container, AttachOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a process in a running container and connects to it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="config">What to run.</param>
    /// <param name="cancellationToken">Gives up until it is open; it does not end it afterwards.</param>
    /// <returns>The process; dispose of it.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineUpgradeRemovedException">There is to be input, and something before its engine lets none through.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container does not run or is paused (status 409).</exception>
    /// <exception cref="InvalidRequestException">Its command is longer than the cluster allows; no engine was asked.</exception>
    Task<IContainerExec> OpenExecAsync(string container, ExecConfig config, CancellationToken cancellationToken = default);

    /// <summary>Runs a process in a running container, gives it its input, and collects its output until it ends.</summary>
    /// <param name="container">The container.</param>
    /// <param name="config">What to run.</param>
    /// <param name="input">What it reads from its input, whatever <paramref name="config"/> says of that; <see langword="null"/> for nothing. An array that is <see langword="null"/> is converted to an empty input.</param>
    /// <param name="maxOutputBytes">How many bytes of output to keep; what comes on top is dropped, and counted.</param>
    /// <param name="cancellationToken">Gives up: the only bound on the time. Engines cannot end such a process, so it may go on in the container.</param>
    /// <returns>Its exit code and output.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineUpgradeRemovedException">There is to be input, and something before its engine lets none through.</exception>
    /// <exception cref="EngineException">Its engine failed, or the container does not run or is paused (status 409); or the connection was lost before the process ended.</exception>
    /// <exception cref="InvalidRequestException">Its command is longer than the cluster allows; no engine was asked.</exception>
    Task<ExecResult> ExecAsync(string container, ExecConfig config, ReadOnlyMemory<byte>? input = null, int maxOutputBytes = RunToCompletionOptions.DefaultMaxOutputBytes, CancellationToken cancellationToken = default);

    /// <summary>Runs a command in a container that runs, and collects its output; <see cref="ExecConfig"/> can say more.</summary>
    /// <param name="container">The container.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads from its input; <see langword="null"/> for nothing.</param>
    /// <param name="maxOutputBytes">As there.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <returns>As there.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">As there.</exception>
    Task<ExecResult> ExecAsync(string container, ImmutableArray<string> command, ReadOnlyMemory<byte>? input = null, int maxOutputBytes = RunToCompletionOptions.DefaultMaxOutputBytes, CancellationToken cancellationToken = default);

    /// <summary>Reads once what a container uses. An engine takes a second or two for it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reading.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<ContainerStats> GetStatsAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Begins to read what a container uses, about once a second.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up until it is open; it does not end it afterwards.</param>
    /// <returns>The readings; dispose of them.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<IContainerStatsStream> OpenStatsAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Asks what is at a path in a container, running or not.</summary>
    /// <param name="container">The container.</param>
    /// <param name="path">The path; a symbolic link at its end is not followed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is there.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or nothing is at that path (status 404).</exception>
    Task<PathStat> StatPathAsync(string container, string path, CancellationToken cancellationToken = default);

    /// <summary>Reads a file, or a directory with all that is in it, from a container, running or not.</summary>
    /// <param name="container">The container.</param>
    /// <param name="path">The path.</param>
    /// <param name="cancellationToken">Gives up until it is open; it does not end it afterwards.</param>
    /// <returns>The archive; dispose of it. Reading it fails when nothing comes for as long as the cluster's <c>TransferIdleTimeout</c>.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, or nothing is at that path (status 404).</exception>
    Task<ContainerArchive> OpenArchiveAsync(string container, string path, CancellationToken cancellationToken = default);

    /// <summary>Writes the files of a tar archive into a directory of a container, running or not. What fails midway leaves what was written until then.</summary>
    /// <param name="container">The container.</param>
    /// <param name="path">The directory; it must exist.</param>
    /// <param name="archive">The archive, plain or compressed with gzip, bzip2 or xz. It is read to its end and not closed.</param>
    /// <param name="mayReplaceDirectories">Whether a file may take the place of a directory, and the other way round.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when all is written.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed, took nothing for as long as the cluster's <c>TransferIdleTimeout</c>, or there is no such directory (status 404).</exception>
    Task ExtractArchiveAsync(string container, string path, Stream archive, bool mayReplaceDirectories = false, CancellationToken cancellationToken = default);

    /// <summary>Reads the whole file system of a container, without its volumes.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Gives up until it is open; it does not end it afterwards.</param>
    /// <returns>The tar archive; dispose of it. Reading it fails when nothing comes for as long as the cluster's <c>TransferIdleTimeout</c>.</returns>
    /// <exception cref="ContainerNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    /// <exception cref="EngineException">Its engine failed.</exception>
    Task<Stream> ExportAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Places, creates and starts a container, waits for its end, collects its output, and removes it.</summary>
    /// <param name="config">What it is to be.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up. The container is killed and removed before the call ends, as far as that takes no longer than an ordinary call; else it goes on in the background.</param>
    /// <returns>How it ended. A container that fails is no error: look at the exit code.</returns>
    /// <exception cref="ArgumentException">There is input, and the container does not ask for <c>OpenStdin</c> and <c>StdinOnce</c>.</exception>
    /// <exception cref="ContainerNotFoundException">Somebody removed it before its end was seen.</exception>
    /// <exception cref="ExitLostException">It ended and ran again while its engine could not be asked.</exception>
    /// <exception cref="EngineUnreachableException">The connection was lost before the container had been given all its input: what it made of the rest means nothing.</exception>
    /// <exception cref="SwarmException">As in <see cref="RunAsync(ContainerConfig, CancellationToken)"/>.</exception>
    /// <remarks>The wait outlasts outages of the engine, like <see cref="WaitAsync"/>. A stop of the cluster counts as cancellation, but waits only a second for the removal, and the container stays if its engine does not answer. With a restart policy the first end counts.</remarks>
    Task<CompletedRun> RunToCompletionAsync(ContainerConfig config, RunToCompletionOptions? options = null, CancellationToken cancellationToken = default);
}
