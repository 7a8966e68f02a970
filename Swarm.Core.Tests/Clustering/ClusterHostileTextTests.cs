using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>A cluster in which tenants, engines and discovery choose their words as badly as they can: nothing for people repeats them.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ClusterHostileTextTests
{
    private static readonly EngineAddress _hostile = TestCluster.AddressOf(0);

    [TestCaseSource(typeof(Hostile), nameof(Hostile.Words))]
    public async Task Nothing_for_people_repeats_hostile_words(string words)
    {
        using var logs = new RecordingLoggerFactory();
        var tags = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwarmDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Enqueue(tags, [activity.DisplayName, activity.StatusDescription, .. activity.TagObjects.Select(tag => Convert.ToString(tag.Value, CultureInfo.InvariantCulture))]),
        };
        ActivitySource.AddActivityListener(listener);
        var errors = new List<Exception>();
        await using var cluster = TestCluster.Create(
            engines: 3,
            connector: hosts => new TappedConnector(hosts) { OnConnected = engine => Taint(engine, words) },
            logs: logs);
        using var events = cluster.Cluster.Events.Subscribe();
        await cluster.Host(0).Local.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "by-hand" }, default);

        await cluster.StartAsync();
        await Try(() => cluster.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Labels = LabelSet.Create([KeyValuePair.Create("a", words)]) }));
        await Try(() => cluster.Containers.RunAsync(new ContainerSpec { Image = words }));
        await Try(() => cluster.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Constraints = ["region==" + words] }));
        await Try(() => cluster.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = words }));
        await Try(() => cluster.Containers.CreateAsync(new ContainerSpec { Image = "busybox" }, new PlacementOptions { Strategy = words }));
        await Try(() => cluster.Containers.CreateAsync(new ContainerSpec { Image = "busybox" }, new PlacementOptions { ForbiddenEngines = [words], RequiredLabels = LabelSet.Create([KeyValuePair.Create(words, words)]) }));
        await Try(() => cluster.Containers.RemoveAsync(words));
        await Try(() => cluster.Containers.RemoveAsync("by-hand"));
        await Try(() => cluster.Containers.RenameAsync("by-hand", words));
        await Try(() => cluster.Cluster.Engines.SetOverlayAsync(words, EngineOverlay.Empty with { IsEligible = false, Reason = words }));
        await Try(() => cluster.Cluster.Engines.SetOverlayAsync("ID-2", EngineOverlay.Empty with { IsEligible = false, Reason = words }));
        await Try(() =>
        {
            cluster.Cluster.Engines.Get(words);
            return Task.CompletedTask;
        });

        errors.Should().HaveCountGreaterThan(5);
        foreach (var error in errors.OfType<SwarmException>())
        {
            Fit(error.Message, error is PlacementException);
            Fit(error.ToString(), isOfLines: true);
        }

        foreach (var line in logs.Lines)
        {
            Fit(line, isOfLines: true);
        }

        foreach (var tag in tags)
        {
            Fit(tag);
        }

        foreach (var state in cluster.Cluster.Engines.List())
        {
            string?[] texts = [state.Reason, state.IneligibleReason, state.Name, state.Id, .. state.Degradations.Select(each => each.Reason), .. state.Specs?.Warnings ?? []];
            foreach (var text in texts)
            {
                Fit(text ?? "");
            }
        }

        await foreach (var happened in events)
        {
            if (happened is EngineChanged changed)
            {
                Fit(changed.Reason ?? "");
                Fit(changed.EngineName);
                Fit(changed.EngineId);
                if (changed.EngineId == "ID-2" && changed.Kind is EngineEventKind.Updated)
                {
                    break;
                }
            }
        }

        async Task Try(Func<Task> work)
        {
            try
            {
                await work();
            }
            catch (Exception exception)
            {
                errors.Add(exception);
            }
        }
    }

    // The first refuses everything, the second says nonsense of itself, the third warns.
    private static void Taint(TappedEngine engine, string words)
    {
        if (engine.Address == _hostile)
        {
            engine.OnInspected = inspection => inspection with { View = inspection.View with { Names = ["/by-hand", "/" + words], Labels = LabelSet.Create([KeyValuePair.Create("label", words)]), Image = words } };
            engine.OnCreate = (_, _, _) => throw new EngineApiException(engine.Address, "create container", HttpStatusCode.InternalServerError, words, new IOException(words));
            engine.OnRemove = (_, _) => throw new EngineApiException(engine.Address, "remove container", HttpStatusCode.InternalServerError, words);
        }

        engine.OnSpecs = specs => engine.Address == TestCluster.AddressOf(1) ? specs with { Name = words, ServerVersion = words } : specs with { Warnings = [words] };
    }

    private static void Enqueue(ConcurrentQueue<string> queue, IEnumerable<string?> texts)
    {
        foreach (var text in texts)
        {
            queue.Enqueue(text ?? "");
        }
    }

    private static void Fit(string text, bool isOfLines = false) => Hostile.FindProblem(text, isOfLines).Should().BeNull();
}
