using System.Diagnostics;
using Swarm.Core.Expressions;

namespace Swarm.Core.Benchmarks;

/// <summary>The most expensive of a thousand patterns made to hurt: to read, and to match one text.</summary>
internal static class PatternBenchmark
{
    public static (double ReadMilliseconds, double MatchMilliseconds, int Read) Run()
    {
        var (worstRead, worstMatch, read) = (0.0, 0.0, 0);
        foreach (var pattern in EvilPatterns.Create(1_000))
        {
            var start = Stopwatch.GetTimestamp();
            Expression? expression = null;
            try
            {
                expression = Expression.Parse("key==" + pattern);
                read++;
            }
            catch (InvalidExpressionException)
            {
                // Refused, which also has its cost.
            }

            worstRead = Math.Max(worstRead, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (expression is null)
            {
                continue;
            }

            foreach (var text in EvilPatterns.Texts)
            {
                start = Stopwatch.GetTimestamp();
                expression.Matches(text);
                worstMatch = Math.Max(worstMatch, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return (worstRead, worstMatch, read);
    }
}
