using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Docker.DotNet;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The one place where what goes wrong on the way to an engine and back becomes one of our errors.</summary>
internal static class DockerErrors
{
    /// <summary>Turns a failure into one of our errors. Never decides by the text of a message.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="error">The failure.</param>
    /// <param name="cancellationToken">The caller's token: when it is cancelled, cancellation is what happened.</param>
    /// <returns>The error to throw instead, or <see langword="null"/> when <paramref name="error"/> is fine as it is, or a mistake in this program.</returns>
    public static Exception? Translate(EngineAddress address, string operation, Exception error, CancellationToken cancellationToken)
    {
        switch (error)
        {
            case EngineException:
                return null;
            case OperationCanceledException when cancellationToken.IsCancellationRequested:
                return new OperationCanceledException(ExceptionText.MessageOf(error), error, cancellationToken);
            case OperationCanceledException { InnerException: TimeoutException }:
                // Nothing else under a transport of ours has a timer.
                return new EngineUnreachableException(address, operation, $"no connection could be made in time{Tried(error)}", error, notSent: true);
            case AggregateException { InnerExceptions.Count: > 0 } aggregate:
                return Translate(address, operation, aggregate.InnerExceptions[0], cancellationToken);
            case DockerApiException api:
                return Refusal(address, operation, api.StatusCode, Encoding.UTF8.GetBytes(api.ResponseBody ?? ""), error);
            case JsonException:
                return new EngineProtocolException(address, operation, $"its answer is not what it should be ({ExceptionText.MessageOf(error)})", error);
            case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError }:
            case HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:
                return cancellationToken.IsCancellationRequested
                    ? new OperationCanceledException(ExceptionText.MessageOf(error), error, cancellationToken)
                    : new EngineProtocolException(address, operation, $"its answer is not proper HTTP ({ExceptionText.MessageOf(Innermost(error))})", error);
            case HttpRequestException or IOException or SocketException or AuthenticationException or ObjectDisposedException or OperationCanceledException:
                return cancellationToken.IsCancellationRequested
                    ? new OperationCanceledException(ExceptionText.MessageOf(error), error, cancellationToken)
                    : Unreachable(address, operation, error);
            default:
                return null;
        }
    }

    /// <summary>Makes the error for an answer with a status that says no.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="status">The status.</param>
    /// <param name="body">The body of the answer, or its beginning.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    /// <param name="redaction">The secrets that the engine was sent and must not be quoted with; <see langword="null"/> when there were none.</param>
    /// <returns>The error.</returns>
    public static EngineException Refusal(EngineAddress address, string operation, HttpStatusCode status, ReadOnlySpan<byte> body, Exception? innerException = null, Redaction? redaction = null) =>
        (int)status is >= 400 and <= 599
            ? OfCause(address, operation, status, TextOf(body, "cause"), Words(status, body, redaction), innerException)
            : new EngineProtocolException(address, operation, string.Create(CultureInfo.InvariantCulture, $"it answered with status {(int)status}"), innerException);

    private static EngineApiException OfCause(EngineAddress address, string operation, HttpStatusCode status, string? cause, string words, Exception? innerException) =>
        status == HttpStatusCode.InternalServerError && cause is not null
            ? new(address, operation, PodmanRefusals.StatusOf(cause), words, innerException) { Cause = cause, AnsweredStatus = status }
            : new(address, operation, status, words, innerException) { Cause = cause };

    /// <summary>Makes the error for an answer with a status that says no, the engine's own or that of what stands before it.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="response">The answer.</param>
    /// <param name="body">The body of the answer, or its beginning.</param>
    /// <param name="redaction">As above.</param>
    /// <returns>The error.</returns>
    public static EngineException Refusal(EngineAddress address, string operation, HttpResponseMessage response, ReadOnlySpan<byte> body, Redaction? redaction = null) =>
        response.RequestMessage is { } request && ForbiddenCall.Is(response, RawWords(response.StatusCode, body))
            ? new EngineCallForbiddenException(address, operation, response.StatusCode, ForbiddenCall.NameOf(request), Words(response.StatusCode, body, redaction))
            : Refusal(address, operation, response.StatusCode, body, redaction: redaction);

    /// <summary>Tells whether a pull failed because the registry wants another login, or one at all.</summary>
    /// <param name="status">The status of the engine's answer.</param>
    /// <param name="words">Its words. Engines of version 20.10 and before have nothing else: the status is 500, as for a full disk.</param>
    /// <returns>Whether it did.</returns>
    public static bool IsAccessDenied(HttpStatusCode status, string words) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || AreOfRegistry(words);

    /// <summary>Tells whether words are those of a registry that wants another login, or one at all.</summary>
    /// <param name="words">The words.</param>
    /// <returns>Whether they are.</returns>
    public static bool AreOfRegistry(string words) =>
        !ForbiddenCall.IsOfPlugin(words)
        && (words.Contains("unauthorized:", StringComparison.Ordinal)
            || words.Contains("denied:", StringComparison.Ordinal)
            || words.Contains("no basic auth credentials", StringComparison.Ordinal)
            || words.Contains("authentication required", StringComparison.Ordinal)

            // What an engine with the image store of containerd says, which Docker 29 has for its own.
            || (words.Contains("unexpected status from ", StringComparison.Ordinal) && (words.Contains(": 401 ", StringComparison.Ordinal) || words.Contains(": 403 ", StringComparison.Ordinal))));

    private static EngineUnreachableException Unreachable(EngineAddress address, string operation, Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is CertificateRefusal)
            {
                return new EngineCertificateException(address, operation, CleanText.Of(cause.Message), error);
            }
        }

        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ObjectDisposedException:
                    return new EngineUnreachableException(address, operation, "the engine was closed on this side", error, notSent: error is ObjectDisposedException);
                case EngineConnectException:
                    return new EngineUnreachableException(address, operation, $"no connection could be made ({ExceptionText.MessageOf(cause)})", error, notSent: true);
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError }:
                    return new EngineUnreachableException(address, operation, $"no connection could be made ({ExceptionText.MessageOf(Innermost(cause))})", error, notSent: true);
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return new EngineUnreachableException(address, operation, "the connection ended before the answer was complete", error);
                default:
                    continue;
            }
        }

        return new EngineUnreachableException(address, operation, $"the connection broke ({ExceptionText.MessageOf(Innermost(error))})", error);
    }

    // What was tried is known where the connection was made; that the time was over, elsewhere.
    private static string Tried(Exception error)
    {
        for (var cause = error.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is EngineConnectException)
            {
                return $" ({ExceptionText.MessageOf(cause)})";
            }
        }

        return "";
    }

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }

    /// <summary>Reads an engine's words as they came, without the tags of a page: not fit to be shown.</summary>
    /// <param name="status">The status of its answer.</param>
    /// <param name="body">The body of the answer, or its beginning.</param>
    /// <returns>The words.</returns>
    public static string RawWords(HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        var words = TextOf(body, "message") ?? Text(Encoding.UTF8.GetString(body).Trim());
        return words.Length == 0 ? status.ToString() : words;
    }

    // Secrets go before anything is cut off, or their beginnings would stay.
    private static string Words(HttpStatusCode status, ReadOnlySpan<byte> body, Redaction? redaction)
    {
        var words = RawWords(status, body);
        return redaction?.Apply(words) ?? words;
    }

    private static string Text(string body) => PageText.IsPage(body) ? PageText.Of(body) : body;

    /// <summary>Reads a text of an answer like <c>{"message":"…"}</c>; anything else gives <see langword="null"/>, for a refusal need not be well put.</summary>
    private static string? TextOf(ReadOnlySpan<byte> body, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var text)
                && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
