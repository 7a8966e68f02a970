using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Scheduling;

/// <summary>One filter made ready for one placement. Whatever it throws surfaces under its name.</summary>
internal sealed class FilterStep
{
    private readonly NodeTest? _test;

    private FilterStep(IFilter filter, string name, NodeTest? test)
    {
        Filter = filter;
        Name = name;
        _test = test;
    }

    public IFilter Filter { get; }

    public string Name { get; }

    /// <summary>Gets whether the filter is one of the host program's.</summary>
    public bool IsForeign => Filter.GetType().Assembly != typeof(FilterStep).Assembly;

    public bool HasTest => _test is not null;

    /// <summary>Returns what its answers depend on beside the node; <see langword="null"/> when they are not to be remembered.</summary>
    public string? KeyOf(PlacementRequest request)
    {
        try
        {
            return (Filter as IRememberedFilter)?.KeyOf(request);
        }
        catch (Exception error)
        {
            throw Failure(Name, error);
        }
    }

    public static FilterStep Prepare(IFilter filter, string name, PlacementContext context)
    {
        try
        {
            return new FilterStep(filter, name, filter.Prepare(context));
        }
        catch (Exception error) when (error is not WorkEndedException)
        {
            throw Failure(name, error);
        }
    }

    public Rejection? Test(NodeView node)
    {
        try
        {
            return _test?.Invoke(node);
        }
        catch (Exception error) when (error is not WorkEndedException)
        {
            throw Failure(Name, error);
        }
    }

    public IReadOnlyList<string> Describe(PlacementRequest request)
    {
        try
        {
            return [.. Filter.Describe(request)];
        }
        catch (Exception error)
        {
            throw Failure(Name, error);
        }
    }

    private static PlacementPluginException Failure(string name, Exception error) => new("filter", name, error);
}
