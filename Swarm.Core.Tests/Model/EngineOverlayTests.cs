namespace Swarm.Core.Model;

public sealed class EngineOverlayTests
{
    private static readonly LabelSet _own = LabelSet.Create(KeyValuePair.Create("region", "eu"), KeyValuePair.Create("storage", "ssd"));

    [Test]
    public void Its_labels_win_over_the_engines_own_and_null_takes_one_away()
    {
        var overlay = EngineOverlay.Empty.WithLabel("region", "us").WithLabel("storage", null).WithLabel("rack", "r1");

        overlay.ApplyTo(_own).Should().Equal(LabelSet.Create(KeyValuePair.Create("rack", "r1"), KeyValuePair.Create("region", "us")));
    }

    [Test]
    public void Without_labels_the_engines_set_stays_the_very_same() =>
        EngineOverlay.Empty.WithTaint(new Taint("a")).ApplyTo(_own).Should().BeSameAs(_own);

    [Test]
    public void A_label_that_is_taken_back_lets_the_engines_own_show_again() =>
        EngineOverlay.Empty.WithLabel("region", "us").WithoutLabel("region").ApplyTo(_own)["region"].Should().Be("eu");

    [Test]
    public void Two_overlays_are_equal_when_they_say_the_same()
    {
        var one = new EngineOverlay { Labels = new Dictionary<string, string?> { ["b"] = null, ["a"] = "1" }, Taints = [new Taint("t", "v")], IsEligible = false, Reason = "repair" };
        var same = EngineOverlay.Empty.WithLabel("a", "1").WithLabel("b", null).WithTaint(new Taint("t", "v")) with { IsEligible = false, Reason = "repair" };

        one.Should().Be(same);
        one.GetHashCode().Should().Be(same.GetHashCode());
        one.Should().NotBe(same.WithLabel("b", "")).And.NotBe(same.WithoutTaint("t")).And.NotBe(same with { Reason = null }).And.NotBe(same with { IsEligible = true });
    }

    [Test]
    public void A_taint_is_held_once()
    {
        var overlay = EngineOverlay.Empty.WithTaint(new Taint("a", "1")).WithTaint(new Taint("a", "1")).WithTaint(new Taint("a", "2"));

        overlay.Taints.Should().Equal(new Taint("a", "1"), new Taint("a", "2"));
        overlay.WithoutTaint("a").Should().Be(EngineOverlay.Empty);
    }

    [TestCase("", "x")]
    [TestCase("node", "x")]
    public void A_key_that_no_label_can_have_is_refused(string key, string value) =>
        FluentActions.Invoking(() => EngineOverlay.Empty.WithLabel(key, value)).Should().Throw<ArgumentException>();

    [Test]
    public void A_label_without_end_is_refused() =>
        FluentActions.Invoking(() => EngineOverlay.Empty.WithLabel("a", new string('x', 4096))).Should().Throw<ArgumentException>();

    [Test]
    public void An_engine_is_eligible_only_where_discovery_and_the_host_program_both_let_it()
    {
        var state = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") };

        state.IsEligible.Should().BeTrue();
        (state with { Overlay = new EngineOverlay { IsEligible = false, Reason = "repair" } }).IneligibleReason.Should().Be("repair");
        (state with { Overlay = new EngineOverlay { IsEligible = false } }).IsEligible.Should().BeFalse();
        (state with { IsDiscovered = false }).IneligibleReason.Should().Contain("discovery");
        (state with { IsDiscovered = false, Overlay = new EngineOverlay { IsEligible = true } }).IsEligible.Should().BeFalse();
    }

    [Test]
    public void The_labels_of_a_state_follow_its_overlay_and_its_specs()
    {
        var state = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375"), Specs = new EngineSpecs { DaemonId = "d", Name = "n", Labels = _own } };
        state.Labels.Should().BeSameAs(_own);

        var overlaid = state with { Overlay = EngineOverlay.Empty.WithLabel("region", "us") };
        overlaid.Labels["region"].Should().Be("us");

        (overlaid with { Specs = overlaid.Specs! with { Labels = LabelSet.Empty } }).Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("region", "us")));
    }
}
