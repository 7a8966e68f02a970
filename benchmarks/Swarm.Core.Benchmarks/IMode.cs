namespace Swarm.Core.Benchmarks;

/// <summary>One way of measuring, and the cells it is measured in.</summary>
internal interface IMode
{
    /// <summary>Gets the name it is selected by.</summary>
    string Name { get; }

    /// <summary>Lists its cells within what was selected.</summary>
    IEnumerable<Cell> Cells(Selection selection);

    /// <summary>Measures one.</summary>
    Task<CellResult> RunAsync(Cell cell, Bench bench);
}
