namespace Swarm.Core.Model;

/// <summary>Cuts ranges of ports into blocks, of which each has a number: no more than 30 for any range, and a port is in 17 of them at most.</summary>
/// <remarks>They are the nodes of a binary tree over all ports: node 1 is all of them, the children of n are 2n and 2n + 1, and port p is node 65,536 + p.</remarks>
internal static class PortBlocks
{
    private const int Leaves = HostPortRange.Highest + 1;

    /// <summary>Gives the blocks of a range: together they have its ports and no others, each once.</summary>
    public static IEnumerable<int> Of(HostPortRange range)
    {
        var (left, right) = (range.First + Leaves, range.Last + Leaves + 1);
        while (left < right)
        {
            if ((left & 1) != 0)
            {
                yield return left++;
            }

            if ((right & 1) != 0)
            {
                yield return --right;
            }

            left >>= 1;
            right >>= 1;
        }
    }

    /// <summary>Gives the smallest block that a port is in.</summary>
    public static int SmallestOf(int port) => port + Leaves;

    /// <summary>Gives the block around another; 0 when there is none.</summary>
    public static int Around(int block) => block >> 1;
}
