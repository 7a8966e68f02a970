using CsCheck;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class EngineReducerTests
{
    private static readonly EngineState _empty = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };

    [Test]
    public void A_container_that_was_read_is_added_to_the_state_and_its_totals()
    {
        var transition = _empty.Apply(new EngineSignal.ContainerRead(Container("a", memory: 100), 1));

        transition.After.Containers.Select(container => container.Id).Should().Equal("a");
        transition.After.Used.Should().Be(new ResourceVector { MemoryBytes = 100, Slots = 1 });
        transition.Containers.Should().ContainSingle(change => change.Before == null && change.After!.Id == "a");
    }

    [Test]
    public void A_container_that_was_read_again_replaces_the_old_one_in_the_totals()
    {
        var before = _empty.Apply(new EngineSignal.ContainerRead(Container("a", memory: 100), 1)).After;

        var after = before.Apply(new EngineSignal.ContainerRead(Container("a", memory: 30), 2)).After;

        after.Used.Should().Be(new ResourceVector { MemoryBytes = 30, Slots = 1 });
    }

    [Test]
    public void A_container_that_is_gone_leaves_the_totals()
    {
        var before = _empty.Apply(new EngineSignal.ContainerRead(Container("a", memory: 100), 1)).After;

        var transition = before.Apply(new EngineSignal.ContainerGone("a", 2));

        transition.After.Containers.Should().BeEmpty();
        transition.After.Used.Should().Be(default(ResourceVector));
        transition.Containers.Should().ContainSingle(change => change.Before!.Id == "a" && change.After == null);
    }

    [Test]
    public void An_answer_asked_for_before_the_container_went_does_not_bring_it_back()
    {
        var gone = _empty.Apply(new EngineSignal.ContainerGone("a", 5)).After;

        var transition = gone.Apply(new EngineSignal.ContainerRead(Container("a"), 4));

        transition.IsEmpty.Should().BeTrue();
    }

    [Test]
    public void A_list_asked_for_before_the_container_went_does_not_bring_it_back()
    {
        var gone = _empty.Apply(new EngineSignal.ContainerGone("a", 5)).After;

        var after = gone.Apply(new EngineSignal.ContainersRead([Container("a"), Container("b")], 4)).After;

        after.Containers.Select(container => container.Id).Should().Equal("b");
    }

    [Test]
    public void A_list_asked_for_before_the_container_came_does_not_remove_it()
    {
        var fresh = _empty.Apply(new EngineSignal.ContainerRead(Container("a"), 5)).After;

        var after = fresh.Apply(new EngineSignal.ContainersRead([], 4)).After;

        after.Containers.Select(container => container.Id).Should().Equal("a");
    }

    [Test]
    public void A_list_removes_what_it_does_not_hold()
    {
        var before = _empty.Apply(new EngineSignal.ContainersRead([Container("a"), Container("b")], 1)).After;

        var transition = before.Apply(new EngineSignal.ContainersRead([Container("b")], 2));

        transition.After.Containers.Select(container => container.Id).Should().Equal("b");
        transition.Containers.Where(change => change.After == null).Select(change => change.Before!.Id).Should().Equal("a");
    }

    [Test]
    public void A_list_that_arrives_after_a_newer_one_changes_nothing()
    {
        var newer = _empty.Apply(new EngineSignal.ContainersRead([Container("b")], 7)).After;

        var after = newer.Apply(new EngineSignal.ContainersRead([Container("a")], 3)).After;

        after.Containers.Select(container => container.Id).Should().Equal("b");
    }

    [Test]
    public void A_list_with_the_very_same_containers_reports_no_change()
    {
        var container = Container("a");
        var before = _empty.Apply(new EngineSignal.ContainersRead([container], 1)).After;

        var transition = before.Apply(new EngineSignal.ContainersRead([container], 2));

        transition.Containers.Should().BeEmpty();
    }

    [Test]
    public void A_list_forgets_what_was_touched_before_it()
    {
        var before = _empty.Apply(new EngineSignal.ContainerGone("a", 1)).After;

        var after = before.Apply(new EngineSignal.ContainersRead([], 2)).After;

        after.Touched.Should().BeEmpty("the memory of what went must not grow for ever");
    }

    [Test]
    public void A_failure_before_admission_leaves_the_engine_pending_with_the_reason()
    {
        var after = _empty.Apply(new EngineSignal.Failed("no route")).After;

        after.Status.Should().Be(EngineStatus.Pending);
        after.Reason.Should().Be("no route");
        after.HealthIndicator.Should().Be(0);
    }

    [Test]
    public void A_failure_of_an_admitted_engine_makes_it_unhealthy_and_keeps_what_it_held()
    {
        var healthy = Admitted().Apply(new EngineSignal.ContainersRead([Container("a")], 1)).After;

        var after = healthy.Apply(new EngineSignal.Failed("gone")).After;

        after.Status.Should().Be(EngineStatus.Unhealthy);
        after.FailureCount.Should().Be(1);
        after.Containers.Should().ContainSingle();
    }

    [Test]
    public void An_engine_that_recovers_is_healthy_without_failures_or_reason()
    {
        var failed = Admitted().Apply(new EngineSignal.Failed("gone")).After;

        var after = failed.Apply(new EngineSignal.Recovered()).After;

        (after.Status, after.FailureCount, after.Reason, after.HealthIndicator).Should().Be((EngineStatus.Healthy, 0, null, 100));
    }

    [Test]
    public void The_version_grows_with_every_change()
    {
        var first = _empty.Apply(new EngineSignal.Failed("x")).After;
        var second = first.Apply(new EngineSignal.ContainerRead(Container("a"), 1)).After;

        (_empty.Version, first.Version, second.Version).Should().Be((0, 1, 2));
    }

    [Test]
    public void Totals_always_equal_the_sum_over_the_containers_and_changes_always_lead_from_before_to_after()
    {
        var id = Gen.Int[0, 5].Select(number => $"c{number}");
        var position = Gen.Long[0, 30];
        var container = Gen.Select(id, Gen.Long[0, 1000], (name, memory) => Container(name, memory));
        var signal = Gen.OneOf<EngineSignal>(
            Gen.Select(container, position, EngineSignal (view, at) => new EngineSignal.ContainerRead(view, at)),
            Gen.Select(id, position, EngineSignal (name, at) => new EngineSignal.ContainerGone(name, at)),
            Gen.Select(container.Array[0, 5], position, EngineSignal (views, at) => new EngineSignal.ContainersRead([.. views.DistinctBy(view => view.Id)], at)));

        signal.Array[0, 30].Sample(signals =>
        {
            var state = _empty;
            foreach (var each in signals)
            {
                var transition = state.Apply(each);
                var replayed = transition.Before.Containers.ToDictionary(view => view.Id);
                foreach (var change in transition.Containers)
                {
                    if (change.After is null)
                    {
                        replayed.Remove(change.Before!.Id);
                    }
                    else
                    {
                        replayed[change.After.Id] = change.After;
                    }
                }

                state = transition.After;
                state.Used.Should().Be(NodeView.SumOf(state.Containers));
                state.Totals.Count.Should().Be(state.Containers.Length);
                for (var port = 0; port < 10; port++)
                {
                    state.Totals.Ports.IsTaken(Port(port)).Should().Be(state.Containers.Any(view => view.PortBindings.Contains(Port(port))));
                }

                state.Containers.Select(view => view.Id).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
                replayed.Values.OrderBy(view => view.Id, StringComparer.Ordinal).Should().Equal(state.Containers);
            }
        });
    }

    [Test]
    public void Containers_beyond_the_limit_degrade_the_engine_and_keep_new_work_away_until_they_are_gone()
    {
        var over = Admitted().Apply(new EngineSignal.ContainersRead([Container("a"), Container("b")], 1, Uncounted: 3)).After;

        over.IsDegraded.Should().BeTrue();
        over.IsEligible.Should().BeFalse();
        over.Degradations.Should().ContainSingle(each => each.Kind == EngineDegradationKind.TooManyContainers && each.BlocksNewWork && each.Reason.Contains('3'));
        over.Status.Should().Be(EngineStatus.Healthy);

        var back = over.Apply(new EngineSignal.ContainersRead([Container("a"), Container("b")], 2)).After;

        back.IsDegraded.Should().BeFalse();
        back.IsEligible.Should().BeTrue();
    }

    [Test]
    public void A_container_that_is_one_too_many_is_not_followed_but_noticed()
    {
        var full = Admitted().Apply(new EngineSignal.ContainersRead([Container("a"), Container("b")], 1)).After;

        var over = full.Apply(new EngineSignal.ContainerRead(Container("c", memory: 5), 2, MostContainers: 2)).After;

        over.Containers.Select(container => container.Id).Should().Equal("a", "b");
        over.Degradations.Select(each => each.Kind).Should().Equal(EngineDegradationKind.TooManyContainers);
        over.Apply(new EngineSignal.ContainerRead(Container("d"), 3, MostContainers: 2)).IsEmpty.Should().BeTrue();
        over.Apply(new EngineSignal.ContainerRead(Container("a", memory: 7), 4, MostContainers: 2)).After.Used.MemoryBytes.Should().Be(7);
    }

    [Test]
    public void A_container_that_was_never_read_keeps_new_work_away_until_it_is_read_or_gone()
    {
        var unread = Admitted().Apply(new EngineSignal.ContainersRead([Container("a") with { IsUnread = true }, Container("b")], 1)).After;

        unread.IsEligible.Should().BeFalse();
        unread.Degradations.Should().ContainSingle().Which.Reason.Should().Contain("such as a");
        unread.Apply(new EngineSignal.ContainerRead(Container("a", memory: 3), 2)).After.IsEligible.Should().BeTrue();
        unread.Apply(new EngineSignal.ContainerGone("a", 2)).After.IsDegraded.Should().BeFalse();
        unread.Apply(new EngineSignal.ContainerRead(Container("b", memory: 3), 2)).After.IsDegraded.Should().BeTrue();
    }

    [Test]
    public void Too_many_images_networks_or_volumes_degrade_an_engine_that_goes_on_getting_work()
    {
        var state = Admitted()
            .Apply(new EngineSignal.ImagesRead([], 1)).After
            .Apply(new EngineSignal.NetworksRead([], 2)).After
            .Apply(new EngineSignal.VolumesRead([], 3)).After;

        state.Degradations.Select(each => each.Kind).Should().Equal(
            EngineDegradationKind.TooManyImages, EngineDegradationKind.TooManyNetworks, EngineDegradationKind.TooManyVolumes);
        state.IsEligible.Should().BeTrue();
        state.Apply(new EngineSignal.NetworksRead([])).After.Degradations.Should().HaveCount(2);
    }

    [Test]
    public void Legacy_K21_a_network_that_is_gone_does_not_hide_who_is_on_the_others()
    {
        var endpoint = new ContainerNetwork("front", "net-1", "ep", "02:42", "10.0.0.2/24", "");
        var state = Admitted()
            .Apply(new EngineSignal.NetworksRead([new NetworkView { Id = "net-1", Name = "front" }, new NetworkView { Id = "net-2", Name = "back" }])).After
            .Apply(new EngineSignal.ContainersRead(
            [
                Container("a") with { Names = ["/stopped"], Networks = [endpoint with { Name = "deleted", NetworkId = "net-9" }] },
                Container("b") with { Names = ["/web"], Networks = [endpoint, endpoint with { Name = "deleted", NetworkId = "net-9" }] },
            ], 1)).After;

        state.FindAttached("net-1").Should().Equal(new NetworkAttachedContainer("b", "web", endpoint));
        state.FindAttached("net-2").Should().BeEmpty();
        state.FindAttached("net-9").Should().BeEmpty();
        state.Apply(new EngineSignal.ContainerGone("b", 2)).After.FindAttached("net-1").Should().BeEmpty();
    }

    private static EngineState Admitted() => _empty.Apply(new EngineSignal.Admitted("id")).After.Apply(new EngineSignal.Recovered()).After;

    private static ContainerView Container(string id, long memory = 0) => new()
    {
        Id = id,
        Resources = new ResourceVector { MemoryBytes = memory, Slots = 1 },
        PortBindings = memory == 0 ? [] : [Port(memory % 10)],
    };

    private static PortBinding Port(long number) => new("80/tcp", "", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
