using System.Text.Json;
using System.Text.Encodings.Web;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Keeps the secrets of one request out of what is said about it: engines may repeat in an error what they were sent.</summary>
/// <remarks>
/// Secret are the values of environment entries. A whole entry is always found; a value by itself only from
/// <see cref="ShortestValue"/> characters on, because shorter ones (<c>true</c>, <c>8080</c>) are words and ports that errors need.
/// Found are also the usual escaped spellings, and what a cut at the end of a text has left of a secret.
/// </remarks>
internal sealed class Redaction
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mark = "[redacted]";

    /// <summary>The fewest characters of a value that is looked for without its name.</summary>
    public const int ShortestValue = 6;

    private const char Ellipsis = '…'; // what is cut off ends with it, or with it and how much is left out

    // Longest first: a secret may contain another.
    private readonly Lazy<(string Text, string Replacement)[]> _secrets;

    private readonly RegistryLogin? _login;

    private Redaction(Func<IEnumerable<(string Text, string Replacement)>> secrets, RegistryLogin? login = null)
    {
        _login = login;
        _secrets = new(() => [.. secrets().SelectMany(Spellings).Distinct().OrderByDescending(secret => secret.Text.Length).ThenBy(secret => secret.Text, StringComparer.Ordinal)]);
    }

    /// <summary>Makes the redaction for a create: the values of its environment. It costs nothing until something is redacted.</summary>
    public static Redaction Of(ContainerConfig config) => new(() => config.Typed.Environment.SelectMany(OfEntry));

    /// <summary>Makes the redaction for a process in a container: the values of its environment.</summary>
    public static Redaction Of(ExecConfig config) => new(() => config.Environment.IsDefault ? [] : config.Environment.SelectMany(OfEntry));

    /// <summary>Makes the redaction for a pull: what the login, if there is one, calls secret.</summary>
    public static Redaction Of(RegistryLogin? login) => new(() => [], login);

    /// <summary>Returns a text without the secrets: the same when there are none in it.</summary>
    public string Apply(string text)
    {
        foreach (var (secret, replacement) in _secrets.Value)
        {
            text = text.Replace(secret, replacement, StringComparison.Ordinal);
        }

        text = _login?.Redact(text) ?? text;
        for (var cut = text.IndexOf(Ellipsis, StringComparison.Ordinal); cut >= 0; cut = text.IndexOf(Ellipsis, cut + 1))
        {
            text = WithoutCutSecret(text, ref cut);
        }

        return text;
    }

    /// <summary>Does something and lets no error pass that repeats a secret: the same kind of error is thrown in its place.</summary>
    /// <param name="address">The engine that is asked.</param>
    /// <param name="operation">What is asked of it.</param>
    /// <param name="work">What to do.</param>
    public async Task<T> GuardAsync<T>(EngineAddress address, string operation, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (IsIn(exception))
        {
            throw Replace(exception, address, operation);
        }
    }

    private static IEnumerable<(string Text, string Replacement)> OfEntry(string entry)
    {
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || equals == entry.Length - 1)
        {
            yield break; // a name without a value
        }

        yield return (entry, string.Concat(entry.AsSpan(0, equals + 1), Mark));
        var value = entry[(equals + 1)..];
        if (value.Length >= ShortestValue)
        {
            yield return (value, Mark);
        }

        // A key in PEM may be quoted by the line.
        foreach (var line in value.Split('\n').Select(each => each.Trim()).Where(each => each.Length >= ShortestValue && each.Length < value.Length))
        {
            yield return (line, Mark);
        }
    }

    private static IEnumerable<(string Text, string Replacement)> Spellings((string Text, string Replacement) secret)
    {
        var (text, replacement) = secret;
        string[] spellings =
        [
            text,
            JsonEncodedText.Encode(text).Value,
            JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
            GoJson.WriteStringList([text])[2..^2],
        ];
        return spellings.SelectMany(spelling => new[] { spelling, CleanText.Escape(spelling) }).Select(spelling => (spelling, replacement));
    }

    private string WithoutCutSecret(string text, ref int cut)
    {
        var kept = text.AsSpan(0, cut);
        foreach (var (secret, _) in _secrets.Value)
        {
            for (var length = Math.Min(secret.Length - 1, kept.Length); length >= ShortestValue; length--)
            {
                if (kept.EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
                {
                    var shown = string.Concat(kept[..^length], Mark, text.AsSpan(cut));
                    cut += Mark.Length - length;
                    return shown;
                }
            }
        }

        return text;
    }

    private bool IsIn(Exception exception)
    {
        if (IsIn(exception.ToString()) || IsIn(exception.Message) || (exception is EngineException { GivenWords: { } words } && IsIn(words))
            || exception.Data.Values.Cast<object?>().Any(value => IsIn(value?.ToString() ?? "")))
        {
            return true;
        }

        // What errors of ours write of those that led to them is cut, so each is asked itself.
        return exception is AggregateException { InnerExceptions: var causes } ? causes.Any(IsIn) : exception.InnerException is { } cause && IsIn(cause);
    }

    private bool IsIn(string text) => !string.Equals(Apply(text), text, StringComparison.Ordinal);

    // What led to the error is left out: it may be where the secret stands.
    private Exception Replace(Exception exception, EngineAddress address, string operation) => exception switch
    {
        OperationCanceledException cancelled => new OperationCanceledException(Apply(cancelled.Message), cancelled.CancellationToken),
        RegistryAccessDeniedException denied => new RegistryAccessDeniedException(denied.Address, denied.Operation, denied.StatusCode, denied.Registry, denied.Image, Words(denied)),
        ImageNotFoundException missing => new ImageNotFoundException(missing.Address, missing.Operation, missing.Image, Words(missing)),
        EngineApiException refusal => new EngineApiException(refusal.Address, refusal.Operation, refusal.StatusCode, Words(refusal)),
        EngineTimeoutException late => new EngineTimeoutException(late.Address, late.Operation, late.Timeout),
        EngineCertificateException refused => new EngineCertificateException(refused.Address, refused.Operation, Reason(refused)),
        EngineUnreachableException lost => new EngineUnreachableException(lost.Address, lost.Operation, Reason(lost), notSent: lost.NotSent),
        EngineException other => new EngineProtocolException(other.Address, other.Operation, Reason(other)),
        _ => new EngineProtocolException(address, operation, $"{exception.GetType().Name}: {Apply(exception.Message).TrimEnd('.')}"),
    };

    private string Words(EngineApiException exception) => Apply(exception.GivenWords ?? exception.EngineMessage);

    // The clause within the sentence that the types of errors make of it.
    private string Reason(EngineException exception)
    {
        if (exception.GivenWords is { } words)
        {
            return Apply(words).TrimEnd('.');
        }

        var lead = $"Cannot {exception.Operation} on {exception.Address}: ";
        var text = exception.Message.StartsWith(lead, StringComparison.Ordinal) ? exception.Message[lead.Length..] : exception.Message;
        return Apply(text).TrimEnd('.');
    }
}
