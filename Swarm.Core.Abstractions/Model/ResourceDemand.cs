namespace Swarm.Core.Model;

/// <summary>How limits become demand; one reading for requests and for containers that exist.</summary>
internal static class ResourceDemand
{
    // What the kernel takes when a quota comes without a period, in microseconds.
    private const long DefaultPeriod = 100_000;

    /// <summary>Tells how many nano-CPUs a container takes: its own number if it has one, else its share of the scheduling period, rounded down.</summary>
    /// <param name="nanoCpus">HostConfig.NanoCpus; returned as it is unless 0, so that a wrong one can be refused by name.</param>
    /// <param name="quota">HostConfig.CpuQuota in microseconds; 0 or less is no limit.</param>
    /// <param name="period">HostConfig.CpuPeriod in microseconds; 0 or less is the default.</param>
    public static long NanoCpus(long nanoCpus, long quota, long period)
    {
        if (nanoCpus != 0 || quota <= 0)
        {
            return nanoCpus;
        }

        var exact = (Int128)quota * ResourceVector.NanoCpusPerCpu / (period > 0 ? period : DefaultPeriod);
        return exact > long.MaxValue ? long.MaxValue : (long)exact;
    }
}
