using System.Collections.Immutable;
using Swarm.Core.Engines;

namespace Swarm.Core.Builders;

/// <summary>Reads lists of containers.</summary>
internal static class ContainerLists
{
    /// <summary>Reads a list that comes in parts.</summary>
    /// <param name="document">The list.</param>
    /// <param name="part">How many bytes come at a time.</param>
    /// <param name="reader">Reads it; a new one when <see langword="null"/>.</param>
    public static ImmutableArray<ContainerSummary> Read(ReadOnlySpan<byte> document, int part = int.MaxValue, ContainerListReader? reader = null)
    {
        reader ??= new ContainerListReader();
        int start = 0, end = 0;
        do
        {
            end += Math.Min(part, document.Length - end);
            start += reader.Read(document[start..end], isLast: false);
        }
        while (end < document.Length);
        reader.Read(document[start..], isLast: true).Should().Be(end - start, "what comes last is taken");
        return reader.End();
    }
}
