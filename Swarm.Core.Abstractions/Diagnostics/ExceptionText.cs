using System.Text;

namespace Swarm.Core.Diagnostics;

/// <summary>Writes errors, and what led to them, for people: what they quote is clean, whoever made them.</summary>
internal static class ExceptionText
{
    // Nobody reads more; errors can be nested without end.
    private const int MostLevels = 8;
    private const int MostSiblings = 4;
    private const int LongestText = 16 * 1024;

    /// <summary>Returns the message of an error, fit to be shown.</summary>
    /// <remarks>Errors of a host may throw when they are asked.</remarks>
    public static string MessageOf(Exception exception, int longest = CleanText.Longest)
    {
        try
        {
            // The one of ours that has several lines has cleaned each of them.
            return exception is ICleanMessage ? exception.Message : CleanText.Of(exception.Message, longest);
        }
        catch (Exception failure)
        {
            return $"(its message could not be read: {failure.GetType().Name})";
        }
    }

    /// <summary>Tells whether an error, and all that led to it, can be shown as it is.</summary>
    public static bool IsClean(Exception exception, int level = 0)
    {
        if (level == MostLevels || !IsCleanMessage(exception))
        {
            return false;
        }

        if (exception is AggregateException { InnerExceptions: var inner })
        {
            return inner.Count <= MostSiblings && inner.All(each => IsClean(each, level + 1));
        }

        return exception.InnerException is null || IsClean(exception.InnerException, level + 1);
    }

    /// <summary>Writes an error with what led to it and where it was thrown.</summary>
    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        Append(text, exception, level: 0);
        return text.ToString();
    }

    private static bool IsCleanMessage(Exception exception)
    {
        try
        {
            return exception is ICleanMessage || CleanText.IsClean(exception.Message, CleanText.LongestMessage);
        }
        catch (Exception)
        {
            return false; // what its message is instead, is said where it is written
        }
    }

    private static void Append(StringBuilder text, Exception exception, int level)
    {
        text.Append(exception.GetType().FullName).Append(": ").Append(MessageOf(exception, level == 0 ? CleanText.LongestMessage : CleanText.Longest));
        IReadOnlyList<Exception> causes = exception is AggregateException { InnerExceptions: var inner } ? inner : exception.InnerException is { } cause ? [cause] : [];
        foreach (var each in causes.Take(level + 1 < MostLevels ? MostSiblings : 0))
        {
            if (text.Length > LongestText)
            {
                text.Append("\n ---> …");
                break;
            }

            text.Append("\n ---> ");
            Append(text, each, level + 1);
            text.Append("\n   --- End of inner exception stack trace ---");
        }

        if (exception.StackTrace is { } trace)
        {
            text.Append('\n').Append(trace);
        }
    }
}
