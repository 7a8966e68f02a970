namespace Swarm.Core.Engines;

/// <summary>Files of a container as a tar archive. Dispose of it to close its connection.</summary>
public sealed class ContainerArchive : IAsyncDisposable
{
    /// <summary>Holds an archive.</summary>
    /// <param name="stat">What is at the path that was asked for.</param>
    /// <param name="content">The archive; disposed of with this.</param>
    public ContainerArchive(PathStat stat, Stream content)
    {
        ArgumentNullException.ThrowIfNull(stat);
        ArgumentNullException.ThrowIfNull(content);
        Stat = stat;
        Content = content;
    }

    /// <summary>Gets what is at the path that was asked for.</summary>
    public PathStat Stat { get; }

    /// <summary>Gets the archive, to be read once and in order. Reading throws <see cref="EngineException"/> when the connection breaks: a cut archive never looks like a whole one.</summary>
    public Stream Content { get; }

    /// <summary>Closes the connection.</summary>
    /// <returns>A task that ends when it is closed.</returns>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
