namespace Swarm.Core.Engines;

public sealed class RecentlyGoneTests
{
    [Test]
    public void A_container_is_remembered_once()
    {
        var gone = new RecentlyGone();

        gone.Add("a").Should().BeTrue();
        gone.Add("a").Should().BeFalse();
        gone.Add("b").Should().BeTrue();
    }

    [Test]
    public void Of_very_many_the_last_are_remembered()
    {
        var gone = new RecentlyGone();
        for (var number = 0; number <= RecentlyGone.Capacity; number++)
        {
            gone.Add($"c{number}");
        }

        gone.Add($"c{RecentlyGone.Capacity}").Should().BeFalse();
        gone.Add("c1").Should().BeFalse();
        gone.Add("c0").Should().BeTrue("it is one too many, and the oldest");
    }

    [Test]
    public void Letters_in_another_order_are_another_container()
    {
        var gone = new RecentlyGone();
        gone.Add("abc");

        gone.Add("acb").Should().BeTrue();
        gone.Add("bac").Should().BeTrue();
    }
}
