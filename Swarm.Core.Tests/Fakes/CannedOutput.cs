using Swarm.Core.Engines;

namespace Swarm.Core.Fakes;

/// <summary>Output that is all there.</summary>
internal sealed class CannedOutput(params OutputChunk[] chunks) : IContainerOutput
{
    private int _next;

    public bool IsTerminal => false;

    public ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult<OutputChunk?>(_next < chunks.Length ? chunks[_next++] : null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
