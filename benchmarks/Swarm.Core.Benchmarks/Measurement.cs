using System.Diagnostics;

namespace Swarm.Core.Benchmarks;

/// <summary>Adds up the time and the allocations of one step, again and again, leaving out what happens between.</summary>
internal sealed class Measurement
{
    private readonly List<double> _microseconds = [];
    private long _bytes;

    /// <summary>Gets the median time of a step, in microseconds.</summary>
    public double MedianMicroseconds => _microseconds.Order().ElementAt(_microseconds.Count / 2);

    /// <summary>Gets the mean allocation of a step on the calling thread, in bytes.</summary>
    public double MeanBytes => (double)_bytes / _microseconds.Count;

    public int Count => _microseconds.Count;

    public T Step<T>(Func<T> step)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var result = step();
        _microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        _bytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
        return result;
    }
}
