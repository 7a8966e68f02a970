using CsCheck;

namespace Swarm.Core.Model;

public sealed class NamedResourcesTests
{
    private static readonly Gen<NamedResources> _resources = Gen.Select(Gen.OneOf("A", "a", "b", "gpu"), Gen.Long[-3, 3], KeyValuePair.Create)
        .Array[0, 4].Select(amounts => NamedResources.Create(amounts.DistinctBy(amount => amount.Key)));

    [Test]
    public void An_absent_resource_counts_0() => NamedResources.Create([new("gpu", 2)])["GPU"].Should().Be(0);

    [Test]
    public void Names_are_in_ordinal_order_and_amounts_of_0_are_left_out() =>
        NamedResources.Create([new("b", 1), new("a", 2), new("c", 0), new("B", 3)]).Select(amount => amount.Key).Should().Equal("B", "a", "b");

    [Test]
    public void A_name_given_twice_is_refused() =>
        FluentActions.Invoking(() => NamedResources.Create([new("gpu", 0), new("gpu", 1)])).Should().Throw<ArgumentException>().WithMessage("*'gpu' is given twice*");

    [TestCase("")]
    [TestCase(null)]
    public void A_name_is_needed(string? name) =>
        FluentActions.Invoking(() => NamedResources.Create([new(name!, 1)])).Should().Throw<ArgumentException>().WithMessage("*needs a name*");

    [Test]
    public void Nothing_left_is_the_empty_set()
    {
        var gpu = NamedResources.Create([new("gpu", 2)]);

        gpu.Minus(gpu).Should().BeSameAs(NamedResources.Empty);
    }

    [Test]
    public void Every_result_is_what_its_amounts_make() => Gen.Select(_resources, _resources).Sample((left, right) =>
    {
        string[] names = ["A", "a", "b", "gpu"];
        left.Plus(right).Should().Equal(NamedResources.Create(names.Select(name => KeyValuePair.Create(name, left[name] + right[name]))));
        left.Minus(right).Should().Equal(NamedResources.Create(names.Select(name => KeyValuePair.Create(name, left[name] - right[name]))));
    });

    [Test]
    public void Equal_means_the_same_amounts() => Gen.Select(_resources, _resources).Sample((left, right) =>
    {
        left.Equals(right).Should().Be(left.ToString() == right.ToString());
        left.Plus(right).GetHashCode().Should().Be(right.Plus(left).GetHashCode());
    });
}
