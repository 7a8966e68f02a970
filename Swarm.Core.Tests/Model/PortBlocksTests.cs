using CsCheck;

namespace Swarm.Core.Model;

public sealed class PortBlocksTests
{
    [Test]
    public void The_blocks_of_a_range_have_its_ports_and_no_others() =>
        Gen.Select(Gen.Int[1, 65_535], Gen.Int[1, 65_535], Gen.Int[1, 65_535]).Sample(
            (one, other, port) =>
            {
                var range = new HostPortRange(Math.Min(one, other), Math.Max(one, other));
                var blocks = PortBlocks.Of(range).ToHashSet();

                blocks.Should().HaveCountLessThanOrEqualTo(30);
                foreach (var each in new[] { port, range.First, range.Last, range.First - 1, range.Last + 1 }.Where(each => each is > 0 and <= 65_535))
                {
                    BlocksAround(each).Count(blocks.Contains).Should().Be(each >= range.First && each <= range.Last ? 1 : 0);
                }
            },
            iter: 2000);

    [Test]
    public void A_port_is_in_seventeen_blocks() => BlocksAround(65_535).Should().HaveCount(17);

    private static List<int> BlocksAround(int port)
    {
        var blocks = new List<int>();
        for (var block = PortBlocks.SmallestOf(port); block > 0; block = PortBlocks.Around(block))
        {
            blocks.Add(block);
        }

        return blocks;
    }
}
