using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>Reads an update body in one pass.</summary>
internal static class UpdateBodyReader
{
    /// <summary>Reads an update body: limits and a restart policy as <c>HostConfig</c> has them, at the top.</summary>
    /// <exception cref="InvalidRequestException">It is not one JSON object in UTF-8, is too big or too deep, gives a key twice, or a field the wrong type.</exception>
    public static (ContainerUpdateSpec Spec, bool HasOthers, Range SharesAt) Read(ReadOnlySpan<byte> body)
    {
        var json = new BodyReader(body, "update body");
        try
        {
            return Read(ref json);
        }
        catch (JsonException exception)
        {
            throw json.NotJson(exception);
        }
    }

    private static (ContainerUpdateSpec Spec, bool HasOthers, Range SharesAt) Read(ref BodyReader json)
    {
        json.Read();
        if (json.Type != JsonTokenType.StartObject)
        {
            throw json.Fault("is not a JSON object");
        }

        var fields = new HostFields();
        long? pidsLimit = null;
        var hasOthers = false;
        var sharesAt = default(Range);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: true, out var key))
        {
            if (json.Type == JsonTokenType.Null)
            {
                continue;
            }

            var valueStart = json.Start;
            if (key == "pidslimit")
            {
                pidsLimit = json.ReadInt64();
            }
            else if (key is not ("memory" or "memoryreservation" or "memoryswap" or "nanocpus" or "cpushares" or "cpuquota" or "cpuperiod" or "cpusetcpus" or "restartpolicy")
                || !fields.TryRead(ref json, key))
            {
                hasOthers = true;
                json.Pass(CreateBodyShape.HostConfig.Member(key));
            }

            if (key == "cpushares")
            {
                sharesAt = valueStart..json.End;
            }
        }

        // Throws when something follows.
        json.Read();
        return (new ContainerUpdateSpec
        {
            MemoryBytes = fields.Memory,
            MemoryReservationBytes = fields.MemoryReservation,
            MemorySwapBytes = fields.MemorySwap,
            NanoCpus = fields.NanoCpus,
            CpuShares = fields.CpuShares,
            CpuQuota = fields.CpuQuota,
            CpuPeriod = fields.CpuPeriod,
            CpusetCpus = fields.CpusetCpus,
            PidsLimit = pidsLimit,
            RestartPolicy = fields.RestartPolicy,
        }, hasOthers, sharesAt);
    }
}
