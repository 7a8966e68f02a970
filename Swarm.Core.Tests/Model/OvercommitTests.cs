namespace Swarm.Core.Model;

public sealed class OvercommitTests
{
    [TestCase(1024, "0.05", 1075)]
    [TestCase(100, "0.29", 129)]
    [TestCase(1000, "0.005", 1005)]
    [TestCase(24, "0", 24)]
    [TestCase(24, "2", 72)]
    [TestCase(1, "-0.5", 0)]
    [TestCase(101, "-0.5", 50)]
    [TestCase(-1, "0.5", -2)]
    [TestCase(long.MaxValue, "1", long.MaxValue)]
    [TestCase(long.MinValue, "1", long.MinValue)]
    [TestCase(92233720368547758, "0.29", 118981499275426607)]
    public void The_total_is_exact_and_rounded_down(long amount, string ratio, long total) =>
        Overcommit.Apply(amount, decimal.Parse(ratio, System.Globalization.CultureInfo.InvariantCulture)).Should().Be(total);
}
