namespace Swarm.Core.Benchmarks;

/// <summary>What came of a cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Figures">What was measured.</param>
/// <param name="Batches">How many batches each median is of.</param>
/// <param name="PerBatch">How many placements, creates or whatever is counted a batch holds.</param>
internal sealed record CellResult(Cell Cell, IReadOnlyList<Figure> Figures, int Batches, int PerBatch);
