namespace Swarm.Core.Diagnostics;

/// <summary>Stands in a log for an error with words that are not fit to be shown: the same in clean words, and nothing that leads back to the others.</summary>
internal sealed class LoggedException : Exception
{
    private readonly string _text;

    private LoggedException(Exception original)
        : base(ExceptionText.MessageOf(original, CleanText.LongestMessage))
    {
        _text = ExceptionText.Of(original);
        StackTrace = original.StackTrace;
        HResult = original.HResult;
    }

    /// <inheritdoc/>
    public override string? StackTrace { get; }

    /// <summary>Returns what a log may show of an error: the error itself where it is clean.</summary>
    public static Exception? Of(Exception? exception) => exception is null || ExceptionText.IsClean(exception) ? exception : new LoggedException(exception);

    /// <summary>Returns the error with what led to it, under their own types.</summary>
    public override string ToString() => _text;
}
