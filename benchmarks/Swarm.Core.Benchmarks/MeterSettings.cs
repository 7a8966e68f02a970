namespace Swarm.Core.Benchmarks;

/// <summary>How often, and for how long at most, a cell is measured.</summary>
/// <param name="Batches">How many batches there are.</param>
/// <param name="Budget">How much processor time all of them may take together, and finding their size.</param>
/// <param name="Window">How long a cluster is watched that nobody uses.</param>
internal sealed record MeterSettings(int Batches, TimeSpan Budget, TimeSpan Window);
