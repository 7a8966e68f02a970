namespace Swarm.Core.Runtime;

public sealed class IdentifierSourceTests
{
    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    [TestCase(0x1_0000_0001)]
    public void A_seed_repeats_everything(long seed)
    {
        var (first, second) = (IdentifierSource.Create(seed), IdentifierSource.Create(seed));

        for (var round = 0; round < 3; round++)
        {
            second.NextHex(16).Should().Be(first.NextHex(16));
            second.NextSeed().Should().Be(first.NextSeed());
            second.NextFraction().Should().Be(first.NextFraction());
        }
    }

    [Test]
    public void Seeds_next_to_each_other_make_different_identifiers() =>
        Enumerable.Range(0, 100).Select(seed => IdentifierSource.Create(seed).NextHex(32)).Should().OnlyHaveUniqueItems();

    [Test]
    public void Every_part_of_a_seed_counts() =>
        new[] { 0L, 1L << 33, 1L << 40, 1L << 62 }.Select(seed => IdentifierSource.Create(seed).NextHex(32)).Should().OnlyHaveUniqueItems();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(16)]
    public void Every_byte_makes_two_digits(int bytes) => IdentifierSource.Create(null).NextHex(bytes).Should().HaveLength(bytes * 2);

    [TestCase(null)]
    [TestCase(1)]
    public void A_fraction_is_at_least_0_and_below_1(int? seed)
    {
        var source = IdentifierSource.Create(seed);

        var fractions = Enumerable.Range(0, 5000).Select(_ => source.NextFraction()).ToArray();

        fractions.Should().OnlyContain(fraction => fraction >= 0 && fraction < 1);
        fractions.Average().Should().BeApproximately(0.5, 0.05);
    }

    [Test]
    public void Without_seed_no_two_sources_agree() =>
        IdentifierSource.Create(null).NextHex(16).Should().NotBe(IdentifierSource.Create(null).NextHex(16));

    [Test]
    public async Task Concurrent_callers_get_different_identifiers()
    {
        var source = IdentifierSource.Create(1);

        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Select(_ => source.NextHex(16)).ToArray())));

        ids.SelectMany(each => each).Should().OnlyHaveUniqueItems();
    }
}
