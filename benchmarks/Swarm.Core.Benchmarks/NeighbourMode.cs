using System.Diagnostics;
using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Benchmarks;

/// <summary>Plain creates by one caller while others ask for the most expensive that is allowed, again and again; how long one waits for its own is by the clock.</summary>
internal sealed class NeighbourMode : IMode
{
    private const int Creates = 400;
    private const string Alone = "alone";

    // One character more than any text has of them, so that every way is followed to its end.
    private static readonly string _slow = "[a-f0-9]" + string.Concat(Enumerable.Repeat("[a-f0-9]*", 26)) + "x";

    private static readonly (string Name, Func<ContainerSpec, ContainerSpec> Make)[] _mostExpensive =
    [
        ("patterns", spec => spec with { Affinities = [.. Numbers(120).Select(number => $"container!=/{_slow}{number}/")] }),
        ("images", spec => spec with { Affinities = [.. Numbers(120).Select(number => $"image!=/{_slow}{number}/")] }),
        ("literals", spec => spec with { Affinities = [.. Numbers(128).Select(number => $"container!=c{number}")] }),
        ("nodes", spec => spec with { Constraints = [.. Numbers(120).Select(number => $"region!=/{_slow}{number}/")] }),
        ("volumes", spec => spec with { VolumesFrom = [.. Numbers(64).Select(number => $"{int.Parse(number, CultureInfo.InvariantCulture) % 16:x}:{number}")] }),
        ("ports", spec => spec with { PortBindings = [.. Numbers(1024).Select(number => new PortBinding($"{number}/tcp", "", $"2{number:0000}"))] }),
        ("body", spec => spec with { Environment = [.. spec.Environment, .. Numbers(4000).Select(number => $"E{number}=" + new string('x', 240))] }),
    ];

    public string Name => "neighbour";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr(1_000)
        from fill in selection.FillsOr(15)
        from workload in selection.WorkloadsOf("W1")
        from backend in selection.BackendsOf(Backend.Canned)
        from variant in (string[])[Alone, .. _mostExpensive.Select(each => each.Name)]
        from callers in variant == Alone ? selection.CallersOr(1) : selection.CallersOr(1, 16)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines, Fill = fill, Callers = callers, Variant = variant };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var (fleet, cluster) = await bench.ClusterForAsync(cell);
        var workload = Bench.WorkloadOf(cell);
        var first = Machine.FirstPlaced(cell.Engines);
        var (hold, median, slow, slowest) = (new Samples(), new Samples(), new Samples(), new Samples());
        if (cell.Variant != Alone)
        {
            for (var batch = 0; batch < bench.Settings.Batches; batch++)
            {
                hold.Add(LeastOfPlans(cell.Variant));
            }
        }

        for (var batch = 0; batch < bench.Settings.Batches; batch++)
        {
            using var end = new CancellationTokenSource();
            var neighbours = cell.Variant == Alone ? [] : Enumerable.Range(0, cell.Callers).Select(_ => Task.Run(() => AskAsync(cell.Variant, end.Token))).ToArray();
            var latencies = await Task.Run(() => CreateAsync(first + (batch * Creates)));
            await end.CancelAsync();
            await Task.WhenAll(neighbours);
            median.Add(latencies[Creates / 2]);
            slow.Add(latencies[Creates * 99 / 100]);
            slowest.Add(latencies[^1]);
            await ClearAsync();
        }

        Figure[] holds = cell.Variant == Alone ? [] : [hold.Figure("plan", "µs")];
        return new CellResult(cell, [.. holds, median.Figure("p50", "µs"), slow.Figure("p99", "µs"), slowest.Figure("max", "µs")], bench.Settings.Batches, Creates);

        // How long one of them keeps a processor that has nothing else to do.
        double LeastOfPlans(string variant)
        {
            const int Plans = 20;
            ContainerConfig expensive = ExpensiveOf(variant);
            var least = double.MaxValue;
            for (var i = 0; i < Plans; i++)
            {
                var start = Stopwatch.GetTimestamp();
                cluster.Plan(expensive, workload.Options);
                least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            return least;
        }

        async Task<List<double>> CreateAsync(int from)
        {
            var latencies = new List<double>(Creates);
            for (var j = from; j < from + Creates; j++)
            {
                var start = Stopwatch.GetTimestamp();
                await cluster.Containers.CreateAsync(workload.Container(cell.Fill, j), workload.Options);
                latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            latencies.Sort();
            return latencies;
        }

        async Task AskAsync(string variant, CancellationToken cancellationToken)
        {
            // The neighbour's own work of writing its body is its own.
            ContainerConfig expensive = ExpensiveOf(variant);
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await cluster.Containers.TryCreateAsync(expensive, cancellationToken);
                }
                catch (Exception exception) when (exception is SwarmException or OperationCanceledException)
                {
                    // Refused, one way or the other.
                }
            }
        }

        async Task ClearAsync()
        {
            await fleet.QuietAsync();
            foreach (var container in cluster.Containers.List().Where(container => container.View.SwarmId.Length > 0))
            {
                await cluster.Containers.RemoveAsync(container.Id, force: true);
            }

            await fleet.QuietAsync();
            await Fleet.UntilAsync(() => cluster.Snapshot.Nodes.Sum(node => node.ContainerCount) == cell.Engines * cell.Fill);
        }
    }

    private static ContainerSpec ExpensiveOf(string variant) => _mostExpensive.Single(each => each.Name == variant).Make(Workload.Common(0) with { Name = null });

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture));
}
