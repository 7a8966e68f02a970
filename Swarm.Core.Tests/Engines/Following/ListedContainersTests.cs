using System.Collections.Immutable;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[CancelAfter(60_000)]
public sealed class ListedContainersTests
{
    private const long MiB = 1L << 20;

    [Test]
    public void What_is_held_is_counted_until_it_is_let_go()
    {
        var listed = new ListedContainers([Container("a", 10), Container("b", 20), Container("a", 30)]);

        listed.Ids.Should().BeEquivalentTo("a", "b");
        listed.KeptBytes.Should().Be(50);
        listed["a"].KeptBytes.Should().Be(30);
        listed.EntryOf("a").Should().Be(new ListEntry(30, 0));
        listed.Remove("a");
        listed.Remove("a");
        listed.Remove("b");

        listed.Ids.Should().BeEmpty();
        listed.KeptBytes.Should().Be(0);
    }

    [Test]
    public async Task A_reading_holds_no_more_of_a_list_than_is_kept_and_that_counts(CancellationToken cancellationToken)
    {
        const int Count = 20;
        var intake = new EngineIntake(new EngineLimits { MaxBytes = MiB, MaxBytesTogether = MiB });
        intake.Memory.Open().State(MiB);
        await using var engine = new EngineUnderTest(intake: intake);
        for (var i = 0; i < Count; i++)
        {
            await engine.CreateAsync();
        }

        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Connected = tap =>
        {
            tap.OnList = (listed, _) => Task.FromResult(listed.Select(each => each with { Labels = LabelSet.Empty.With("k", new string('x', 100_000)) }).ToImmutableArray());
            tap.OnInspect = (_, token) => looked.Task.WaitAsync(token);
        };
        engine.Monitor.Tell(new EventsSubscribed());
        engine.Engine.Start();

        await Eventually.IsTrueAsync(() => intake.Memory.Allowance < MiB - (Count * 1024), "the list counts before anything was looked at");
        intake.Memory.Allowance.Should().BeGreaterThan(MiB * 9 / 10);
        looked.SetResult();
        await Eventually.IsTrueAsync(() => engine.State.Status == EngineStatus.Healthy, "the engine is read");
        engine.State.Containers.Should().HaveCount(Count);
    }

    private static (ContainerView Container, ListEntry? Entry) Container(string id, int bytes) => (new() { Id = id, KeptBytes = bytes, WholeBytes = bytes }, new ListEntry((ulong)bytes, 0));
}
