using System.Text.Json;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A question after the end of a container that a real engine has not answered yet.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="operation">What was asked of it.</param>
/// <param name="response">The answer, whose body comes with the end; disposed of with the question.</param>
/// <param name="stream">Its body.</param>
internal sealed class DockerWait(EngineAddress address, string operation, HttpResponseMessage response, Stream stream) : IContainerWait
{
    private const int AnswerLimit = 64 * 1024;

    private readonly StreamWindow _window = new(stream, 1024, AnswerLimit);
    private ContainerExit? _exit;

    /// <inheritdoc/>
    public async Task<ContainerExit> GetExitAsync(CancellationToken cancellationToken)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_window.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            while (!_window.IsAtEnd)
            {
                if (_window.IsFull)
                {
                    throw EngineBody.TooLong(address, operation, AnswerLimit);
                }

                await _window.FillAsync(cancellationToken);
            }

            return _exit ??= Read(_window.Available.Span);
        }
        catch (Exception error) when (!_window.IsClosed && DockerErrors.Translate(address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _window.DisposeAsync();
        response.Dispose();
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is not what it should be.</exception>
    internal static ContainerExit Read(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "wait answer", AnswerLimit);
        long? code = null;
        string? error = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("StatusCode"u8))
                {
                    code = reader.Int64();
                }
                else if (reader.Is("Error"u8))
                {
                    if (reader.BeginObject())
                    {
                        while (reader.NextMember())
                        {
                            if (reader.Is("Message"u8))
                            {
                                error = CleanText.Of(reader.String());
                            }
                            else
                            {
                                reader.Skip();
                            }
                        }
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        return code is { } exitCode ? new ContainerExit(exitCode, string.IsNullOrEmpty(error) ? null : error) : throw new JsonException("The wait answer has no StatusCode.");
    }
}
