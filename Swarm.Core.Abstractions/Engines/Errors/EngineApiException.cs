using System.Net;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine answered that it will not or cannot do what was asked.</summary>
public class EngineApiException : EngineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="statusCode">The status of its answer.</param>
    /// <param name="engineMessage">Its own words.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public EngineApiException(EngineAddress address, string operation, HttpStatusCode statusCode, string engineMessage, Exception? innerException = null)
        : this(address, operation, statusCode, engineMessage, "", innerException)
    {
    }

    private protected EngineApiException(EngineAddress address, string operation, HttpStatusCode statusCode, string engineMessage, string lead, Exception? innerException = null)
        : base(address, operation, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Cannot {CleanText.Of(operation)} on {address}: {CleanText.Of(lead)}{CleanText.Of(engineMessage)} ({(int)statusCode})."), innerException)
    {
        StatusCode = statusCode;
        EngineMessage = CleanText.Of(engineMessage);
        GivenWords = engineMessage;
    }

    /// <summary>Gets the status of the engine's answer.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>Gets the engine's own words, cleaned and cut. For people: decide by <see cref="StatusCode"/>.</summary>
    public string EngineMessage { get; }

    // What Podman calls the cause beside its words, one of a few that its program knows; null of any other engine. To decide by, not to be shown.
    internal string? Cause { get; init; }

    // The status that Podman answered with, where its cause has another; else null.
    internal HttpStatusCode? AnsweredStatus { get; init; }
}
