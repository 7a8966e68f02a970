using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Finds the container on a node that a reference means, by classic Swarm's rules.</summary>
internal static class ContainerLookup
{
    private const int ShortIdLength = 12;

    /// <summary>Finds a container. Allocates nothing.</summary>
    /// <param name="node">The node to look on.</param>
    /// <param name="reference">An ID, a short ID, a Swarm ID, a name, the node's ID or name with a container's name after a <c>/</c>, or a prefix of an ID that is unique on the node.</param>
    /// <returns>The container; <see langword="null"/> when there is none or the reference fits several.</returns>
    public static ContainerView? Find(NodeView node, string reference)
    {
        if (reference.Length == 0)
        {
            return null;
        }

        var containers = node.Containers;
        for (var i = 0; i < containers.Count; i++)
        {
            if (IsId(containers[i].Id, reference))
            {
                return containers[i];
            }
        }

        for (var i = 0; i < containers.Count; i++)
        {
            if (IsId(containers[i].SwarmId, reference))
            {
                return containers[i];
            }
        }

        return TryFindByName(node, reference, out var named) ? named : FindByPrefix(containers, reference);
    }

    // Whether any container has the name; it is found only when no other has it too.
    private static bool TryFindByName(NodeView node, string reference, out ContainerView? found)
    {
        found = null;
        var containers = node.Containers;
        for (var i = 0; i < containers.Count; i++)
        {
            if (HasName(node, containers[i], reference))
            {
                if (found is not null)
                {
                    found = null;
                    return true;
                }

                found = containers[i];
            }
        }

        return found is not null;
    }

    private static ContainerView? FindByPrefix(IReadOnlyList<ContainerView> containers, string reference)
    {
        ContainerView? found = null;
        for (var i = 0; i < containers.Count; i++)
        {
            var container = containers[i];
            if (container.Id.StartsWith(reference, StringComparison.Ordinal) || container.SwarmId.StartsWith(reference, StringComparison.Ordinal))
            {
                if (found is not null)
                {
                    return null;
                }

                found = container;
            }
        }

        return found;
    }

    private static bool IsId(string id, string reference) =>
        string.Equals(id, reference, StringComparison.Ordinal) || ShortIdOf(id).SequenceEqual(reference);

    private static ReadOnlySpan<char> ShortIdOf(string id)
    {
        var digits = id.AsSpan(id.IndexOf(':', StringComparison.Ordinal) + 1);
        return digits.Length > ShortIdLength ? digits[..ShortIdLength] : digits;
    }

    // The engine gives names with a leading slash, so an engine and a name are simply put together.
    private static bool HasName(NodeView node, ContainerView container, string reference)
    {
        foreach (var name in container.Names)
        {
            if (string.Equals(name, reference, StringComparison.Ordinal)
                || IsJoined(name, "/", reference)
                || IsJoined(reference, node.Id, name)
                || IsJoined(reference, node.Name, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsJoined(string text, string first, string second) =>
        text.Length == first.Length + second.Length
        && text.StartsWith(first, StringComparison.Ordinal)
        && text.EndsWith(second, StringComparison.Ordinal);
}
