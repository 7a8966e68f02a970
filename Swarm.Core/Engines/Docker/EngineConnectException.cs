namespace Swarm.Core.Engines;

/// <summary>A connection to an engine could not be made. Never leaves the transport: it tells "not sent" from "sent, then broken".</summary>
internal sealed class EngineConnectException(string message, Exception? innerException = null) : IOException(message, innerException);
