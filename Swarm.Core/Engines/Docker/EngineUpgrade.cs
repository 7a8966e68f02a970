using System.Net.Security;

namespace Swarm.Core.Engines;

/// <summary>A connection of its own to an engine, and the answer to the request that opened it.</summary>
/// <param name="invoker">What made the connection.</param>
/// <param name="response">The answer.</param>
/// <param name="stream">What is sent and received from then on.</param>
/// <param name="connection">The connection.</param>
/// <param name="tls">The encryption, or <see langword="null"/> for none.</param>
internal sealed class EngineUpgrade(HttpMessageInvoker invoker, HttpResponseMessage response, Stream stream, IEngineConnection connection, SslStream? tls) : IDisposable
{
    /// <summary>Gets the answer.</summary>
    public HttpResponseMessage Response { get; } = response;

    /// <summary>Gets what is sent and received after the answer.</summary>
    public Stream Stream { get; } = stream;

    /// <summary>Gets whether the connection was closed together with the engine.</summary>
    public bool IsCutOff => connection.IsCutOff;

    /// <summary>Ends what is sent: with TLS by its own notice, for which the engine's side still sends and a closed socket would look like an attack; else by the socket.</summary>
    public async Task CloseSendAsync()
    {
        if (tls is null)
        {
            connection.CloseSend();
        }
        else
        {
            await tls.ShutdownAsync();
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        Response.Dispose();
        connection.Dispose();
        invoker.Dispose();
    }
}
