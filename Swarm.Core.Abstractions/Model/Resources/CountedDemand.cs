using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>What was counted for a container when it was created, as its label <see cref="SwarmLabels.Demand"/> keeps it. Immutable.</summary>
/// <remarks>Version 1 of the schema in <c>docs/labels.md</c>. Members it does not know are passed over, so that later ones do not hide what it does know.</remarks>
internal sealed record CountedDemand
{
    private const long Version = 1;
    private const int LongestText = 4096;

    // More CPUs than any engine may claim to have.
    private const long MostHostCpus = 1_000_000;

    private static readonly JsonReaderOptions _reading = new() { MaxDepth = 64 };

    /// <summary>Gets the memory, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Gets whether that was the reservation and not the limit.</summary>
    public bool IsMemoryReserved { get; init; }

    /// <summary>Gets the CPU time, in nano-CPUs.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Gets the shares the engine was told in place of a number of CPUs; 0 where the CPU limit was counted.</summary>
    public long CpuShares { get; init; }

    /// <summary>Gets how many CPUs 1,024 shares of the container are: as many as its engine had; 0 where its shares are ordinary ones.</summary>
    public long HostCpus { get; init; }

    /// <summary>Gets what a request has in its place: its shares are CPUs one by one.</summary>
    public static CountedDemand OfRequest { get; } = new() { HostCpus = ResourceDemand.SharesOfHost };

    /// <summary>Reads what was counted for a container.</summary>
    /// <param name="labels">The labels of the container.</param>
    /// <returns><see langword="null"/> when this library did not create it, or its label cannot be read: a label never hides a container.</returns>
    public static CountedDemand? Of(LabelSet labels) =>
        labels.ValueOrEmpty(SwarmLabels.Operation).Length > 0 && labels.TryGetValue(SwarmLabels.Demand, out var text) && TryRead(text, out var counted) ? counted : null;

    /// <summary>Writes the label's value.</summary>
    public string Write()
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[160]);
        text.AppendLiteral("{\"v\":1");
        Append(ref text, ",\"memory\":", MemoryBytes);
        text.AppendLiteral(IsMemoryReserved ? ",\"reserved\":true" : "");
        Append(ref text, ",\"nanoCpus\":", NanoCpus);
        Append(ref text, ",\"shares\":", CpuShares);
        Append(ref text, ",\"hostCpus\":", HostCpus);
        text.AppendLiteral("}");
        return text.ToStringAndClear();

        static void Append(ref DefaultInterpolatedStringHandler text, string name, long amount)
        {
            if (amount != 0)
            {
                text.AppendLiteral(name);
                text.AppendFormatted(amount);
            }
        }
    }

    /// <summary>Reads the label's value; what is malformed, of another version or beyond reason is refused whole.</summary>
    public static bool TryRead(string text, out CountedDemand counted)
    {
        counted = new CountedDemand();
        if (text.Length > LongestText)
        {
            return false;
        }

        var seen = 0;
        long version = 0, memory = 0, nanoCpus = 0, shares = 0, hostCpus = 0;
        var isReserved = false;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), _reading);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.GetString(ref reader);
                reader.Read();
                var (isRead, member) = name switch
                {
                    "v" => (TryReadAmount(ref reader, out version), 1),
                    "memory" => (TryReadAmount(ref reader, out memory), 2),
                    "reserved" => (TryReadFlag(ref reader, out isReserved), 4),
                    "nanoCpus" => (TryReadAmount(ref reader, out nanoCpus), 8),
                    "shares" => (TryReadAmount(ref reader, out shares), 16),
                    "hostCpus" => (TryReadAmount(ref reader, out hostCpus), 32),
                    _ => (reader.TrySkip(), 0),
                };
                if (!isRead || (seen & member) != 0)
                {
                    return false;
                }

                seen |= member;
            }

            // Throws when something follows.
            reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }

        counted = new CountedDemand { MemoryBytes = memory, IsMemoryReserved = isReserved, NanoCpus = nanoCpus, CpuShares = shares, HostCpus = hostCpus };
        return version == Version && hostCpus <= MostHostCpus;
    }

    private static bool TryReadAmount(ref Utf8JsonReader reader, out long amount)
    {
        amount = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out amount) && amount >= 0;
    }

    private static bool TryReadFlag(ref Utf8JsonReader reader, out bool flag)
    {
        flag = reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False;
    }
}
