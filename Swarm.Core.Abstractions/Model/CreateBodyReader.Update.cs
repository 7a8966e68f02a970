using System.Text.Json;

namespace Swarm.Core.Model;

internal ref partial struct CreateBodyReader
{
    /// <summary>Reads an update body: limits and a restart policy as <c>HostConfig</c> has them, at the top.</summary>
    /// <exception cref="InvalidRequestException">It is not one JSON object in UTF-8, is too big or too deep, gives a key twice, or a field the wrong type.</exception>
    public static (ContainerUpdateSpec Spec, bool HasOthers, Range SharesAt) ReadUpdate(ReadOnlySpan<byte> body)
    {
        var reader = new CreateBodyReader(body, "update body");
        try
        {
            return reader.ReadUpdate();
        }
        catch (JsonException exception)
        {
            throw reader.NotJson(exception);
        }
    }

    private (ContainerUpdateSpec Spec, bool HasOthers, Range SharesAt) ReadUpdate()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw Fault("is not a JSON object");
        }

        var fields = new HostFields();
        long? pidsLimit = null;
        var hasOthers = false;
        var sharesAt = default(Range);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: true, out var key, out _))
        {
            if (_json.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            var valueStart = (int)_json.TokenStartIndex;
            if (key == "pidslimit")
            {
                pidsLimit = ReadInt64();
            }
            else if (key is not ("memory" or "memoryreservation" or "memoryswap" or "nanocpus" or "cpushares" or "cpuquota" or "cpuperiod" or "cpusetcpus" or "restartpolicy")
                || !TryReadHostField(key, fields))
            {
                hasOthers = true;
                Pass(CreateBodyShape.HostConfig.Member(key));
            }

            if (key == "cpushares")
            {
                sharesAt = valueStart..(int)_json.BytesConsumed;
            }
        }

        // Throws when something follows.
        _json.Read();
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
