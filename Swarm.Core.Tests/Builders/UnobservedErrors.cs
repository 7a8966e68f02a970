namespace Swarm.Core.Builders;

/// <summary>Errors of tasks that nobody has looked at, as the platform tells of them once such a task is collected.</summary>
internal static class UnobservedErrors
{
    /// <summary>Works, and gets the errors of one type that are left to nobody.</summary>
    /// <param name="work">The work; it must refer to nothing of it afterwards.</param>
    public static async Task<IReadOnlyList<TException>> OfAsync<TException>(Func<Task> work)
        where TException : Exception
    {
        var unobserved = new List<TException>();
        void Watch(object? sender, UnobservedTaskExceptionEventArgs args)
        {
            lock (unobserved)
            {
                unobserved.AddRange(args.Exception.InnerExceptions.OfType<TException>());
            }
        }

        TaskScheduler.UnobservedTaskException += Watch;
        try
        {
            await work();
            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Watch;
        }

        lock (unobserved)
        {
            return [.. unobserved];
        }
    }
}
