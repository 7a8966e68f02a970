using CsCheck;

namespace Swarm.Core.Discovery;

public class DiscoveryDiffTests
{
    [Test]
    public void What_is_only_in_the_next_set_joined_and_what_is_only_in_the_current_one_left()
    {
        var diff = DiscoveryDiff<string>.Between(["a", "b", "c"], ["d", "b", "e"]);

        diff.Joined.Should().Equal("d", "e");
        diff.Left.Should().Equal("a", "c");
    }

    [Test]
    public void Equal_sets_give_an_empty_difference()
    {
        var diff = DiscoveryDiff<string>.Between(["a", "b"], ["b", "a"]);

        (diff.Joined.IsEmpty, diff.Left.IsEmpty).Should().Be((true, true));
    }

    [Test]
    public void Applying_the_difference_to_the_current_set_gives_the_next_one()
    {
        Gen.Select(Gen.Int[0, 20].List[0, 15], Gen.Int[0, 20].List[0, 15]).Sample((current, next) =>
        {
            var diff = DiscoveryDiff<int>.Between(current, next);
            return current.Except(diff.Left).Union(diff.Joined).Order().SequenceEqual(next.Distinct().Order());
        });
    }
}
