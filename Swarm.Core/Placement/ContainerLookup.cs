using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Finds the container on a node that a reference means, by classic Swarm's rules where the cluster made the Swarm IDs; one that somebody else claims comes after everything else.</summary>
internal static class ContainerLookup
{
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
            if (containers[i].IsSwarmIdOurs && IsId(containers[i].SwarmId, reference))
            {
                return containers[i];
            }
        }

        return TryFindByName(node, reference, out var found)
            || TryFindByClaim(containers, reference, out found)
            || TryFindByPrefix(containers, reference, out found)
            || TryFindByClaimedPrefix(containers, reference, out found)
                ? found
                : null;
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

    private static bool TryFindByClaim(IReadOnlyList<ContainerView> containers, string reference, out ContainerView? found) =>
        TryFindOne(containers, reference, static (container, reference) => !container.IsSwarmIdOurs && IsId(container.SwarmId, reference), out found);

    private static bool TryFindByPrefix(IReadOnlyList<ContainerView> containers, string reference, out ContainerView? found) => TryFindOne(
        containers,
        reference,
        static (container, reference) => container.Id.StartsWith(reference, StringComparison.Ordinal)
            || (container.IsSwarmIdOurs && container.SwarmId.StartsWith(reference, StringComparison.Ordinal)),
        out found);

    private static bool TryFindByClaimedPrefix(IReadOnlyList<ContainerView> containers, string reference, out ContainerView? found) => TryFindOne(
        containers,
        reference,
        static (container, reference) => !container.IsSwarmIdOurs && container.SwarmId.StartsWith(reference, StringComparison.Ordinal),
        out found);

    // Whether a rule fits any container; it is found only when the rule fits no other too.
    private static bool TryFindOne(IReadOnlyList<ContainerView> containers, string reference, Func<ContainerView, string, bool> fits, out ContainerView? found)
    {
        found = null;
        for (var i = 0; i < containers.Count; i++)
        {
            if (fits(containers[i], reference))
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

    private static bool IsId(string id, string reference) =>
        string.Equals(id, reference, StringComparison.Ordinal) || ShortIdOf(id).SequenceEqual(reference);

    private static ReadOnlySpan<char> ShortIdOf(string id)
    {
        var digits = id.AsSpan(id.IndexOf(':', StringComparison.Ordinal) + 1);
        return digits.Length > SwarmIdText.ShortLength ? digits[..SwarmIdText.ShortLength] : digits;
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
