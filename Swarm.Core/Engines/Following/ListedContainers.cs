using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a reading holds of the containers that were listed and not looked at yet.</summary>
internal sealed class ListedContainers
{
    private readonly Dictionary<string, (ContainerView Container, ListEntry? Entry)> _containers = new(StringComparer.Ordinal);

    /// <summary>Takes them in; of two with one ID the last.</summary>
    /// <param name="listed">What is kept of each by the list, and nothing more, and what can be held against a later list.</param>
    public ListedContainers(IEnumerable<(ContainerView Container, ListEntry? Entry)> listed)
    {
        foreach (var (container, entry) in listed)
        {
            Remove(container.Id);
            _containers.Add(container.Id, (container, entry));
            KeptBytes += container.KeptBytes;
        }
    }

    /// <summary>Gets how much memory they take.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Gets their IDs.</summary>
    public IEnumerable<string> Ids => _containers.Keys;

    /// <summary>Gets a container.</summary>
    public ContainerView this[string id] => _containers[id].Container;

    /// <summary>Gets what can be held against a later list; <see langword="null"/> where that is not wholly known.</summary>
    public ListEntry? EntryOf(string id) => _containers[id].Entry;

    /// <summary>Lets go of one.</summary>
    public void Remove(string id)
    {
        if (_containers.Remove(id, out var listed))
        {
            KeptBytes -= listed.Container.KeptBytes;
        }
    }
}
