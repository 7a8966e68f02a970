using System.Collections.Immutable;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What is counted is held against what the heap really grows by.</summary>
[NonParallelizable]
public sealed class KeptSizeTests
{
    [TestCase("View", 2000)]
    [TestCase("WithLabels", 40)]
    [TestCase("WithSchedulingLabels", 40)]
    [TestCase("WithPorts", 20)]
    [TestCase("WithNetworks", 100)]
    [TestCase("WithNames", 60)]
    public void A_container_takes_no_more_than_is_counted_with_its_places_in_totals_and_look_ups(string kind, int count)
    {
        Func<int, ContainerView> make = kind switch
        {
            "WithLabels" => Large.WithLabels,
            "WithSchedulingLabels" => Large.WithSchedulingLabels,
            "WithPorts" => number => Large.WithPorts(number),
            "WithNetworks" => number => Large.WithNetworks(number),
            "WithNames" => number => Large.WithNames(number),
            _ => Large.View,
        };
        var heap = HeapGrowth.Of(() => Keep(make, count));

        var counted = Keep(make, count).Containers.Sum(container => (long)container.KeptBytes);
        TestContext.Out.WriteLine($"{kind}: {heap / count} bytes of the heap, {counted / count} counted");
        heap.Should().BeLessThan(counted);
        counted.Should().BeLessThan(3 * heap, "what is counted far too high is taken from somebody");
    }

    [Test]
    public void Images_networks_and_volumes_take_no_more_than_is_counted()
    {
        var heap = HeapGrowth.Of(() => Things());

        var (images, networks, volumes) = Things();
        var counted = KeptThings.SizeOf(images, KeptSize.Of) + KeptThings.SizeOf(networks, KeptSize.Of) + KeptThings.SizeOf(volumes, KeptSize.Of);
        heap.Should().BeLessThan(counted);
        counted.Should().BeLessThan(3 * heap);
    }

    private static (ImmutableArray<ImageView> Images, ImmutableArray<NetworkView> Networks, ImmutableArray<VolumeView> Volumes) Things()
    {
        const int Count = 300;
        return (
            [.. Enumerable.Range(0, Count).Select(number => new ImageView { Id = $"sha256:{number:x64}", RepoTags = [.. Enumerable.Range(0, 40).Select(tag => $"image-{number}:{tag}")], Labels = Large.Labels(number, 5) })],
            [.. Enumerable.Range(0, Count).Select(number => new NetworkView { Id = $"{number:x64}", Name = $"net-{number}", Labels = Large.Labels(number, 5) })],
            [.. Enumerable.Range(0, Count).Select(number => new VolumeView { Name = $"{number:x64}", Labels = Large.Labels(number, 5) })]);
    }

    private static (ImmutableArray<ContainerView> Containers, ContainerTotals Totals, ContainerIndex Index) Keep(Func<int, ContainerView> make, int count)
    {
        ImmutableArray<ContainerView> containers = [.. Enumerable.Range(0, count).Select(number => Large.Counted(make(number)))];
        var index = new ContainerIndex();
        foreach (var container in containers)
        {
            index.Add("ID", container);
        }

        return (containers, ContainerTotals.Of(containers), index);
    }
}
