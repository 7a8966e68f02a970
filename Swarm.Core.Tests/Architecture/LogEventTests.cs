using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Swarm.Core.Architecture;

public class LogEventTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // The hundreds of the IDs that a layer may use. What discovery delivers and scheduling decides is followed, and logged, by the cluster, and so is
    // what befalls its diagnostics.
    private static readonly Dictionary<string, int[]> _hundreds = new()
    {
        ["Discovery"] = [1],
        ["Scheduling"] = [2],
        ["Engines"] = [3],
        ["Clustering"] = [1, 2, 4],
        ["Diagnostics"] = [4],
        ["Rescheduling"] = [5],
        ["Leadership"] = [6],
    };

    private static IReadOnlyList<(string Layer, LoggerMessageAttribute Event)> Events { get; } =
    [
        .. PackedLibraries.Names.SelectMany(name => Assembly.Load(name).GetTypes())
            .SelectMany(type => type.GetMethods(Declared), (type, method) => (Layer: type.Namespace?.Split('.')[^1] ?? "", Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(each => each.Event is not null)
            .Select(each => (each.Layer, each.Event!))
            .OrderBy(each => each.Item2.EventId),
    ];

    [Test]
    public void The_documentation_lists_every_event_as_it_is_logged()
    {
        var listed = File.ReadLines(SourceTree.At("docs", "log-events.md")).Where(line => line.StartsWith('|')).Skip(2);

        listed.Should().Equal(Events.Select(each => $"| {each.Event.EventId} | {each.Event.Level} | {each.Event.EventName} | {each.Event.Message} |"));
    }

    [Test]
    public void An_event_has_an_ID_and_a_name_of_its_own()
    {
        Events.Should().NotBeEmpty();
        Events.Select(each => each.Event.EventId).Should().OnlyHaveUniqueItems();
        Events.Select(each => each.Event.EventName).Should().OnlyHaveUniqueItems().And.NotContainNulls();
    }

    [Test]
    public void The_ID_of_an_event_tells_the_layer_it_is_about()
    {
        Events.Where(each => !_hundreds.GetValueOrDefault(each.Layer, []).Contains(each.Event.EventId / 100))
            .Select(each => $"{each.Layer}: {each.Event.EventId} {each.Event.EventName}")
            .Should().BeEmpty();
    }
}
