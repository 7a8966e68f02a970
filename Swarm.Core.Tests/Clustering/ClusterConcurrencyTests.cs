using System.Collections.Concurrent;
using System.Net;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(240_000)]
public sealed class ClusterConcurrencyTests
{
    private const int Engines = 3;
    private const long Unit = 1L << 30;
    private const int Cases = 20;

    private static readonly string[] _names = ["a", "b", "c", "d", "e"];
    private static readonly TimeSpan _step = TimeSpan.FromSeconds(2);

    private enum Deed
    {
        Create,
        CreateNamed,
        CreateWithPort,
        CreateAndGiveUp,
        Run,
        Start,
        Stop,
        Kill,
        Remove,
        LoseAnswer,
        Refuse,
        NotSent,
        Disconnect,
        Hang,
        PowerCut,
        Heal,
        BreakStreams,
        DropEvents,
        PassTime,
        Update,
        UpdateCpus,
        UpdateAndGiveUp,
        Rename,
        LoseUpdate,
        LoseRename,
    }

    [Test]
    public async Task Whatever_happens_at_once_nothing_is_given_twice_and_in_the_end_the_cluster_knows_the_truth()
    {
        var step = Gen.Select(Gen.Enum<Deed>(), Gen.Int[0, 1_000], Gen.Int[0, 4]);

        await step.Array[5, 50].SampleAsync(RunAsync, iter: Cases, threads: 1);
    }

