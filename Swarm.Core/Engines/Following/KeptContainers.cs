using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The containers of one reading, kept as wholly as fits: all of them at one level of detail, and the highest at which they fit, in whatever order they come.</summary>
/// <remarks>
/// What comes is counted at once, so a reading never holds more than it may and the one container that made it too much. A container that shows as it was keeps its object, so
/// that nothing downstream takes it for a change.
/// </remarks>
/// <param name="known">What was known of the engine before.</param>
internal sealed class KeptContainers(EngineState known)
{
    private readonly List<ContainerView> _containers = [];

    /// <summary>Gets what the containers so far would take whole.</summary>
    public long WantedBytes { get; private set; }

    /// <summary>Gets what those that are kept take.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Gets how much of each is kept.</summary>
    public ContainerDetail Detail { get; private set; }

    /// <summary>Takes one in.</summary>
    /// <param name="container">The container, whole.</param>
    /// <param name="allowance">What all of them may take; however little that is, what they are known by is kept.</param>
    public void Add(ContainerView container, long allowance)
    {
        WantedBytes += container.WholeBytes;
        var kept = Keep(container);
        KeptBytes += kept.KeptBytes;
        _containers.Add(kept);
        Fit(allowance);
    }

    /// <summary>Makes do with less.</summary>
    public void Fit(long allowance)
    {
        while (KeptBytes > allowance && Detail < ContainerDetail.Core)
        {
            Detail++;
            KeptBytes = 0;
            for (var index = 0; index < _containers.Count; index++)
            {
                _containers[index] = Keep(_containers[index]);
                KeptBytes += _containers[index].KeptBytes;
            }
        }
    }

    /// <summary>Returns the containers, by ID.</summary>
    public ImmutableArray<ContainerView> InOrder() => [.. _containers.OrderBy(container => container.Id, StringComparer.Ordinal)];

    private ContainerView Keep(ContainerView container)
    {
        var kept = ContainerAbridger.Abridge(container, Detail);
        return known.FindContainer(kept.Id) is { } before && !ReferenceEquals(before, kept) && ContainerViews.AreSame(before, kept) ? before : kept;
    }
}
