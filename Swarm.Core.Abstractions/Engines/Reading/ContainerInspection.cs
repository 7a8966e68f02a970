using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine's full answer about one container: the document as it came, and what scheduling reads from it.</summary>
/// <param name="Json">The answer, UTF-8, unchanged.</param>
/// <param name="View">What scheduling reads from it.</param>
public sealed record ContainerInspection(ReadOnlyMemory<byte> Json, ContainerView View)
{
    // What may count as demand; null where somebody else than this library has read the answer and says in the view what counts.
    internal ContainerLimits? Limits { get; init; }

    /// <summary>Reads an engine's answer.</summary>
    /// <param name="json">The answer, UTF-8, at most 4 MiB beside its lists of ports, 32 MiB with them, and 64 levels deep. It is kept, not copied: do not change it afterwards.</param>
    /// <returns>The answer and the view of it. Parts that are missing or null read as empty, unknown ones are passed over.</returns>
    /// <exception cref="JsonException">It is not JSON, has no ID of 64 lower-case hexadecimal digits, or a part has the wrong type; the message names the place.</exception>
    /// <remarks>
    /// Memory is the hard limit, CPU time <c>NanoCpus</c> or else quota by period; where the engine shows none, what the label
    /// <see cref="SwarmLabels.Demand"/> says was counted at creation. A cluster that counts reservations or shares reads them from the
    /// answer, whatever the view says. Named resources come from the label <see cref="SwarmLabels.Resources"/>, and are none when it cannot be read.
    /// </remarks>
    public static ContainerInspection Parse(ReadOnlyMemory<byte> json)
    {
        var view = ContainerInspectionReader.Read(json.Span, out var limits);
        return new ContainerInspection(json, view) { Limits = limits };
    }

    /// <summary>Tells what the container takes by the rules of a cluster.</summary>
    internal ResourceVector Demand(DemandRules rules) => Limits is not { } limits
        ? View.Resources
        : ResourceDemand.Of(limits, rules, CountedDemand.Of(View.Labels)) with { Slots = View.Resources.Slots, Named = View.Resources.Named };
}