    private static async Task RunAsync((Deed Deed, int Pick, int Units)[] steps)
    {
        await using var cluster = await TestCluster.StartAsync(Engines, (host, number) => host with
        {
            MemoryBytes = 8 * Unit,
            Cpus = 4,
            Labels = number == 0 ? LabelSet.Create([new(SwarmLabels.ContainerSlots, "3")]) : LabelSet.Empty,
        });
        var calls = new List<Task>();
        var strange = new ConcurrentQueue<Exception>();
        foreach (var (deed, pick, units) in steps)
        {
            Do(cluster, deed, pick, units, call => calls.Add(Task.Run(() => EndsAsItMayAsync(call, strange))));
            AssertNothingIsGivenTwice(cluster.Cluster.Snapshot);
        }

        for (var engine = 0; engine < Engines; engine++)
        {
            Heal(cluster.Host(engine));
        }

        await cluster.PassTimeUntilAsync(
            () =>
            {
                AssertNothingIsGivenTwice(cluster.Cluster.Snapshot);
                return calls.TrueForAll(call => call.IsCompleted);
            },
            "every call ends",
            _step);
        await Task.WhenAll(calls);
        strange.Should().BeEmpty();

        var quiet = cluster.Time.GetUtcNow() + TimeSpan.FromSeconds(150);
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() >= quiet, "everything was listed twice", _step);
        await cluster.PassTimeUntilAsync(
            () => Enumerable.Range(0, Engines).All(engine => cluster.Is(engine, EngineStatus.Healthy)) && cluster.OpenHolds == 0,
            "all engines are healthy and nothing is reserved any more",
            _step);
        await AssertTheClusterKnowsTheTruthAsync(cluster);
    }

    private static void Do(TestCluster cluster, Deed deed, int pick, int units, Action<Func<Task>> call)
    {
        var host = cluster.Host(pick % Engines);
        var name = _names[pick % _names.Length];
        var spec = TestCluster.Spec(memory: units * Unit, cpus: units * 0.5);
        switch (deed)
        {
            case Deed.Create:
                call(() => cluster.Containers.TryCreateAsync(spec));
                break;
            case Deed.CreateNamed:
                call(() => cluster.Containers.CreateAsync(spec with { Name = name }));
                break;
            case Deed.CreateWithPort:
                call(() => cluster.Containers.CreateAsync(spec with { PortBindings = [new PortBinding("80/tcp", "", "8080")] }));
                break;
            case Deed.CreateAndGiveUp:
                call(async () =>
                {
                    using var patience = new CancellationTokenSource();
                    var create = cluster.Containers.CreateAsync(spec with { Name = name }, patience.Token);
                    await patience.CancelAsync();
                    await create;
                });
                break;
            case Deed.Run:
                call(() => cluster.Containers.RunAsync(spec with { Name = name }));
                break;
            case Deed.Start:
                call(() => cluster.Containers.StartAsync(name));
                break;
            case Deed.Stop:
                call(() => cluster.Containers.StopAsync(name, TimeSpan.FromSeconds(1)));
                break;
            case Deed.Kill:
                call(() => cluster.Containers.KillAsync(name));
                break;
            case Deed.Remove:
                call(() => cluster.Containers.RemoveAsync(name, force: true));
                break;
            case Deed.LoseAnswer:
                host.LoseNextAnswer(EngineOperation.CreateContainer);
                break;
            case Deed.Refuse:
                host.FailNext(EngineOperation.CreateContainer, new EngineApiException(host.Address, "create container", HttpStatusCode.InternalServerError, "disk full"));
                break;
            case Deed.NotSent:
                host.FailNext(EngineOperation.CreateContainer, new EngineUnreachableException(host.Address, "create container", "refused", notSent: true));
                break;
            case Deed.Disconnect:
                host.Disconnect();
                break;
            case Deed.Hang:
                host.Hang();
                break;
            case Deed.PowerCut:
                host.PowerOff();
                break;
            case Deed.Heal:
                Heal(host);
                break;
            case Deed.BreakStreams:
                host.BreakEventStreams();
                break;
            case Deed.DropEvents:
                host.DropEvents(1 + units);
                break;
            case Deed.Update:
                call(() => cluster.Containers.UpdateAsync(name, new ContainerUpdateSpec { MemoryBytes = (1 + units) * Unit, MemorySwapBytes = -1 }));
                break;
            case Deed.UpdateCpus:
                call(() => cluster.Containers.UpdateAsync(name, new ContainerUpdateSpec { NanoCpus = (1 + units) * ResourceVector.NanoCpusPerCpu / 2 }));
                break;
            case Deed.UpdateAndGiveUp:
                call(async () =>
                {
                    using var patience = new CancellationTokenSource();
                    var update = cluster.Containers.UpdateAsync(name, new ContainerUpdateSpec { MemoryBytes = (1 + units) * Unit, MemorySwapBytes = -1 }, patience.Token);
                    await patience.CancelAsync();
                    await update;
                });
                break;
            case Deed.Rename:
                call(() => cluster.Containers.RenameAsync(name, _names[units]));
                break;
            case Deed.LoseUpdate:
                host.LoseNextAnswer(EngineOperation.UpdateContainer);
                break;
            case Deed.LoseRename:
                host.LoseNextAnswer(EngineOperation.RenameContainer);
                break;
            default:
                cluster.Time.Advance(TimeSpan.FromSeconds(units));
                break;
        }
    }

    private static void Heal(InMemoryEngine host)
    {
        host.PowerOn();
        host.Reconnect();
        host.Resume();
    }

    // Calls may fail in every way that is documented; anything else is a defect.
    private static async Task EndsAsItMayAsync(Func<Task> call, ConcurrentQueue<Exception> strange)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is SwarmException or OperationCanceledException)
        {
            // As documented.
        }
        catch (Exception exception)
        {
            strange.Enqueue(exception);
        }
    }

    private static void AssertNothingIsGivenTwice(ClusterSnapshot snapshot)
    {
        foreach (var node in snapshot.Nodes)
        {
            node.Used.MemoryBytes.Should().BeLessThanOrEqualTo(node.Total.MemoryBytes, "memory of {0}", node.Id);
            node.Used.NanoCpus.Should().BeLessThanOrEqualTo(node.Total.NanoCpus, "CPUs of {0}", node.Id);
            if (node.Total.Slots != ResourceVector.UnlimitedSlots)
            {
                node.Used.Slots.Should().BeLessThanOrEqualTo(node.Total.Slots, "slots of {0}", node.Id);
            }

            node.Containers.Count(container => !container.PortBindings.IsEmpty).Should().BeLessThanOrEqualTo(1, "host port of {0}", node.Id);
        }

        snapshot.Nodes.SelectMany(node => node.Containers).Select(container => container.Name).Where(name => _names.Contains(name, StringComparer.Ordinal))
            .Should().OnlyHaveUniqueItems("a name is given once");
    }

    private static async Task AssertTheClusterKnowsTheTruthAsync(TestCluster cluster)
    {
        var names = new List<string>();
        for (var number = 0; number < Engines; number++)
        {
            var local = cluster.Host(number).Local;
            var truth = new List<ContainerView>();
            foreach (var summary in await local.Containers.ListAsync(CancellationToken.None))
            {
                truth.Add((await local.Containers.InspectAsync(summary.Id, CancellationToken.None)).View);
            }

            var specs = await local.System.GetSpecsAsync(CancellationToken.None);
            var known = cluster.Engine(number);
            known.Containers.Select(container => (container.Id, container.Name, container.State))
                .Should().BeEquivalentTo(truth.Select(container => (container.Id, container.Name, container.State)));
            var used = NodeView.SumOf(truth);
            known.Used.Should().Be(used);
            used.MemoryBytes.Should().BeLessThanOrEqualTo(specs.MemoryBytes);
            used.NanoCpus.Should().BeLessThanOrEqualTo(specs.NanoCpus);
            truth.Count(container => !container.PortBindings.IsEmpty).Should().BeLessThanOrEqualTo(1);
            names.AddRange(truth.Select(container => container.Name).Where(name => _names.Contains(name, StringComparer.Ordinal)));
            if (number == 0)
            {
                truth.Count.Should().BeLessThanOrEqualTo(3);
            }
        }

        names.Should().OnlyHaveUniqueItems();
        cluster.Cluster.Snapshot.Nodes.Sum(node => node.ContainerCount).Should().Be(cluster.Containers.List().Count);
    }
}
