using Swarm.Core.Clustering;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace QuickStart;

/// <summary>Shows what a cluster does, step by step, and leaves nothing behind.</summary>
internal sealed class Tour(ICluster cluster, string image, string suffix, TextWriter output)
{
    private readonly List<ClusterContainer> _placed = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        PrintEngines();
        using var events = cluster.Events.Subscribe();
        try
        {
            await PlaceAsync(cancellationToken);
            ShowImpossible();
            ShowPlan();
            await RunJobAsync(cancellationToken);
            await RunCommandAsync(cancellationToken);
        }
        finally
        {
            await CleanUpAsync();
        }

        await PrintEventsAsync(events, cancellationToken);
        PrintRemains();
    }

    private void PrintEngines()
    {
        output.WriteLine("Engines");
        var table = new Table("engine", "address", "CPUs", "memory", "labels");
        foreach (var engine in cluster.Engines.List())
        {
            var specs = engine.Specs;
            table.Add(
                engine.Name.Length == 0 ? "-" : engine.Name,
                engine.Address.ToString(),
                specs is null ? "-" : FormattableString.Invariant($"{specs.NanoCpus / (double)ResourceVector.NanoCpusPerCpu:0.#}"),
                specs is null ? "-" : FormattableString.Invariant($"{specs.MemoryBytes / (double)(1L << 30):0.#} GiB"),
                engine.Status == EngineStatus.Healthy ? string.Join(" ", Labels(specs!)) : $"{engine.Status}: {engine.Reason}");
        }

        table.Print(output);
        output.WriteLine();
    }

    private async Task PlaceAsync(CancellationToken cancellationToken)
    {
        output.WriteLine("A dozen containers, spread");
        var table = new Table("container", "needs", "constraints", "engine", "score", "the other engines");
        foreach (var spec in Specs())
        {
            var result = await cluster.Containers.TryCreateAsync(spec, cancellationToken);
            if (!result.IsCreated)
            {
                table.Add(spec.Name!, Workload.Needs(spec), Workload.Describe(spec.Constraints), "none", "-", Reasons(result.Placement));
                continue;
            }

            _placed.Add(result.Container);
            await cluster.Containers.StartAsync(result.Container.Id, cancellationToken);
            table.Add(
                spec.Name!,
                Workload.Needs(spec),
                Workload.Describe(spec.Constraints),
                result.Container.EngineName,
                FormattableString.Invariant($"{result.Placement.Score.Primary}/{result.Placement.Score.Secondary}"),
                Others(result.Placement));
        }

        table.Print(output);
        output.WriteLine("  (score: the lower the better; weight by use and health, then the number of containers)");
        output.WriteLine();
    }

    private void ShowImpossible()
    {
        output.WriteLine("One that cannot be placed: 12 CPUs in Europe");
        var plan = cluster.Plan(new ContainerSpec
        {
            Name = "render" + suffix,
            Image = image,
            NanoCpus = 12 * ResourceVector.NanoCpusPerCpu,
            Constraints = ["region==eu-*"],
        });
        foreach (var line in plan.Explain().Split('\n'))
        {
            output.WriteLine("  " + line.TrimEnd());
        }

        output.WriteLine();
    }

    private void ShowPlan()
    {
        output.WriteLine("A dry plan: where would one more cache go?");
        var plan = cluster.Plan(Specs().First(spec => spec.Name!.StartsWith("cache", StringComparison.Ordinal)) with { Name = "cache-3" + suffix });
        var rank = 1;
        foreach (var (node, score) in plan.Ranking)
        {
            output.WriteLine(FormattableString.Invariant($"  {rank++}. {node.Name} (score {score.Primary}/{score.Secondary}, {node.ContainerCount} containers)"));
        }

        foreach (var (node, rejection) in plan.Rejections)
        {
            output.WriteLine($"  -  {node.Name}: {rejection}");
        }

        output.WriteLine("  Nothing was created or reserved.");
        output.WriteLine();
    }

    private async Task RunJobAsync(CancellationToken cancellationToken)
    {
        output.WriteLine("A job: placed, fed, waited for and removed in one call");
        var job = await cluster.Containers.RunToCompletionAsync(
            new ContainerSpec
            {
                Name = "job" + suffix,
                Image = image,
                Command = ["cat"],
                OpenStdin = true,
                StdinOnce = true,
            },
            new RunToCompletionOptions { Input = "what went in came out\n"u8.ToArray() },
            cancellationToken);
        output.WriteLine($"  on {job.Container.EngineName}, exit code {job.ExitCode}: {job.Output.StandardOutput.TrimEnd()}");
        output.WriteLine();
    }

    private async Task RunCommandAsync(CancellationToken cancellationToken)
    {
        if (_placed.Count == 0)
        {
            return;
        }

        var container = _placed[0];
        output.WriteLine($"A command in {container.Name}, which runs");
        var result = await cluster.Containers.ExecAsync(container.Id, ["cat"], "so did this\n"u8.ToArray(), cancellationToken: cancellationToken);
        output.WriteLine($"  exit code {result.ExitCode}: {result.Output.StandardOutput.TrimEnd()}");
        output.WriteLine();
    }

    // Also after a failure or an interrupt: what was started here must not stay.
    private async Task CleanUpAsync()
    {
        foreach (var container in _placed)
        {
            await cluster.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true);
        }
    }

    private async Task PrintEventsAsync(IClusterEventSubscription events, CancellationToken cancellationToken)
    {
        output.WriteLine("What the events told meanwhile");
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var removed = 0;
        var shown = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        await foreach (var each in events.WithCancellation(limit.Token))
        {
            if (each is not ContainerChanged changed)
            {
                continue;
            }

            var kind = changed.Kind.ToString();
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            if (shown++ < 6)
            {
                output.WriteLine($"  {changed.Container.Name} {kind.ToLowerInvariant()} on {changed.EngineName}");
            }

            removed += changed.Kind == ContainerEventKind.Removed && _placed.Exists(container => container.Id == changed.Container.Id) ? 1 : 0;
            if (removed == _placed.Count)
            {
                break;
            }
        }

        output.WriteLine("  … in all: " + string.Join(", ", counts.Select(count => $"{count.Value} {count.Key.ToLowerInvariant()}")));
        output.WriteLine();
    }

    private void PrintRemains()
    {
        var left = cluster.Containers.List().Count(container => _placed.Exists(placed => placed.Id == container.Id));
        output.WriteLine(FormattableString.Invariant($"Cleaned up: {_placed.Count} containers removed, {left} left."));
    }

    private IEnumerable<ContainerSpec> Specs()
    {
        var nodes = cluster.Snapshot.Nodes;
        var largest = nodes.Select(node => node.Total).MaxBy(total => (total.NanoCpus, total.MemoryBytes));
        var labels = nodes.SelectMany(node => node.Labels.Keys).ToHashSet(StringComparer.Ordinal);
        return Workload.Create(image, suffix, labels).Select(spec => Workload.ScaleTo(spec, largest));
    }

    private static string Others(PlacementResult placement)
    {
        var better = placement.Ranking.Skip(1).Select(ranked => FormattableString.Invariant($"{ranked.Node.Name} {ranked.Score.Primary}/{ranked.Score.Secondary}"));
        return string.Join("; ", better.Concat([Reasons(placement)]).Where(text => text.Length > 0));
    }

    private static string Reasons(PlacementResult placement) =>
        string.Join("; ", placement.Rejections.GroupBy(each => each.Rejection.ToString(), (reason, nodes) => $"{string.Join(", ", nodes.Select(each => each.Node.Name))}: {reason}"));

    private static IEnumerable<string> Labels(EngineSpecs specs) =>
        specs.Labels.Where(label => label.Key is not ("storagedriver" or "kernelversion" or "operatingsystem" or "ostype")).Select(label => $"{label.Key}={label.Value}");
}
