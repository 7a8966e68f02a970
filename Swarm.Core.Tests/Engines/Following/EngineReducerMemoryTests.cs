using System.Collections.Immutable;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class EngineReducerMemoryTests
{
    private static readonly EngineSpecs _specs = new() { DaemonId = "ID", Name = "host" };
    private static readonly ImmutableArray<ImageView> _images = [.. Enumerable.Range(0, 20).Select(number => new ImageView { Id = $"{number:x64}", Labels = Large.Labels(number, 10) })];
    private static readonly ImmutableArray<NetworkView> _networks = [.. Enumerable.Range(0, 20).Select(number => new NetworkView { Id = $"{number:x64}", Name = "net" })];
    private static readonly ImmutableArray<VolumeView> _volumes = [.. Enumerable.Range(0, 20).Select(number => new VolumeView { Name = $"{number:x64}", Labels = Large.Labels(number, 10) })];

    [Test]
    public void The_account_is_what_is_kept_whatever_came_changed_and_went()
    {
        var state = Full();
        state = state.Apply(new EngineSignal.ContainerRead(Large.Counted(Large.WithPorts(3)), 2)).After;
        state = state.Apply(new EngineSignal.ContainerRead(Large.Counted(Large.WithNetworks(50)), 3)).After;
        state = state.Apply(new EngineSignal.ContainerGone(Large.View(4).Id, 4)).After;
        state = state.Apply(new EngineSignal.ImagesRead(_images[..5])).After;

        state.Kept.Containers.Should().Be(state.Containers.Sum(container => (long)container.KeptBytes));
        state.Wanted.Should().Be(state.Kept);
        state.KeptBytes.Should().Be(
            state.Kept.Containers + KeptSize.Of(_specs) + KeptThings.SizeOf(_images[..5], KeptSize.Of) + KeptThings.SizeOf(_networks, KeptSize.Of) + KeptThings.SizeOf(_volumes, KeptSize.Of));
    }

    [Test]
    public void Volumes_go_first_then_networks_then_images_then_parts_of_containers()
    {
        var full = Full();

        Fit(full, full.KeptBytes - 1).Should().Match<EngineState>(state => state.LeftOut == new LeftOut { VolumeLabels = true } && state.Volumes.Length == 20);
        Fit(full, full.KeptBytes - full.Kept.Volumes).Should().Match<EngineState>(state => state.Volumes.IsEmpty && state.Networks.Length == 20 && state.Images == full.Images);
        Fit(full, full.Kept.Specs + full.Kept.Containers + full.Kept.Images + (full.Kept.Networks / 2)).Should()
            .Match<EngineState>(state => state.Volumes.IsEmpty && state.Networks.Length == 10 && state.Images == full.Images && state.LeftOut.Networks == 10);
        Fit(full, full.Kept.Specs + full.Kept.Containers).Should()
            .Match<EngineState>(state => state.Images.IsEmpty && state.Networks.IsEmpty && state.Volumes.IsEmpty && state.Detail == ContainerDetail.Whole);
        Fit(full, full.Kept.Specs + full.Kept.Containers - 1).Should().Match<EngineState>(state => state.Detail == ContainerDetail.WithoutAnswer && state.IsEligible);
        Fit(full, full.Kept.Specs + (full.Kept.Containers / 4)).Should().Match<EngineState>(state => state.Detail == ContainerDetail.WithoutDetails && !state.IsEligible);
        Fit(full, 0).Should().Match<EngineState>(state => state.Detail == ContainerDetail.Core && !state.IsEligible);
    }

    [TestCase(1.0)]
    [TestCase(0.9)]
    [TestCase(0.5)]
    [TestCase(0.25)]
    public void What_is_kept_fits(double part)
    {
        var full = Full();
        var allowance = (long)(full.KeptBytes * part);

        Fit(full, allowance).KeptBytes.Should().BeLessThanOrEqualTo(allowance);
    }

    [Test]
    public void What_is_left_out_is_told_with_the_numbers()
    {
        var full = Full();

        var beside = Fit(full, full.KeptBytes - full.Kept.Volumes).Degradations.Should().ContainSingle().Which;
        beside.Should().Match<EngineDegradation>(each => each.Kind == EngineDegradationKind.TooMuchMemory && !each.BlocksNewWork && each.Observed == full.KeptBytes && each.Limit == full.KeptBytes - full.Kept.Volumes);
        beside.Reason.Should().Contain("20 volumes").And.Contain($"{full.KeptBytes} bytes");

        var core = Fit(full, 0).Degradations.Should().ContainSingle().Which;
        core.Should().Match<EngineDegradation>(each => each.Kind == EngineDegradationKind.AbridgedContainers && each.BlocksNewWork);
    }

    [Test]
    public void Names_room_and_few_ports_count_on_whatever_is_left_out()
    {
        var full = Full().Apply(new EngineSignal.ContainerRead(Large.Counted(Large.WithPorts(60, ports: 3)), 2)).After;

        var fitted = Fit(full, 0);

        fitted.Used.Should().Be(full.Used);
        fitted.Containers.Select(container => container.Name).Should().Equal(full.Containers.Select(container => container.Name));
        fitted.FindContainer(Large.View(60).Id)!.PortBindings.Should().HaveCount(3);
        fitted.Totals.Count.Should().Be(fitted.Containers.Length);
        fitted.Wanted.Should().Be(full.Wanted);
    }

    [Test]
    public void A_container_that_comes_while_others_are_abridged_is_kept_like_them()
    {
        var fitted = Fit(Full(), 0);

        var after = fitted.Apply(new EngineSignal.ContainerRead(Large.Counted(Large.WithLabels(70)), 9)).After;

        after.FindContainer(Large.View(70).Id)!.Detail.Should().Be(ContainerDetail.Core);
        after.Wanted.Containers.Should().Be(fitted.Wanted.Containers + Large.Counted(Large.WithLabels(70)).WholeBytes);
    }

    [Test]
    public void A_reading_that_fits_shows_everything_again()
    {
        var full = Full();
        var state = Fit(full, 0);

        state = state.Apply(new EngineSignal.ContainersRead(full.Containers, 9)).After;
        state = state.Apply(new EngineSignal.ImagesRead(_images)).After;
        state = state.Apply(new EngineSignal.NetworksRead(_networks)).After;
        state = state.Apply(new EngineSignal.VolumesRead(_volumes)).After;

        state.Should().Match<EngineState>(each => each.Detail == ContainerDetail.Whole && each.LeftOut == default && !each.IsDegraded && each.KeptBytes == full.KeptBytes);
    }

    [Test]
    public void What_a_signal_brings_and_what_is_left_out_for_it_is_one_change()
    {
        var state = Full();
        var transition = state.Apply(new EngineSignal.ContainerRead(Large.Counted(Large.WithPorts(70)), 9)).Fit(state.Kept.Specs + 200_000);

        transition.Before.Should().BeSameAs(state);
        transition.After.KeptBytes.Should().BeLessThanOrEqualTo(state.Kept.Specs + 200_000);
        transition.Containers.Should().HaveCount(state.Containers.Length + 1).And.OnlyHaveUniqueItems(change => change.After!.Id);
        transition.Containers.Single(change => change.After!.Id == Large.View(70).Id).Before.Should().BeNull();
        transition.Containers.Where(change => change.Before is not null).Should().OnlyContain(change => ReferenceEquals(change.Before, state.FindContainer(change.After!.Id)));
    }

    [Test]
    public void A_container_that_goes_while_others_are_abridged_for_it_is_told_as_gone()
    {
        var state = Full();
        var transition = state.Apply(new EngineSignal.ContainerGone(Large.View(1).Id, 9)).Fit(0);

        transition.Containers.Should().ContainSingle(change => change.After == null).Which.Before!.Id.Should().Be(Large.View(1).Id);
        transition.Containers.Should().HaveCount(state.Containers.Length);
    }

    [Test]
    public void Where_nothing_is_left_to_leave_out_nothing_more_is_tried()
    {
        var full = Full();

        full.CanFit(full.KeptBytes).Should().BeFalse();
        full.CanFit(full.KeptBytes - 1).Should().BeTrue();
        Fit(full, 0).CanFit(0).Should().BeFalse();
    }

    private static EngineState Fit(EngineState state, long allowance) => state.Apply(new EngineSignal.Fitted(allowance)).After;

    // Containers of which half have ordinary labels, and half an answer that they could be made again from.
    private static EngineState Full()
    {
        var containers = Enumerable.Range(0, 10).Select(number => Large.Counted(number % 2 == 0 ? Large.WithLabels(number) : Large.View(number) with { Inspection = new byte[100_000] }))
            .OrderBy(container => container.Id, StringComparer.Ordinal).ToImmutableArray();
        EngineSignal[] signals =
        [
            new EngineSignal.Described(_specs),
            new EngineSignal.ContainersRead(containers, 1),
            new EngineSignal.ImagesRead(_images),
            new EngineSignal.NetworksRead(_networks),
            new EngineSignal.VolumesRead(_volumes),
            new EngineSignal.Admitted("ID"),
            new EngineSignal.Recovered(),
        ];
        return signals.Aggregate(new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") }, (state, signal) => state.Apply(signal).After);
    }
}
