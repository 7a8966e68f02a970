using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

public sealed class LabelSetTests
{
    private static readonly Gen<KeyValuePair<string, string>[]> _pairs =
        Gen.Select(Gen.String[Gen.Char["aAbBé-."], 0, 3], Gen.String[Gen.Char.AlphaNumeric, 0, 2], KeyValuePair.Create).Array[0, 12];

    [Test]
    public void It_holds_what_a_dictionary_holds_of_the_same_pairs() => _pairs.Sample(pairs =>
    {
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            expected[key] = value;
        }

        var labels = LabelSet.Create(pairs);

        labels.Should().Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        labels.Count.Should().Be(expected.Count);
        foreach (var (key, _) in pairs)
        {
            labels[key].Should().Be(expected[key]);
            labels.ContainsKey(key + "x").Should().Be(expected.ContainsKey(key + "x"));
        }
    });

    [Test]
    public void The_order_of_the_pairs_makes_no_difference() => _pairs.Sample(pairs =>
    {
        var distinct = pairs.DistinctBy(pair => pair.Key).ToArray();
        var labels = LabelSet.Create(distinct);
        var reversed = LabelSet.Create(distinct.Reverse());

        reversed.Equals(labels).Should().BeTrue();
        reversed.GetHashCode().Should().Be(labels.GetHashCode());
    });

    [Test]
    public void A_different_value_makes_a_different_set() =>
        LabelSet.Create([new("a", "1")]).Equals(LabelSet.Create([new("a", "2")])).Should().BeFalse();

    [Test]
    public void A_label_can_be_replaced_without_touching_the_original()
    {
        var labels = LabelSet.Create([new("a", "1"), new("b", "2")]);

        var changed = labels.With("a", "3");

        changed.Should().Equal(LabelSet.Create([new("a", "3"), new("b", "2")]));
        labels["a"].Should().Be("1");
    }

    [Test]
    public void Labels_with_others_are_those_of_both_and_the_others_count() => Gen.Select(_pairs, _pairs).Sample((first, second) =>
        LabelSet.Create(first).With(LabelSet.Create(second)).Should().Equal(LabelSet.Create([.. first, .. second])));

    [Test]
    public void Labels_without_some_are_the_rest() => Gen.Select(_pairs, _pairs).Sample((first, second) =>
    {
        var gone = second.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);

        LabelSet.Create(first).Without(gone).Should().Equal(LabelSet.Create(first.Where(pair => !gone.Contains(pair.Key))));
    });

    [Test]
    public void A_set_of_sorted_pairs_is_made_in_the_memory_it_takes()
    {
        KeyValuePair<string, string>[] pairs = [new("a", "1"), new("b", "2"), new("c", "3")];
        LabelSet.Create(pairs);

        Allocation.Of(() => LabelSet.Create(pairs)).Should().BeLessThan(200);
    }

    [Test]
    public void A_key_that_is_null_is_refused() =>
        FluentActions.Invoking(() => LabelSet.Create([new(null!, "1")])).Should().Throw<ArgumentNullException>();

    [Test]
    public void An_absent_label_reads_as_empty_where_asked_so_and_is_an_error_otherwise()
    {
        LabelSet.Empty.ValueOrEmpty("region").Should().BeEmpty();
        LabelSet.Empty.TryGetValue("region", out _).Should().BeFalse();
        FluentActions.Invoking(() => LabelSet.Empty["region"]).Should().Throw<KeyNotFoundException>().WithMessage("*'region'*");
    }

    [Test]
    public void A_null_value_counts_as_empty() => LabelSet.Create([new("a", null!)])["a"].Should().BeEmpty();

    [Test]
    public void Without_labels_there_is_one_set() => LabelSet.Create([]).Should().BeSameAs(LabelSet.Empty);
}
