using System.Runtime.CompilerServices;
using Swarm.Core.Builders;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

public sealed class ProcessTalkTests
{
    [Test]
    public async Task An_output_that_fails_before_anybody_asks_for_it_is_nobodys_unobserved_error() =>
        (await UnobservedErrors.OfAsync<LostException>(BeginAndLeave)).Should().BeEmpty();

    // Apart, so that nothing of it is still referred to when it is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task BeginAndLeave()
    {
        using var talk = new ProcessTalk(new DeadStreams(new LostException()), input: null, 100, TimeProvider.System, CancellationToken.None);
        talk.Output.IsFaulted.Should().BeTrue();
        return Task.CompletedTask;
    }

    private sealed class LostException : Exception;
}
