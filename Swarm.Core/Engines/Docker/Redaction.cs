using System.Globalization;
using System.Text;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Keeps the secrets of one request out of what is said about it: engines may repeat in an error what they were sent.</summary>
/// <remarks>
/// Secret are the values of environment entries. A whole entry is always found; a value by itself only from
/// <see cref="ShortestValue"/> characters on, because shorter ones (<c>true</c>, <c>8080</c>) are words and ports that errors need.
/// Found are also the usual escaped spellings, and what a cut at the end of a text has left of a secret. Where there are more secrets, or more of a text,
/// than can be looked through at little cost, nothing of the text is shown.
/// </remarks>
internal sealed class Redaction
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mark = "[redacted]";

    /// <summary>The fewest characters of a value that is looked for without its name.</summary>
    public const int ShortestValue = 6;

    /// <summary>The most characters that are left of a text in which secrets are looked for. Nobody is shown more.</summary>
    public const int LongestText = 16 * 1024;

    // More that led to an error is not looked through.
    private const int MostErrors = 64;

    private readonly Lazy<SecretSearch>? _search;
    private readonly RegistryLogin? _login;

    private Redaction(Func<IEnumerable<string>>? environment, RegistryLogin? login = null)
    {
        _login = login;
        _search = environment is null ? null : new(() => new SecretSearch(environment()));
    }

    /// <summary>Gets the steps that were taken so far.</summary>
    public long Steps => _search is { IsValueCreated: true, Value: var search } ? search.Steps : 0;

    /// <summary>Makes the redaction for a create: the values of its environment. It costs nothing until something is redacted.</summary>
    public static Redaction Of(ContainerConfig config) => new(() => config.Typed.Environment);

    /// <summary>Makes the redaction for a process in a container: the values of its environment.</summary>
    public static Redaction Of(ExecConfig config) => new(() => config.Environment.IsDefault ? [] : config.Environment);

    /// <summary>Makes the redaction for a pull: what the login, if there is one, calls secret.</summary>
    public static Redaction Of(RegistryLogin? login) => new(null, login);

    /// <summary>Returns a text without the secrets: the same when there are none in it, and nothing but <see cref="Mark"/> when that cannot be told.</summary>
    public string Apply(string text)
    {
        text = _login?.Redact(text) ?? text;
        if (text.Length == 0 || _search is not { Value: { IsEmpty: false } search })
        {
            return text;
        }

        var isCut = text.Length > LongestText;
        var kept = isCut ? text.AsSpan(0, LongestText) : text;
        if (search.Find(kept, isCut) is not { } found)
        {
            return Mark;
        }

        if (found.Count == 0 && !isCut)
        {
            return text;
        }

        var shown = new StringBuilder();
        var at = 0;
        foreach (var (start, end) in found)
        {
            shown.Append(kept[at..start]).Append(Mark);
            at = end;
        }

        shown.Append(kept[at..]);
        return (isCut ? shown.Append(CultureInfo.InvariantCulture, $"… (+{text.Length - LongestText} characters)") : shown).ToString();
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

    // Errors of a host may throw when they are asked: nobody knows then what they say.
    private bool IsIn(Exception exception)
    {
        try
        {
            var left = MostErrors;
            return IsIn(exception, ref left);
        }
        catch (Exception)
        {
            return true;
        }
    }

    private bool IsIn(Exception exception, ref int left)
    {
        if (left-- == 0 || IsIn(exception.ToString()) || IsIn(exception.Message) || (exception is EngineException { GivenWords: { } words } && IsIn(words))
            || exception.Data.Values.Cast<object?>().Any(value => IsIn(value?.ToString() ?? "")))
        {
            return true;
        }

        // What errors of ours write of those that led to them is cut, so each is asked itself.
        IReadOnlyList<Exception> causes = exception is AggregateException { InnerExceptions: var several } ? several : exception.InnerException is { } cause ? [cause] : [];
        foreach (var each in causes)
        {
            if (IsIn(each, ref left))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsIn(string text) =>
        (_login is not null && !string.Equals(_login.Redact(text), text, StringComparison.Ordinal))
        || (_search is { Value: { IsEmpty: false } search } && search.Find(text, isCut: false) is not { Count: 0 });

    // What led to the error is left out: it may be where the secret stands.
    private Exception Replace(Exception exception, EngineAddress address, string operation) => exception switch
    {
        OperationCanceledException cancelled => new OperationCanceledException(Apply(MessageOf(cancelled)), cancelled.CancellationToken),
        RegistryAccessDeniedException denied => new RegistryAccessDeniedException(denied.Address, denied.Operation, denied.StatusCode, denied.Registry, denied.Image, Words(denied)),
        ImageNotFoundException missing => new ImageNotFoundException(missing.Address, missing.Operation, missing.Image, Words(missing)),
        EngineCallForbiddenException forbidden => new EngineCallForbiddenException(forbidden.Address, forbidden.Operation, forbidden.StatusCode, forbidden.Call, Words(forbidden)),
        EngineApiException refusal => new EngineApiException(refusal.Address, refusal.Operation, refusal.StatusCode, Words(refusal)),
        EngineTimeoutException late => new EngineTimeoutException(late.Address, late.Operation, late.Timeout),
        EngineCertificateException refused => new EngineCertificateException(refused.Address, refused.Operation, Reason(refused)),
        EngineUnreachableException lost => new EngineUnreachableException(lost.Address, lost.Operation, Reason(lost), notSent: lost.NotSent),
        EngineUpgradeRemovedException removed => new EngineUpgradeRemovedException(removed.Address, removed.Operation),
        EngineException other => new EngineProtocolException(other.Address, other.Operation, Reason(other)),
        _ => new EngineProtocolException(address, operation, $"{exception.GetType().Name}: {Apply(MessageOf(exception)).TrimEnd('.')}"),
    };

    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception failure)
        {
            return $"(its message could not be read: {failure.GetType().Name})";
        }
    }

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
