using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class KeptContainersTests
{
    private static readonly EngineState _unknown = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };

    [Test]
    public void What_fits_is_kept_whole()
    {
        var containers = new[] { Large.WithLabels(2), Large.WithPorts(1) }.Select(Large.Counted).ToArray();
        var kept = Keep(containers, long.MaxValue);

        kept.InOrder().Should().Equal(containers[1], containers[0]);
        kept.Detail.Should().Be(ContainerDetail.Whole);
        kept.KeptBytes.Should().Be(kept.WantedBytes).And.Be(containers.Sum(each => (long)each.WholeBytes));
    }

    [Test]
    public void Never_is_more_held_than_may_be_and_the_one_that_made_it_too_much()
    {
        const long Allowance = 2_000_000;
        var kept = new KeptContainers(_unknown);
        for (var number = 0; number < 200; number++)
        {
            kept.Add(Large.Counted(Large.WithLabels(number)), Allowance);
            kept.KeptBytes.Should().BeLessThanOrEqualTo(Allowance);
        }

        kept.Detail.Should().Be(ContainerDetail.WithoutDetails);
        kept.WantedBytes.Should().BeGreaterThan(200 * 200_000L);
        kept.InOrder().Should().HaveCount(200).And.OnlyContain(each => each.Resources.MemoryBytes == A.GiB && each.Name.StartsWith('c') && each.OmittedLabels == 128);
    }

    [Test]
    public void All_are_kept_as_wholly_as_fits_in_whatever_order_they_come()
    {
        ContainerView[] containers = [.. Enumerable.Range(0, 30).Select(number => Large.Counted(number % 3 == 0 ? Large.WithLabels(number) : Large.View(number) with { Inspection = new byte[50_000] }))];
        var withoutAnswers = containers.Sum(each => (long)ContainerAbridger.Abridge(each, ContainerDetail.WithoutAnswer).KeptBytes);

        foreach (var order in new[] { containers, [.. containers.Reverse()], [.. containers.OrderBy(each => each.WholeBytes)] })
        {
            Keep(order, withoutAnswers).Detail.Should().Be(ContainerDetail.WithoutAnswer);
            Keep(order, withoutAnswers - 1).Detail.Should().Be(ContainerDetail.WithoutDetails);
            Keep(order, 0).Detail.Should().Be(ContainerDetail.Core);
        }
    }

    [Test]
    public void However_little_there_is_every_container_is_known_and_counted() =>
        Keep([.. Enumerable.Range(0, 10).Select(number => Large.Counted(Large.WithSchedulingLabels(number)))], 0).InOrder()
            .Should().HaveCount(10).And.OnlyContain(each => each.Resources.MemoryBytes == A.GiB && each.SwarmId.Length == 64 && each.Name.Length > 0);

    [Test]
    public void A_container_that_shows_as_it_was_keeps_its_object()
    {
        var first = Keep([.. Enumerable.Range(0, 20).Select(number => Large.Counted(Large.WithLabels(number)))], 500_000);
        var known = _unknown with { Containers = first.InOrder() };

        var second = new KeptContainers(known);
        foreach (var number in Enumerable.Range(0, 20))
        {
            second.Add(Large.Counted(Large.WithLabels(number)), 500_000);
        }

        second.InOrder().Zip(first.InOrder(), ReferenceEquals).Should().AllBeEquivalentTo(true);
    }

    private static KeptContainers Keep(IEnumerable<ContainerView> containers, long allowance)
    {
        var kept = new KeptContainers(_unknown);
        foreach (var container in containers)
        {
            kept.Add(container, allowance);
        }

        return kept;
    }
}
