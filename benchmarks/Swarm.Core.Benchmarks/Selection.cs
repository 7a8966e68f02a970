namespace Swarm.Core.Benchmarks;

/// <summary>What of the whole grid is wanted; what is <see langword="null"/> was left to the modes.</summary>
internal sealed record Selection
{
    private static readonly int[] _sizes = [10, 100, 1_000, 10_000];
    private static readonly int[] _fills = [0, 15, 30];

    public IReadOnlyList<string>? Modes { get; init; }

    public IReadOnlyList<string>? Workloads { get; init; }

    public IReadOnlyList<string>? Backends { get; init; }

    public IReadOnlyList<int>? Engines { get; init; }

    public IReadOnlyList<int>? Fills { get; init; }

    public IReadOnlyList<int>? Pending { get; init; }

    public IReadOnlyList<int>? Callers { get; init; }

    public bool Includes(IMode mode) => Modes is null || Modes.Contains(mode.Name, StringComparer.Ordinal);

    /// <summary>Returns the workloads, of the named ones those that were selected; of all when none is named.</summary>
    public IEnumerable<Workload> WorkloadsOf(params string[] names) => Workload.All.Where(workload =>
        Workloads?.Contains(workload.Name, StringComparer.Ordinal) ?? (names.Length == 0 || names.Contains(workload.Name)));

    public IEnumerable<Backend> BackendsOf(params Backend[] usual) =>
        Backends is null ? usual : usual.Where(backend => Backends.Contains(NameOf(backend), StringComparer.Ordinal));

    public IReadOnlyList<int> EnginesOr(params int[] usual) => Engines ?? (usual.Length == 0 ? _sizes : usual);

    public IReadOnlyList<int> FillsOr(params int[] usual) => Fills ?? (usual.Length == 0 ? _fills : usual);

    public IReadOnlyList<int> PendingOr(params int[] usual) => Pending ?? usual;

    public IReadOnlyList<int> CallersOr(params int[] usual) => Callers ?? usual;

    public static string NameOf(Backend backend) => backend == Backend.Canned ? "canned" : "memory";
}
