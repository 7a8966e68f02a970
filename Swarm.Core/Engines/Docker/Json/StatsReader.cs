using System.Text.Json;

namespace Swarm.Core.Engines;

/// <summary>Reads what a container uses from an engine's answer, on machines with either version of control groups.</summary>
internal static class StatsReader
{
    /// <summary>The most bytes of one answer to accept.</summary>
    public const int Limit = 1024 * 1024;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static ContainerStats Read(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "stats", Limit);
        DateTimeOffset? time = null, before = null;
        Cpu now = default, then = default;
        long? usage = null, inactive = null, limit = null, pids = null, received = null, sent = null, read = null, written = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("read"u8))
                {
                    time = reader.Time();
                }
                else if (reader.Is("preread"u8))
                {
                    before = reader.Time();
                }
                else if (reader.Is("cpu_stats"u8))
                {
                    now = ReadCpu(ref reader);
                }
                else if (reader.Is("precpu_stats"u8))
                {
                    then = ReadCpu(ref reader);
                }
                else if (reader.Is("memory_stats"u8))
                {
                    (usage, inactive, limit) = ReadMemory(ref reader);
                }
                else if (reader.Is("pids_stats"u8))
                {
                    pids = ReadNumber(ref reader, "current"u8);
                }
                else if (reader.Is("networks"u8))
                {
                    (received, sent) = ReadNetworks(ref reader);
                }
                else if (reader.Is("blkio_stats"u8))
                {
                    (read, written) = ReadBlocks(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();

        // A container that does not run has a reading of zeros with the zero time.
        if (time is not { } taken)
        {
            return new ContainerStats();
        }

        return new ContainerStats
        {
            Time = taken,
            CpuNanoseconds = now.Total,
            CpusInUse = Busy(now, then, taken, before),
            OnlineCpus = now.Online is > 0 and <= int.MaxValue ? (int)now.Online : null,
            ThrottledPeriods = now.Throttled,
            MemoryBytes = usage is { } used ? inactive is { } idle && idle < used ? used - idle : used : null,
            MemoryLimitBytes = limit,
            NetworkReceivedBytes = received,
            NetworkSentBytes = sent,
            BlockReadBytes = read,
            BlockWrittenBytes = written,
            Pids = pids,
        };
    }

    private static double? Busy(Cpu now, Cpu then, DateTimeOffset time, DateTimeOffset? before)
    {
        if (before is not { } earlier || time <= earlier || now.Total is not { } total || then.Total is not { } past || total < past)
        {
            return null;
        }

        return ((double)total - past) / ((time - earlier).Ticks * (double)TimeSpan.NanosecondsPerTick);
    }

    private static Cpu ReadCpu(ref DocumentReader reader)
    {
        var cpu = default(Cpu);
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("cpu_usage"u8))
                {
                    cpu.Total = ReadNumber(ref reader, "total_usage"u8);
                }
                else if (reader.Is("online_cpus"u8))
                {
                    cpu.Online = reader.Int64();
                }
                else if (reader.Is("throttling_data"u8))
                {
                    cpu.Throttled = ReadNumber(ref reader, "throttled_periods"u8);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return cpu;
    }

    private static (long? Usage, long? Inactive, long? Limit) ReadMemory(ref DocumentReader reader)
    {
        long? usage = null, inactive = null, limit = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("usage"u8))
                {
                    usage = reader.Int64();
                }
                else if (reader.Is("limit"u8))
                {
                    limit = reader.Int64();
                }
                else if (reader.Is("stats"u8))
                {
                    inactive = ReadInactive(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return (usage, inactive, limit);
    }

    // The first version of control groups has both names and means the total; the second has only the short one.
    private static long? ReadInactive(ref DocumentReader reader)
    {
        long? total = null, own = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("total_inactive_file"u8))
                {
                    total = reader.Int64();
                }
                else if (reader.Is("inactive_file"u8))
                {
                    own = reader.Int64();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return total ?? own;
    }

    private static (long? Received, long? Sent) ReadNetworks(ref DocumentReader reader)
    {
        long? received = null, sent = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (!reader.BeginObject())
                {
                    continue;
                }

                while (reader.NextMember())
                {
                    if (reader.Is("rx_bytes"u8))
                    {
                        received = Add(received, reader.Int64());
                    }
                    else if (reader.Is("tx_bytes"u8))
                    {
                        sent = Add(sent, reader.Int64());
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }

        return (received, sent);
    }

    private static (long? Read, long? Written) ReadBlocks(ref DocumentReader reader)
    {
        long? read = null, written = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (!reader.Is("io_service_bytes_recursive"u8))
                {
                    reader.Skip();
                }
                else if (reader.BeginList())
                {
                    (read, written) = (0, 0);
                    while (reader.NextItem())
                    {
                        var (operation, bytes) = ReadBlock(ref reader);
                        read = string.Equals(operation, "read", StringComparison.OrdinalIgnoreCase) ? Add(read, bytes) : read;
                        written = string.Equals(operation, "write", StringComparison.OrdinalIgnoreCase) ? Add(written, bytes) : written;
                    }
                }
            }
        }

        return (read, written);
    }

    private static (string Operation, long Bytes) ReadBlock(ref DocumentReader reader)
    {
        var operation = "";
        var bytes = 0L;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("op"u8))
                {
                    operation = reader.String();
                }
                else if (reader.Is("value"u8))
                {
                    bytes = reader.Int64();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return (operation, bytes);
    }

    // A sum that would be too large stays at the largest number, rather than becoming a negative one.
    private static long Add(long? sum, long more) => (long)Int128.Clamp((Int128)(sum ?? 0) + more, long.MinValue, long.MaxValue);

    private static long? ReadNumber(ref DocumentReader reader, ReadOnlySpan<byte> name)
    {
        long? number = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is(name))
                {
                    number = reader.Int64();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return number;
    }

    private struct Cpu
    {
        public long? Total;
        public long? Online;
        public long? Throttled;
    }
}
