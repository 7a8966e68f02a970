using System.Text.Json;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Vectors;

internal static class FilterVectors
{
    public static string? Check(VectorCase vector) => vector.Kind switch
    {
        "filter" => Expectation.Check(vector, () => Run(vector)),
        "new" => New(vector),
        "list" => Expectation.Same("names", vector.Expected.Texts("names"), BuiltInFilters.Classic.Select(filter => filter.Name)),
        _ => $"unknown kind {vector.Kind}",
    };

    private static string? New(VectorCase vector)
    {
        var selected = PluginSelection.Filters(BuiltInFilters.All.ToDictionary(filter => filter.Name), vector.Input.Texts("names"), out var unknown);
        return unknown.IsEmpty
            ? Expectation.Error(vector.Expected, null) ?? Expectation.Same("names", vector.Expected.Texts("names"), selected.Select(filter => filter.Name))
            : Expectation.Error(vector.Expected, "filter not supported");
    }

    private static string? Run(VectorCase vector)
    {
        var filter = BuiltInFilters.All.Single(each => each.Name == vector.Input.Text("filter"));
        var whole = VectorWorld.Request(vector.Input.GetProperty("config"), withResources: false);
        var request = vector.Input.Flag("soft") ? whole : whole.WithoutSoftRules();
        var nodes = VectorWorld.Nodes(vector.Input);

        var test = filter.Prepare(new PlacementContext(request, nodes));
        var judged = vector.Input.Items("nodes")
            .Select(node => node.Text("id"))
            .Select(id => (Id: id, Rejection: nodes.TryGet(id, out var node) ? test?.Invoke(node) : null))
            .ToList();
        var accepted = judged.Where(node => node.Rejection is null).Select(node => node.Id).ToList();
        var error = test is null || accepted.Count > 0 ? null : ErrorText(filter, request, [.. judged.Select(node => node.Rejection!.Value)]);

        return Expectation.Error(vector.Expected, error)
            ?? (error is null ? Expectation.Same("accepted", vector.Expected.Texts("accepted"), accepted) : null)
            ?? Descriptions(vector.Expected, filter, whole);
    }

    private static string? Descriptions(JsonElement wanted, IFilter filter, PlacementRequest request)
    {
        var error = filter is ExpressionFilter expressions ? expressions.ExpressionsOf(request).Error : null;
        if (wanted.Has("get_filters_error") || error is not null)
        {
            return Expectation.Same("get_filters_error", wanted.Has("get_filters_error") ? wanted.Text("get_filters_error") : null, error);
        }

        IEnumerable<string> expected = wanted.Texts("get_filters");
        IEnumerable<string> actual = filter.Describe(request);
        return wanted.Flag("get_filters_unordered")
            ? Expectation.Same("get_filters", expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal))
            : Expectation.Same("get_filters", expected, actual);
    }

    // Classic Swarm complains about the rule after which no node was left: the last one, in the order of the request, that any node failed.
    private static string ErrorText(IFilter filter, PlacementRequest request, IReadOnlyList<Rejection> rejections) => filter.Name switch
    {
        FilterNames.Health => "No healthy node available in the cluster",
        FilterNames.ContainerSlots => "No node with enough open slots available in the cluster",
        FilterNames.Dependency => $"Unable to find a node fulfilling all dependencies: {string.Join(' ', filter.Describe(request))}",
        FilterNames.Port => PortText(request, rejections),
        _ => ExpressionText(filter, request, rejections),
    };

    private static string PortText(PlacementRequest request, IReadOnlyList<Rejection> rejections)
    {
        if (request.UsesHostNetwork)
        {
            return $"unable to find a node with port {Last([.. request.ExposedPorts], rejections)} available in the Host mode";
        }

        var last = Last([.. request.PortBindings.Select(HostPort)], rejections);
        return $"unable to find a node with port {last[..last.LastIndexOf('/')]} available";

        static string HostPort(PortBinding binding) => HostPorts.NameOf(binding);
    }

    private static string ExpressionText(IFilter filter, PlacementRequest request, IReadOnlyList<Rejection> rejections)
    {
        var list = ((ExpressionFilter)filter).ExpressionsOf(request);
        return list.Error ?? $"unable to find a node that satisfies the {filter.Name} {Last([.. list.Items.Select(item => item.Condition)], rejections)}";
    }

    private static string Last(string[] rules, IReadOnlyList<Rejection> rejections) =>
        rules[rejections.Count == 0 ? 0 : rejections.Max(rejection => Array.IndexOf(rules, rejection.Subject))];
}
