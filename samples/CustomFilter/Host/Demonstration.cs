using Acme.Placement;
using Swarm.Core.Clustering;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Acme.Host;

/// <summary>Places containers so that one sees what the filter refuses and what the strategy prefers, and leaves nothing behind.</summary>
internal sealed class Demonstration(ICluster cluster, TextWriter output)
{
    private readonly List<ClusterContainer> _placed = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine("Machines");
        foreach (var node in cluster.Snapshot.Nodes.OrderBy(node => node.Name, StringComparer.Ordinal))
        {
            output.WriteLine($"  {node.Name,-8} {OrDash(node.Labels.ValueOrEmpty(CheapestStrategy.NodeLabel)),5} per hour   licences: {OrDash(node.Labels.ValueOrEmpty(LicenseFilter.NodeLabel))}");
        }

        output.WriteLine();
        output.WriteLine("Containers");
        try
        {
            await PlaceAsync("site", "", cpus: 1, cancellationToken);
            await PlaceAsync("analysis-1", "matlab", cpus: 3, cancellationToken);
            await PlaceAsync("analysis-2", "matlab", cpus: 3, cancellationToken);
            await PlaceAsync("analysis-3", "matlab", cpus: 3, cancellationToken);
            await PlaceAsync("crash-test", "ansys", cpus: 1, cancellationToken);
            await PlaceAsync("film", "maya", cpus: 1, cancellationToken);
        }
        finally
        {
            // Also after an interrupt: what was placed here must not stay.
            foreach (var container in _placed)
            {
                await cluster.Containers.RemoveAsync(container.Id, force: true, cancellationToken: CancellationToken.None);
            }
        }

        output.WriteLine();
        output.WriteLine(FormattableString.Invariant($"{_placed.Count} containers removed, {cluster.Containers.List().Count} left."));
    }

    private async Task PlaceAsync(string name, string license, int cpus, CancellationToken cancellationToken)
    {
        var spec = new ContainerSpec
        {
            Name = name,
            Image = "busybox",
            Command = ["sleep", "600"],
            NanoCpus = cpus * ResourceVector.NanoCpusPerCpu,
            Labels = license.Length == 0 ? LabelSet.Empty : LabelSet.Create(KeyValuePair.Create(LicenseFilter.ContainerLabel, license)),
        };
        var result = await cluster.Containers.TryCreateAsync(spec, cancellationToken);
        if (result.IsCreated)
        {
            _placed.Add(result.Container);
            await cluster.Containers.StartAsync(result.Container.Id, cancellationToken);
        }

        output.WriteLine($"  {name,-11} {cpus} CPU  {OrDash(license),-7} -> {result.Container?.EngineName ?? "nowhere",-8} {Others(result.Placement)}".TrimEnd());
    }

    // The machines that were not taken: those that would have done, then those that would not, with the reason.
    private static string Others(PlacementResult placement) => string.Join("; ",
    [
        .. placement.Ranking.Skip(1).Select(ranked => $"{ranked.Node.Name}: less preferred"),
        .. placement.Rejections.OrderBy(refused => refused.Node.Name, StringComparer.Ordinal).Select(refused => $"{refused.Node.Name}: {refused.Rejection}"),
    ]);

    private static string OrDash(string text) => text.Length == 0 ? "-" : text;
}
