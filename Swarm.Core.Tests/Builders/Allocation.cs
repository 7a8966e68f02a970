namespace Swarm.Core.Builders;

/// <summary>Measures what code allocates on its thread.</summary>
internal static class Allocation
{
    private const int Attempts = 10;

    /// <summary>Gets the bytes that a call allocates: the least of several, for a collection that another thread causes can charge a call with the rest of the thread's buffer.</summary>
    public static long Of(Action call)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Attempts && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
