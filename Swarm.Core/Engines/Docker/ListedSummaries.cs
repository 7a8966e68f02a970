using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Holds what a list tells of containers while it is read. Where that is much, less of each is held: that it is there, and whose it is, counts most.</summary>
internal sealed class ListedSummaries
{
    /// <summary>How many bytes of memory they take at most before less of each is held: the containers of a large engine with a kilobyte of labels each.</summary>
    public const long MuchBytes = 32L * 1024 * 1024;

    private List<ContainerSummary> _held = [];
    private ContainerDetail _detail;

    /// <summary>Gets how many bytes of memory they take.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Takes one in.</summary>
    public void Add(ContainerSummary summary)
    {
        Hold(summary);
        while (HeldBytes > MuchBytes && _detail < ContainerDetail.Core)
        {
            _detail = _detail < ContainerDetail.WithoutDetails ? ContainerDetail.WithoutDetails : ContainerDetail.Core;
            var all = _held;
            (_held, HeldBytes) = (new List<ContainerSummary>(all.Capacity), 0);
            all.ForEach(Hold);
        }
    }

    /// <summary>Returns what is held.</summary>
    public ImmutableArray<ContainerSummary> All() => [.. _held];

    private void Hold(ContainerSummary summary)
    {
        var held = ContainerAbridger.Abridge(summary, _detail);
        _held.Add(held);
        HeldBytes += KeptSize.Of(held);
    }
}
