using System.Text;
using System.Text.Json;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class StatsReaderTests
{
    private const string Running = """
        {"read":"2026-11-23T09:38:22.500000000Z","preread":"2026-11-23T09:38:20.5Z","pids_stats":{"current":3,"limit":18446744073709551615},
        "blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":0,"op":"Read","value":10},{"major":8,"minor":0,"op":"write","value":20},{"major":8,"minor":1,"op":"read","value":5},{"op":"Total","value":35}],"io_serviced_recursive":null},
        "cpu_stats":{"cpu_usage":{"total_usage":5000000000,"percpu_usage":[1,2]},"system_cpu_usage":24862660000000,"online_cpus":2,"throttling_data":{"periods":9,"throttled_periods":4}},
        "precpu_stats":{"cpu_usage":{"total_usage":2000000000},"throttling_data":{}},
        "memory_stats":{"usage":1000,"stats":{"inactive_file":1,"total_inactive_file":300,"hierarchical_memory_limit":9223372036854771712},"limit":5000},
        "networks":{"eth0":{"rx_bytes":1,"tx_bytes":2},"eth1":{"rx_bytes":10,"tx_bytes":20}},"name":"/x","id":"y"}
        """;

    [Test]
    public void The_numbers_people_use_are_read()
    {
        var stats = Read(Running);

        stats.Should().Be(new ContainerStats
        {
            Time = new DateTimeOffset(2026, 11, 23, 9, 38, 22, 500, TimeSpan.Zero),
            CpuNanoseconds = 5_000_000_000,
            CpusInUse = 1.5,
            OnlineCpus = 2,
            ThrottledPeriods = 4,
            MemoryBytes = 700,
            MemoryLimitBytes = 5000,
            NetworkReceivedBytes = 11,
            NetworkSentBytes = 22,
            BlockReadBytes = 15,
            BlockWrittenBytes = 20,
            Pids = 3,
        });
    }

    [Test]
    public void A_sum_beyond_all_numbers_is_the_largest()
    {
        var stats = Read("""{"read":"2026-11-23T09:38:22Z","networks":{"a":{"rx_bytes":9223372036854775807,"tx_bytes":1},"b":{"rx_bytes":9223372036854775807,"tx_bytes":1}}}""");

        stats.NetworkReceivedBytes.Should().Be(long.MaxValue);
        stats.NetworkSentBytes.Should().Be(2);
    }

    [Test]
    public void The_second_version_of_control_groups_has_a_name_of_its_own()
    {
        Read("""{"read":"2026-11-23T09:38:22Z","memory_stats":{"usage":1000,"stats":{"inactive_file":100}}}""").MemoryBytes.Should().Be(900);
    }

    [Test]
    public void What_the_engine_does_not_say_stays_open()
    {
        Read("""{"read":"2026-11-23T09:38:22Z","memory_stats":{},"cpu_stats":null,"blkio_stats":{"io_service_bytes_recursive":null}}""")
            .Should().Be(new ContainerStats { Time = new DateTimeOffset(2026, 11, 23, 9, 38, 22, TimeSpan.Zero) });
    }

    [Test]
    public void A_first_reading_does_not_know_how_busy_the_processors_are()
    {
        Read(Running.Replace("2026-11-23T09:38:20.5Z", "0001-01-01T00:00:00Z", StringComparison.Ordinal)).CpusInUse.Should().BeNull();
    }

    [Test]
    public void A_counter_that_went_back_is_not_believed()
    {
        Read(Running.Replace("\"total_usage\":2000000000", "\"total_usage\":9000000000", StringComparison.Ordinal)).CpusInUse.Should().BeNull();
    }

    [Test]
    public void A_container_that_does_not_run_has_no_numbers()
    {
        Read("""{"read":"0001-01-01T00:00:00Z","preread":"0001-01-01T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{}}""").Should().Be(new ContainerStats());
    }

    [TestCase("[]")]
    [TestCase("{\"read\":1}")]
    [TestCase("{\"pids_stats\":{\"current\":\"many\"}}")]
    [TestCase("{")]
    public void Anything_else_is_refused(string json)
    {
        FluentActions.Invoking(() => Read(json)).Should().Throw<JsonException>();
    }

    private static ContainerStats Read(string json) => StatsReader.Read(Encoding.UTF8.GetBytes(json));
}
