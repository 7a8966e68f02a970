using System.Text;

namespace Swarm.Core.Model;

public sealed class ContainerUpdateTests
{
    private static readonly ContainerUpdateSpec _full = new()
    {
        MemoryBytes = 1 << 30,
        MemoryReservationBytes = 1 << 29,
        MemorySwapBytes = -1,
        NanoCpus = 500_000_000,
        CpuShares = 512,
        CpuQuota = -1,
        CpuPeriod = 50_000,
        CpusetCpus = "0-1",
        PidsLimit = 0,
        RestartPolicy = new RestartPolicy("on-failure", 3),
    };

    [Test]
    public void A_spec_reads_back_from_the_body_it_writes()
    {
        ContainerUpdate update = _full;

        update.Typed.Should().Be(_full);
        ContainerUpdate.Parse(update.Body.Span).Typed.Should().Be(_full);
    }

    [Test]
    public void A_body_holds_what_is_set_and_nothing_else()
    {
        ContainerUpdate update = new ContainerUpdateSpec { MemoryBytes = 1024, RestartPolicy = RestartPolicy.Always };

        Encoding.UTF8.GetString(update.Body.Span).Should().Be("""{"Memory":1024,"RestartPolicy":{"Name":"always"}}""");
    }

    [Test]
    public void A_body_is_kept_byte_for_byte()
    {
        var body = """{ "memory" : 1024 , "X-Unknown":[1e3,{"a":{"a":1}}], "BlkioWeight":300 }""";

        var update = Parse(body);

        Encoding.UTF8.GetString(update.Body.Span).Should().Be(body);
        update.Typed.Should().Be(new ContainerUpdateSpec { MemoryBytes = 1024 });
        update.HasOthers.Should().BeTrue();
    }

    [TestCase("""{"CpuShares":2}""", """{"CpuShares":512}""")]
    [TestCase("""{ "cpuSHARES" : 2 , "X":{"CpuShares":2},"Memory":7 }""", """{ "cpuSHARES" : 512 , "X":{"CpuShares":2},"Memory":7 }""")]
    [TestCase("""{"Memory":7,"CpuShares":null}""", """{"Memory":7,"CpuShares":null}""")]
    [TestCase("""{"Memory":7,"CpuShares":0}""", """{"Memory":7,"CpuShares":0}""")]
    [TestCase("""{"CpuShares":512 }""", """{"CpuShares":512 }""")]
    public void Shares_are_replaced_in_their_place(string body, string replaced)
    {
        var update = Parse(body).WithCpuShares(512);

        Encoding.UTF8.GetString(update.Body.Span).Should().Be(replaced);
        update.HasOthers.Should().Be(Parse(body).HasOthers);
    }

    [TestCase("""{"MEMORY":7}""", 7L)]
    [TestCase("""{"memory":7,"NanoCpus":null}""", 7L)]
    [TestCase("""{"Memory":null}""", 0L)]
    public void Keys_are_matched_as_the_engine_matches_them(string body, long memory)
    {
        var update = Parse(body);

        update.Typed.MemoryBytes.Should().Be(memory);
        update.HasOthers.Should().BeFalse();
    }

    [TestCase("", "body")]
    [TestCase("[]", "body")]
    [TestCase("{}x", "body")]
    [TestCase("""{"Memory":1,"memory":2}""", "memory")]
    [TestCase("""{"Memory":"1"}""", "Memory")]
    [TestCase("""{"PidsLimit":1.5}""", "PidsLimit")]
    [TestCase("""{"RestartPolicy":{"Name":1}}""", "RestartPolicy.Name")]
    [TestCase("""{"Ulimits":[{"Name":"a","name":"b"}]}""", "Ulimits[0].name")]
    public void What_cannot_be_read_for_certain_is_refused_by_place(string body, string field)
    {
        var parse = () => Parse(body);

        parse.Should().Throw<InvalidRequestException>().Which.Field.Should().Be(field);
    }

    [Test]
    public void An_update_leaves_what_it_does_not_set()
    {
        _full.With(new ContainerUpdateSpec()).Should().Be(_full);
        _full.With(new ContainerUpdateSpec { MemoryBytes = 7, PidsLimit = -1 }).Should().Be(_full with { MemoryBytes = 7, PidsLimit = 0 });
    }

    private static ContainerUpdate Parse(string body) => ContainerUpdate.Parse(Encoding.UTF8.GetBytes(body));
}
