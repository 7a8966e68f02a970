using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Output that a real engine sends as the body of an answer.</summary>
internal sealed class DockerOutput : IContainerOutput
{
    private readonly HttpResponseMessage _response;
    private readonly OutputReader _reader;

    /// <summary>Creates the output.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="response">The answer; disposed of with the output.</param>
    /// <param name="stream">Its body.</param>
    /// <param name="isTerminal">Whether the output is that of a terminal.</param>
    public DockerOutput(EngineAddress address, string operation, HttpResponseMessage response, Stream stream, bool isTerminal)
    {
        _response = response;
        _reader = new OutputReader(address, operation, stream, isFramed: !isTerminal);
        IsTerminal = isTerminal;
    }

    /// <inheritdoc/>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        _response.Dispose();
    }
}
