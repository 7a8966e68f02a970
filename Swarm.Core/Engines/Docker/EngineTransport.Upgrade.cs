using System.Net;
using System.Net.Security;

namespace Swarm.Core.Engines;

internal sealed partial class EngineTransport
{
    /// <summary>Sends a request that asks to go on with bytes in both directions, over a connection of its own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer and its connection; the caller disposes of it. The engine agreed if the status is 101; if it is 200, only it can send.</returns>
    /// <remarks>
    /// Which of its connections a handler uses for a request cannot be told, and closing one direction needs the very socket. So each of these
    /// requests gets a handler that makes a single connection, by the same rules as all others.
    /// </remarks>
    public async Task<EngineUpgrade> UpgradeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        IEngineConnection? connection = null;
        Stream? plain = null;
        var handler = CreateHandler();
        handler.ConnectCallback = async (_, token) =>
        {
            (connection, var opened) = await OpenStreamAsync(token);
            return opened;
        };
        handler.PlaintextStreamFilter = (context, _) =>
        {
            plain = context.PlaintextStream;
            return ValueTask.FromResult(plain);
        };
        var invoker = new HttpMessageInvoker(handler, disposeHandler: true);
        try
        {
            var response = await invoker.SendAsync(request, cancellationToken);
            try
            {
                var stream = response.StatusCode is HttpStatusCode.SwitchingProtocols or HttpStatusCode.OK ? await response.Content.ReadAsStreamAsync(cancellationToken) : Stream.Null;
                return new EngineUpgrade(invoker, response, stream, connection!, plain as SslStream);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch
        {
            invoker.Dispose();
            connection?.Dispose();
            throw;
        }
    }
}
