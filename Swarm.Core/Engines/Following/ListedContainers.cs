using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a reading holds of the containers that were listed and not looked at yet.</summary>
internal sealed class ListedContainers
{
    private readonly Dictionary<string, ContainerView> _containers = new(StringComparer.Ordinal);

    /// <summary>Takes them in; of two with one ID the last.</summary>
    /// <param name="listed">What is kept of each by the list, and nothing more.</param>
    public ListedContainers(IEnumerable<ContainerView> listed)
    {
        foreach (var container in listed)
        {
            Remove(container.Id);
            _containers.Add(container.Id, container);
            KeptBytes += container.KeptBytes;
        }
    }

    /// <summary>Gets how many there are.</summary>
    public int Count => _containers.Count;

    /// <summary>Gets how much memory they take.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Gets their IDs.</summary>
    public IEnumerable<string> Ids => _containers.Keys;

    /// <summary>Gets a container.</summary>
    public ContainerView this[string id] => _containers[id];

    /// <summary>Lets go of one.</summary>
    public void Remove(string id)
    {
        if (_containers.Remove(id, out var container))
        {
            KeptBytes -= container.KeptBytes;
        }
    }
}
