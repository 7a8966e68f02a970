using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>What is to change of a container that exists: the update body exactly as the engine takes it.</summary>
/// <remarks>
/// The document is the truth: it reaches the engine byte for byte, whether this library knows a field or not. <see cref="Typed"/> is a lens on
/// it. Keys are matched as the engine matches them, without regard to case, so that no limit the engine honours escapes the check of room;
/// keys given twice are refused. Immutable and safe for concurrent use.
/// </remarks>
public sealed class ContainerUpdate
{
    private readonly byte[] _bytes;
    private readonly Range _sharesAt;

    private ContainerUpdate(byte[] bytes)
    {
        _bytes = bytes;
        (Typed, HasOthers, _sharesAt) = UpdateBodyReader.Read(bytes);
    }

    /// <summary>Gets the update body, UTF-8, exactly as it goes to the engine.</summary>
    public ReadOnlyMemory<byte> Body => _bytes;

    /// <summary>Gets what the library reads from the document. A field that is absent or null has its empty value, which leaves the setting as it is.</summary>
    public ContainerUpdateSpec Typed { get; }

    /// <summary>Gets whether the document sets something that <see cref="Typed"/> does not show.</summary>
    internal bool HasOthers { get; }

    /// <summary>Reads an update body.</summary>
    /// <param name="updateBody">The body: one JSON object in UTF-8, at most 4 MiB and 64 levels deep.</param>
    /// <returns>The update; it owns a copy of the body.</returns>
    /// <exception cref="InvalidRequestException">The body is wrong: not JSON, not UTF-8, a key given twice, a field of the wrong type.</exception>
    public static ContainerUpdate Parse(ReadOnlySpan<byte> updateBody) => new(updateBody.ToArray());

    /// <summary>Writes the update of a spec: a body with what is set in it and nothing else.</summary>
    /// <param name="typed">The spec.</param>
    /// <returns>The update; its <see cref="Typed"/> equals <paramref name="typed"/>.</returns>
    /// <exception cref="InvalidRequestException">A text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public static ContainerUpdate FromContainerUpdateSpec(ContainerUpdateSpec typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return new ContainerUpdate(JsonText.Write(typed, Write));
    }

    /// <summary>Writes the update of a spec; the same as <see cref="FromContainerUpdateSpec"/>.</summary>
    /// <param name="typed">The spec.</param>
    public static implicit operator ContainerUpdate(ContainerUpdateSpec typed) => FromContainerUpdateSpec(typed);

    /// <summary>Returns the update with other CPU shares in place of those it has; every other byte stays as it was.</summary>
    internal ContainerUpdate WithCpuShares(long shares) => Typed.CpuShares == 0 || Typed.CpuShares == shares
        ? this
        : new ContainerUpdate([.. _bytes[.._sharesAt.Start], .. Encoding.ASCII.GetBytes(shares.ToString(CultureInfo.InvariantCulture)), .. _bytes[_sharesAt.End..]]);

    private static void Write(Utf8JsonWriter json, ContainerUpdateSpec spec)
    {
        json.WriteStartObject();
        WriteNumber(json, "CpuShares", spec.CpuShares);
        WriteNumber(json, "Memory", spec.MemoryBytes);
        WriteNumber(json, "NanoCpus", spec.NanoCpus);
        WriteNumber(json, "CpuPeriod", spec.CpuPeriod);
        WriteNumber(json, "CpuQuota", spec.CpuQuota);
        if (spec.CpusetCpus.Length > 0)
        {
            json.WriteString("CpusetCpus", CreateBodyWriter.Checked("CpusetCpus", spec.CpusetCpus));
        }

        WriteNumber(json, "MemoryReservation", spec.MemoryReservationBytes);
        WriteNumber(json, "MemorySwap", spec.MemorySwapBytes);
        if (spec.PidsLimit is { } pids)
        {
            json.WriteNumber("PidsLimit", pids);
        }

        if (spec.RestartPolicy is { } policy)
        {
            json.WriteStartObject("RestartPolicy");
            json.WriteString("Name", CreateBodyWriter.Checked("RestartPolicy.Name", policy.Name));
            WriteNumber(json, "MaximumRetryCount", policy.MaximumRetries);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }
}
