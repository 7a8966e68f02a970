using System.Runtime.CompilerServices;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

public sealed class ProcessTalkTests
{
    [Test]
    public void An_output_that_fails_before_anybody_asks_for_it_is_nobodys_unobserved_error()
    {
        var unobserved = new List<Exception>();
        void Watch(object? sender, UnobservedTaskExceptionEventArgs args)
        {
            lock (unobserved)
            {
                unobserved.AddRange(args.Exception.InnerExceptions.OfType<LostException>());
            }
        }

        TaskScheduler.UnobservedTaskException += Watch;
        try
        {
            BeginAndLeave();
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
            unobserved.Should().BeEmpty();
        }
    }

    // Apart, so that nothing of it is still referred to when it is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BeginAndLeave()
    {
        using var talk = new ProcessTalk(new DeadStreams(new LostException()), input: null, 100, TimeProvider.System, CancellationToken.None);
        talk.Output.IsFaulted.Should().BeTrue();
    }

    private sealed class LostException : Exception;
}
