using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Leaves out parts of a container, in one order, so that what is kept of an engine fits the memory it may take. Pure.</summary>
/// <remarks>
/// What a container is known by (its ID, name, Swarm ID and operation), its state and what it takes stay whatever happens, so that names and room go on counting. Nothing
/// is cut: a part of a text would be another text. Where even that is of a size that nobody needs, such as a name of more than 1,024 characters, it goes at last.
/// </remarks>
internal static class ContainerAbridger
{
    // Beyond these a text, in characters, or a list, in bytes, is none that anybody needs to find or count a container by.
    private const int LongestName = 1024;
    private const int LongestText = 512;
    private const int LongestList = 4096;

    private static readonly string[] _core = [SwarmLabels.Demand, ReservedLabels.Generation, SwarmLabels.Id, SwarmLabels.Operation, ReservedLabels.Owner, SwarmLabels.ReschedulePolicies];

    /// <summary>Says how much memory a container takes.</summary>
    public static ContainerView Count(ContainerView view)
    {
        var bytes = KeptSize.Of(view);
        return view with { KeptBytes = bytes, WholeBytes = bytes };
    }

    /// <summary>Leaves out what does not belong to a level of detail.</summary>
    /// <returns>The container; the same when as much is left out already.</returns>
    public static ContainerView Abridge(ContainerView view, ContainerDetail detail)
    {
        if (view.Detail >= detail)
        {
            return view;
        }

        var kept = view with { Detail = detail, Inspection = default };
        if (detail >= ContainerDetail.WithoutDetails)
        {
            var labels = detail == ContainerDetail.Core
                ? LabelSet.Create(_core.Where(key => view.Labels.TryGetValue(key, out var value) && value.Length <= LongestText).Select(key => KeyValuePair.Create(key, view.Labels[key])))
                : view.Labels.Shared(static text => text, static (key, _) => key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal));
            kept = kept with
            {
                Labels = labels,
                OmittedLabels = view.OmittedLabels + view.Labels.Count - labels.Count,
                ExposedPorts = view.UsesHostNetwork ? view.ExposedPorts : [],
                Networks = [],
            };
        }

        if (detail == ContainerDetail.Core)
        {
            kept = kept with
            {
                Names = [.. view.Names.Take(1).Where(name => name.Length <= LongestName)],
                Image = ShortOf(view.Image),
                ImageId = ShortOf(view.ImageId),
                NetworkMode = ShortOf(view.NetworkMode),
                ExposedPorts = KeptSize.OfPorts(kept.ExposedPorts) <= LongestList ? kept.ExposedPorts : [],
                PortBindings = KeptSize.OfPorts(view.PortBindings) <= LongestList ? view.PortBindings : [],
                PublishedPorts = KeptSize.OfPorts(view.PublishedPorts) <= LongestList ? view.PublishedPorts : [],
                Resources = KeptSize.Of(view.Resources.Named) <= LongestList ? view.Resources : view.Resources with { Named = NamedResources.Empty },
            };
        }

        return kept with { KeptBytes = Math.Min(view.KeptBytes, KeptSize.Of(kept)) };
    }

    private static string ShortOf(string text) => text.Length <= LongestText ? text : "";
}
