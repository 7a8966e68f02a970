using System.Text;

namespace Swarm.Core.Placement;

public sealed class BodyEntriesTests
{
    [TestCase("{}", 0, "")]
    [TestCase("null", 0, "")]
    [TestCase("{\"a\":[1,2],\"b\":{\"c\":1,\"d\":2}}", 0, "")]
    [TestCase("{\"a\":[1,2,3]}", 3, "a")]
    [TestCase("{\"a\":{\"b\":1,\"c\":[],\"d\":{}}}", 3, "a")]
    [TestCase("{\"a\":[[],[[1,2],[1,2,[],{\"x\":1}]]]}", 4, "a[1][1]")]
    [TestCase("{\"a\":1,\"b\":2,\"c\":3}", 3, "")]
    [TestCase("{\"a.b\":[1,2,3,4],\"c\":[1,2,3]}", 4, "['a.b']")]
    public void The_first_list_or_map_with_more_than_two_entries_is_found(string body, int count, string path) =>
        BodyEntries.FindTooMany(Encoding.UTF8.GetBytes(body), 2).Should().Match<BodyEntries>(found => found.Count == count && found.Path == path);

    [Test]
    public void It_takes_a_step_for_each_part_of_the_body_and_no_memory()
    {
        var body = Encoding.UTF8.GetBytes("{\"a\":[" + string.Join(',', Enumerable.Repeat("{\"b\":[1]}", 100_000)) + "]}");
        BodyEntries.FindTooMany(body, 1_000_000).Steps.Should().Be(600_005);
        var before = GC.GetAllocatedBytesForCurrentThread();

        BodyEntries.FindTooMany(body, 1_000_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1024);
    }

    [Test]
    public void Nothing_is_looked_at_after_the_list_that_is_too_long()
    {
        var body = Encoding.UTF8.GetBytes("{\"a\":[1,2,3],\"b\":[" + string.Join(',', Enumerable.Repeat("1", 100_000)) + "]}");

        BodyEntries.FindTooMany(body, 2).Steps.Should().Be(7);
    }
}
