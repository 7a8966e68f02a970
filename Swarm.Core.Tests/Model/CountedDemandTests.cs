using CsCheck;

namespace Swarm.Core.Model;

public sealed class CountedDemandTests
{
    private static readonly Gen<CountedDemand> _demand = Gen.Select(Gen.Long[0, long.MaxValue], Gen.Bool, Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.Long[0, 4096], (memory, reserved, cpus, shares, host) =>
        new CountedDemand { MemoryBytes = memory, IsMemoryReserved = reserved, NanoCpus = cpus, CpuShares = shares, HostCpus = host });

    [Test]
    public void What_was_written_reads_as_it_was() => _demand.Sample(demand =>
    {
        CountedDemand.TryRead(demand.Write(), out var read).Should().BeTrue();
        read.Should().Be(demand);
    });

    [Test]
    public void What_is_nothing_is_not_written() => new CountedDemand().Write().Should().Be("""{"v":1}""");

    [Test]
    public void Every_part_has_its_member() =>
        new CountedDemand { MemoryBytes = 734_003_200, IsMemoryReserved = true, NanoCpus = 2_000_000_000, CpuShares = 512, HostCpus = 4 }.Write()
            .Should().Be("""{"v":1,"memory":734003200,"reserved":true,"nanoCpus":2000000000,"shares":512,"hostCpus":4}""");

    [Test]
    public void A_text_that_is_too_long_is_not_read()
    {
        CountedDemand.TryRead("""{"v":1,"memory":5}""".PadRight(4096), out _).Should().BeTrue();
        CountedDemand.TryRead("""{"v":1,"memory":5}""".PadRight(4097), out _).Should().BeFalse();
    }

    [Test]
    public void What_a_later_library_adds_is_passed_over()
    {
        CountedDemand.TryRead("""{"devices":[{"id":["a",{"b":null}]}],"v":1,"named":{"gpu":1},"memory":5}""", out var read).Should().BeTrue();

        read.Should().Be(new CountedDemand { MemoryBytes = 5 });
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"v\":1")]
    [TestCase("{\"v\":1} x")]
    [TestCase("{\"v\":2,\"memory\":5}")]
    [TestCase("{\"v\":\"1\"}")]
    [TestCase("{\"v\":1,\"memory\":-1}")]
    [TestCase("{\"v\":1,\"memory\":1.5}")]
    [TestCase("{\"v\":1,\"memory\":9223372036854775808}")]
    [TestCase("{\"v\":1,\"memory\":null}")]
    [TestCase("{\"v\":1,\"memory\":1,\"memory\":1}")]
    [TestCase("{\"v\":1,\"reserved\":1}")]
    [TestCase("{\"v\":1,\"hostCpus\":1000001}")]
    [TestCase("{\"v\":1,\"\ud83d\":}")]
    public void What_is_malformed_is_refused(string text) => CountedDemand.TryRead(text, out _).Should().BeFalse();

    [Test]
    public void No_text_whatever_makes_it_throw()
    {
        Gen.String.Sample(text => { _ = CountedDemand.TryRead(text, out _); });
        Gen.Select(_demand, Gen.Int[0, 200], Gen.Char, (demand, at, character) => (Text: demand.Write(), at, character)).Sample(each =>
        {
            var broken = each.Text.ToCharArray();
            broken[each.at % broken.Length] = each.character;
            CountedDemand.TryRead(new string(broken), out _);
            CountedDemand.TryRead(each.Text[..(each.at % broken.Length)], out _);
        });
        CountedDemand.TryRead(new string('[', 100_000), out _).Should().BeFalse();
        CountedDemand.TryRead("{\"v\":1,\"deep\":" + new string('[', 2_000) + new string(']', 2_000) + "}", out _).Should().BeFalse();
    }

    [Test]
    public void Only_what_this_library_created_has_a_label_that_counts()
    {
        var label = KeyValuePair.Create(SwarmLabels.Demand, """{"v":1,"memory":5}""");

        CountedDemand.Of(LabelSet.Create(label)).Should().BeNull();
        CountedDemand.Of(LabelSet.Create(label, KeyValuePair.Create(SwarmLabels.Operation, new string('a', 32))))!.MemoryBytes.Should().Be(5);
    }
}
