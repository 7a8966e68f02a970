using System.Text;
using System.Text.Json;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class ContainerListReaderTests
{
    private const long MiB = 1L << 20;
    private static readonly string _id = new('a', 64);
    private static readonly string _long = new('x', JsonTokens.LongestText + 1);

    [Test]
    public void A_list_reads_the_same_however_it_comes()
    {
        Gen.Select(JsonGen.Mutations(Documents.Answer("containers.json")), Gen.Int[1, 400]).Sample(
            (document, part) => Outcome(document, part) == Outcome(document, int.MaxValue),
            iter: 500);
    }

    [TestCase("{}", "The container list is not a list.")]
    [TestCase("\"text\"", "The container list is not a list.")]
    [TestCase("[1]", "[0] in the container list is not an object.")]
    [TestCase("[null]", "[0] in the container list has no Id.")]
    [TestCase("[{}]", "[0] in the container list has no Id.")]
    [TestCase("[{\"Id\":1}]", "[0].Id in the container list is not a string.")]
    [TestCase("[{\"Id\":\"\"}]", "[0].Id in the container list is not an ID of 64 lower-case hexadecimal digits.")]
    [TestCase("[{\"Id\":\"ID\",\"Id\":\"ID\"}]", "[0].Id in the container list is there twice.")]
    [TestCase("[{\"Id\":\"ID\",\"Names\":\"x\"}]", "[0].Names in the container list is not a list.")]
    [TestCase("[{\"Id\":\"ID\",\"Names\":[[]]}]", "[0].Names in the container list is not a string.")]
    [TestCase("[{\"Id\":\"ID\",\"Labels\":[]}]", "[0].Labels in the container list is not an object.")]
    [TestCase("[{\"Id\":\"ID\",\"Labels\":{\"a\":{\"b\":\"c\"}}}]", "[0].Labels in the container list is not a string.")]
    [TestCase("[{\"Id\":\"ID\",\"Labels\":{\"a\":\"1\",\"a\":\"2\"}}]", "[0] in the container list has a label twice.")]
    [TestCase("[{\"Id\":\"ID\",\"ImageID\":7}]", "[0].ImageID in the container list is not a string.")]
    [TestCase("[{\"Id\":\"ID\",\"Created\":1.5}]", "[0].Created in the container list is not a whole number of 64 bits.")]
    [TestCase("[{\"Id\":\"ID\",\"Created\":999999999999}]", "[0].Created in the container list is not a time.")]
    [TestCase("[{\"Id\":\"ID\"},{\"Id\":]", "The container list is not valid JSON at [1]*")]
    [TestCase("[] x", "The container list is not valid JSON*")]
    [TestCase("[{\"Id\":\"ID\"}", "The container list is not valid JSON*")]
    [TestCase("", "The container list is not valid JSON*")]
    public void What_is_wrong_is_told_with_its_place(string document, string message) =>
        FluentActions.Invoking(() => Read(document)).Should().Throw<JsonException>().WithMessage(message);

    [Test]
    public void What_is_not_known_is_passed_over() =>
        Read("""[{"Ports":[{"IP":"1","Labels":{"a":1}}],"Id":"ID","Mounts":[{"Id":{"Names":7}}],"Labels":null,"Names":null}]""")
            .Select(summary => summary with { Entry = null }).Should().Equal(new ContainerSummary { Id = _id, Created = DateTimeOffset.UnixEpoch });

    [TestCase(4099)]
    [TestCase(100_000)]
    [TestCase(int.MaxValue)]
    public void A_text_longer_than_any_that_is_kept_is_passed_over(int part)
    {
        var longText = part == 4099 ? _long + _long : _long;
        var document = """[{"Command":"LONG","LONG" : [1],"Id":"ID","Names":["/a","LONG"],"Labels":{"LONG":"1","b":"LONG","c":"2"},"Image":"LONG","Status":"LONG","State":"running"},{"Id":"ID" , "LONG":"LONG"}]""";

        var read = ContainerLists.Read(Encoding.UTF8.GetBytes(Filled(document).Replace(_long, longText, StringComparison.Ordinal)), part);

        read.Should().HaveCount(2);
        read[0].Should().BeEquivalentTo(new { Id = _id, Names = (string[])["/a"], Image = "", Status = "", State = ContainerState.Running, OmittedLabels = 2, IsTruncated = true });
        read[0].Labels.Should().BeEquivalentTo(LabelSet.Empty.With("c", "2"));
        read[1].Should().BeEquivalentTo(new { Id = _id, OmittedLabels = 0, IsTruncated = false });
    }

    [TestCase("\\\"")]
    [TestCase("\\\\")]
    [TestCase("\\u0022")]
    public void A_long_text_ends_where_it_ends(string escape)
    {
        foreach (var part in (int[])[4099, 65_536, int.MaxValue])
        {
            var text = _long + escape + escape + _long + escape;

            var read = ContainerLists.Read(Encoding.UTF8.GetBytes($$"""[{"Id":"{{_id}}","Labels":{"{{text}}":"{{text}}","b":"{{text}}","c":"2"} }]"""), part);

            read.Single().Labels.Should().BeEquivalentTo(LabelSet.Empty.With("c", "2"));
        }
    }

    [TestCase("LONG", "The container list is not valid JSON*")]
    [TestCase("\"LONG\"", "The container list is not a list.")]
    [TestCase("[\"LONG\"]", "[0] in the container list is not an object.")]
    [TestCase("[{\"Id\":\"LONG\"}]", "[0].Id in the container list is not an ID*")]
    [TestCase("[{\"Names\":\"LONG\"}]", "[0].Names in the container list is not a list.")]
    [TestCase("[{\"Labels\":\"LONG\"}]", "[0].Labels in the container list is not an object.")]
    [TestCase("[{\"Created\":\"LONG\"}]", "[0].Created in the container list is not a whole number*")]
    [TestCase("[{\"LONG\"}]", "The container list is not valid JSON at [0]*")]
    [TestCase("[{\"LONG\" 1}]", "The container list is not valid JSON at [0]*")]
    [TestCase("[{\"a\":\"LONG\" \"b\":1}]", "The container list is not valid JSON at [0]*")]
    [TestCase("[{\"a\":1,,\"LONG\":1}]", "The container list is not valid JSON at [0]*")]
    [TestCase("[{\"a\":1 \"LONG\":1}]", "The container list is not valid JSON at [0]*")]
    [TestCase("[{\"a\":,\"LONG\"}]", "The container list is not valid JSON at [0]*")]
    [TestCase("[{\"a\":\"LONG", "The container list is not valid JSON at [0]*")]
    public void A_long_text_where_none_may_be_is_told_too(string document, string message)
    {
        // In parts it is passed over as it comes.
        foreach (var part in (int[])[4099, int.MaxValue])
        {
            var longer = Filled(document).Replace(_long, _long + _long, StringComparison.Ordinal);
            FluentActions.Invoking(() => ContainerLists.Read(Encoding.UTF8.GetBytes(longer), part)).Should().Throw<JsonException>().WithMessage(message);
        }
    }

    [Test]
    public void Of_a_long_list_what_containers_are_known_by_is_held_and_little_else()
    {
        const int Count = 10_000;
        var reader = new ContainerListReader();
        var ordinary = new string('x', 20_000);
        var most = 0L;
        Feed(reader, "[");
        for (var i = 0; i < Count; i++)
        {
            Feed(reader, $$"""{{(i == 0 ? "" : ",")}}{"Id":"{{i:x64}}","Names":["/c{{i}}","/other/c{{i}}"],"Image":"busybox","Labels":{"a":"{{ordinary}}","{{SwarmLabels.Operation}}":"{{i:x32}}","{{SwarmLabels.Constraints}}":"{{ordinary}}"} }""");
            most = Math.Max(most, reader.HeldBytes);
        }

        reader.Read("]"u8, isLast: true);
        var read = reader.End();

        most.Should().BeLessThan(ListedSummaries.MuchBytes + MiB);
        read.Should().HaveCount(Count);
        read.Should().OnlyContain(each => ReservedLabels.AreOfCluster(each.Labels) && each.Names.Length == 1 && each.Image == "busybox" && each.Labels.Count == 1 && each.OmittedLabels == 2);
    }

    [Test]
    public void What_a_short_list_tells_is_held_whole()
    {
        var read = Read($$"""[{"Id":"ID","Names":["/a","/b"],"Labels":{"a":"1","{{SwarmLabels.Id}}":"2"},"Status":"Up"}]""").Single();

        read.Should().BeEquivalentTo(new { Names = (string[])["/a", "/b"], Status = "Up", OmittedLabels = 0, IsTruncated = false });
        read.Labels.Should().HaveCount(2);
    }

    [Test]
    public void Many_ordinary_labels_of_a_container_leave_none_of_the_librarys_out()
    {
        var labels = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"a{i:0000}\":\"{new string('x', 100)}\""));

        var read = Read($$"""[{"Id":"ID","Labels":{{{labels}},"{{SwarmLabels.Operation}}":"o","{{SwarmLabels.Tolerations}}":"t"} }]""").Single();

        read.Labels.Should().ContainKeys(SwarmLabels.Operation, SwarmLabels.Tolerations).And.HaveCountLessThan(3000);
        read.OmittedLabels.Should().Be(5002 - read.Labels.Count);
    }

    [TestCase(SwarmLabels.Id, true)]
    [TestCase(SwarmLabels.Id, false)]
    [TestCase(SwarmLabels.Constraints, false)]
    [TestCase("a", false)]
    public void A_label_that_comes_again_and_again_is_refused_the_second_time(string label, bool isSearch)
    {
        var reader = new ContainerListReader(isSearch ? _ => false : null);
        Feed(reader, $"[{{\"Labels\":{{\"{label}\":\"\"");

        reader.Invoking(each => Feed(each, $",\"{label}\":\"\"")).Should().Throw<JsonException>().WithMessage("[0] in the container list has a label twice.");
    }

    [TestCase("\"Labels\":{", "\"a{0}\":\"{1}\"", 50, "}}")]
    [TestCase("\"Labels\":{", "\"com.docker.swarm.a{0}\":\"{1}\"", 50, "}}")]
    [TestCase("\"Names\":[", "\"a{0}{1}\"", 50, "]}")]
    [TestCase("\"Names\":[]", ",\"Image\":\"{1}\"", 1, "}")]
    public void What_is_held_of_the_container_that_is_being_read_counts_too(string begin, string item, int count, string end)
    {
        var reader = new ContainerListReader(_ => false);
        Feed(reader, $"[{{\"Id\":\"{_id}\",{begin}");
        for (var number = 0; number < count; number++)
        {
            var value = new string('x', 1000);
            Feed(reader, (number == 0 ? "" : ",") + item.Replace("{0}", $"{number}", StringComparison.Ordinal).Replace("{1}", value, StringComparison.Ordinal));
        }

        reader.HeldBytes.Should().BeGreaterThan(count * 2000L);
        Feed(reader, end);
        reader.HeldBytes.Should().Be(0, "it is not wanted, and nothing is left of it");
    }

    [Test]
    public void Of_a_container_without_end_no_more_is_held_than_of_any()
    {
        var reader = new ContainerListReader(_ => false);
        Feed(reader, "[{\"Labels\":{\"a\":\"\"");
        for (var number = 0; number < 100_000; number++)
        {
            Feed(reader, $",\"{number}\":\"\",\"{SwarmLabels.Prefix}{number}\":\"\"");
        }

        reader.HeldBytes.Should().BeLessThan(12 * MiB);
    }

    [TestCase(100, true)]
    [TestCase(ContainerTrim.LongestLabels, false)]
    public void What_a_container_takes_is_told_whole_or_not_at_all(int length, bool isTold)
    {
        var read = Read($$"""[{"Id":"ID","Labels":{"{{SwarmLabels.Demand}}":"{}","{{SwarmLabels.Resources}}":"{{new string(' ', length)}}"} }]""").Single();

        read.Labels.ContainsKey(SwarmLabels.Demand).Should().Be(isTold);
        read.OmittedLabels.Should().Be(isTold ? 0 : 2);
    }

    [Test]
    public void Only_what_is_wanted_is_held()
    {
        var reader = new ContainerListReader(each => each.Names.Contains("/b"));

        var read = ContainerLists.Read(Encoding.UTF8.GetBytes(Filled("""[{"Id":"ID","Names":["/a"]},{"Id":"ID","Names":["/b"]}]""")), reader: reader);

        read.Should().ContainSingle().Which.Names.Should().Equal("/b");
        reader.HeldBytes.Should().BeLessThan(1000);
    }

    private static System.Collections.Immutable.ImmutableArray<ContainerSummary> Read(string document) => ContainerLists.Read(Encoding.UTF8.GetBytes(document.Replace("\"ID\"", $"\"{_id}\"", StringComparison.Ordinal)));

    private static string Filled(string document) => document.Replace("LONG", _long, StringComparison.Ordinal).Replace("\"ID\"", $"\"{_id}\"", StringComparison.Ordinal);

    private static void Feed(ContainerListReader reader, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        reader.Read(bytes, isLast: false).Should().Be(bytes.Length);
    }

    private static string Outcome(byte[] document, int part)
    {
        try
        {
            return string.Join('\n', ContainerLists.Read(document, part).Select(each => $"{each} {string.Join(' ', each.Names)}"));
        }
        catch (JsonException)
        {
            return "refused";
        }
    }
}
