using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>The words an engine's list has for what a container is doing.</summary>
internal static class StatusText
{
    public static string Of(InMemoryContainer container, DateTimeOffset now)
    {
        if (container.IsRunning)
        {
            if (container.IsRestarting)
            {
                return string.Create(CultureInfo.InvariantCulture, $"Restarting ({container.ExitCode}) {Span(now - container.FinishedAt)} ago");
            }

            var up = "Up " + Span(now - container.StartedAt);
            return container.IsPaused ? up + " (Paused)"
                : container.Health is { } health ? $"{up} ({(string.Equals(health, "starting", StringComparison.Ordinal) ? "health: starting" : health)})"
                : up;
        }

        return container.StartedAt == default ? "Created"
            : string.Create(CultureInfo.InvariantCulture, $"Exited ({container.ExitCode}) {Span(now - container.FinishedAt)} ago");
    }

    private static string Span(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        var hours = (long)Math.Round(span.TotalHours, MidpointRounding.AwayFromZero);
        return seconds < 1 ? "Less than a second"
            : seconds == 1 ? "1 second"
            : seconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{seconds} seconds")
            : seconds < 120 ? "About a minute"
            : seconds < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} minutes")
            : hours == 1 ? "About an hour"
            : hours < 48 ? string.Create(CultureInfo.InvariantCulture, $"{hours} hours")
            : hours < 24 * 14 ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24} days")
            : hours < 24 * 90 ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24 / 7} weeks")
            : hours < 24 * 365 * 2 ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24 / 30} months")
            : string.Create(CultureInfo.InvariantCulture, $"{hours / 24 / 365} years");
    }
}
