using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Leaves out parts of a container, in one order, so that what is kept of an engine fits the memory it may take. Pure.</summary>
/// <remarks>
/// What a container is known by (its ID, name, Swarm ID and operation), its state and what it takes stay whatever happens, so that names and room go on counting. Nothing
/// is cut: a part of a text would be another text. Where even that is of a size that nobody needs, such as a name of more than 256 characters, it goes at last.
/// </remarks>
internal static class ContainerAbridger
{
    /// <summary>How many bytes the last of a container takes at most, with its places in look-ups and totals: about 2 KiB beyond what every container takes.</summary>
    public const int MostCoreBytes = 3584;

    // Beyond these a text, in characters, is none that anybody needs to find or count a container by. No host gives a container a longer name than that of a file.
    private const int LongestName = 256;
    private const int LongestText = 512;

    private static readonly string[] _core = [SwarmLabels.Demand, ReservedLabels.Generation, SwarmLabels.Id, SwarmLabels.Operation, ReservedLabels.Owner, SwarmLabels.ReschedulePolicies];

    // What a container takes of named resources a view has counted; of a summary that label is all that tells of it.
    private static readonly string[] _coreOfSummary = [.. _core, SwarmLabels.Resources];

    // What goes until the rest is small enough, one after the other: lists, then labels, then the image. The ID, the name, who it is in the cluster, its state and what it takes stay.
    private static readonly Func<ContainerView, ContainerView>[] _last =
    [
        static view => view with { ExposedPorts = [] },
        static view => view with { Resources = view.Resources with { Named = NamedResources.Empty } },
        static view => view with { PublishedPorts = [] },
        static view => view with { PortBindings = [] },
        static view => Without(view, SwarmLabels.ReschedulePolicies),
        static view => Without(view, ReservedLabels.Owner),
        static view => Without(view, ReservedLabels.Generation),
        static view => view with { Image = "", ImageId = "", NetworkMode = "" },
        static view => Without(view, SwarmLabels.Demand),
        static view => Without(view, SwarmLabels.Id),
        static view => Without(view, SwarmLabels.Operation), // of so many characters it is none
        static view => view with { Names = [] },
    ];

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
            var labels = Labels(view.Labels, detail, _core);
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
            };
            foreach (var leaveOut in _last)
            {
                if (KeptSize.Of(kept) <= MostCoreBytes)
                {
                    break;
                }

                kept = leaveOut(kept);
            }
        }

        return kept with { KeptBytes = Math.Min(view.KeptBytes, KeptSize.Of(kept)) };
    }

    /// <summary>Leaves out of what a list tells of a container what does not belong to a level of detail.</summary>
    /// <returns>What is left; the same where nothing goes at that level.</returns>
    public static ContainerSummary Abridge(ContainerSummary summary, ContainerDetail detail)
    {
        if (detail < ContainerDetail.WithoutDetails)
        {
            return summary;
        }

        var labels = Labels(summary.Labels, detail, _coreOfSummary);
        if (summary.Labels.ContainsKey(SwarmLabels.Resources) && !labels.ContainsKey(SwarmLabels.Resources))
        {
            labels = Without(labels, SwarmLabels.Demand); // what it takes is told whole or not at all
        }

        var kept = summary with { Status = "", Labels = labels, OmittedLabels = summary.OmittedLabels + summary.Labels.Count - labels.Count };
        return detail < ContainerDetail.Core
            ? kept
            : kept with { Names = [.. kept.Names.Take(1).Where(name => name.Length <= LongestName)], Image = ShortOf(kept.Image), ImageId = ShortOf(kept.ImageId) };
    }

    private static LabelSet Labels(LabelSet labels, ContainerDetail detail, string[] core) => detail == ContainerDetail.Core
        ? LabelSet.Create(core.Where(key => labels.TryGetValue(key, out var value) && value.Length <= LongestText).Select(key => KeyValuePair.Create(key, labels[key])))
        : labels.Shared(static text => text, static (key, _) => key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal));

    private static ContainerView Without(ContainerView view, string label)
    {
        var labels = Without(view.Labels, label);
        return view with { Labels = labels, OmittedLabels = view.OmittedLabels + view.Labels.Count - labels.Count };
    }

    private static LabelSet Without(LabelSet labels, string label) => labels.Shared(static text => text, (key, _) => key != label);

    private static string ShortOf(string text) => text.Length <= LongestText ? text : "";
}
