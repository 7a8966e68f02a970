using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

[TestFixture]
public sealed class GoJsonTests
{
    [Test]
    public void A_list_reads_back_as_it_was_written() =>
        JsonGen.Text.Array[0, 5].Sample(
            items =>
            {
                var text = GoJson.WriteStringList(items);
                GoJson.TryReadStringList(text, out var strict).Should().BeTrue();
                strict.Should().Equal(items);
                GoJson.ReadStringList(text).Should().Equal(items);
            },
            iter: 1000);

    [Test]
    public void A_list_is_escaped_as_Go_does() =>
        GoJson.WriteStringList(["<a>&b", "q\"u\\/o", "\n\r\t\b\f\0", "\u2028\u2029", "é😀\u007F�", "\ud83d"])
            .Should().Be("[\"\\u003ca\\u003e\\u0026b\",\"q\\\"u\\\\/o\",\"\\n\\r\\t\\u0008\\u000c\\u0000\",\"\\u2028\\u2029\",\"é😀\u007F�\",\"\\ufffd\"]");

    [Test]
    public void An_empty_list_is_written() => GoJson.WriteStringList([]).Should().Be("[]");

    [TestCase("\n[\n\"a\"\t,\r\"b\"]\n", new[] { "a", "b" })]
    [TestCase("[\"\\u0041\\/\"]", new[] { "A/" })]
    [TestCase("[\"\\ud83d\\ude00\"]", new[] { "😀" })]
    [TestCase("[\"\\ufffd\"]", new[] { "�" })]
    [TestCase("[]", new string[0])]
    public void A_good_list_is_read(string text, string[] items)
    {
        GoJson.TryReadStringList(text, out var read).Should().BeTrue();
        read.Should().Equal(items);
        GoJson.ReadStringList(text).Should().Equal(items);
    }

    [TestCase("", new string[0])]
    [TestCase("null", new string[0])]
    [TestCase("\"a\"", new string[0])]
    [TestCase("{\"a\":\"b\"}", new string[0])]
    [TestCase("[\"a\"", new string[0])]
    [TestCase("[\"a\"]x", new string[0])]
    [TestCase("[\"a\",]", new string[0])]
    [TestCase("[01]", new string[0])]
    [TestCase("[\"a\tb\"]", new string[0])]
    [TestCase("\uFEFF[\"a\"]", new string[0])]
    [TestCase("[\"a\",1,\"b\",null,{\"k\":[\"v\"]},[\"x\"],true]", new[] { "a", "", "b", "", "", "", "" })]
    [TestCase("[\"\\ud83d\"]", new[] { "�" })]
    [TestCase("[\"\\ude00x\"]", new[] { "�x" })]
    public void A_bad_list_is_refused_and_read_as_classic_Swarm_reads_it(string text, string[] classic)
    {
        GoJson.TryReadStringList(text, out _).Should().BeFalse();
        GoJson.ReadStringList(text).Should().Equal(classic);
    }

    [TestCase("HostConfig", "hostconfig")]
    [TestCase("hoſtConfig", "hostconfig")]
    [TestCase("\u212AelvinÄ", "kelvinÄ")]
    [TestCase("", "")]
    public void Keys_fold_as_in_the_engine(string name, string folded) => GoJson.Fold(name).Should().Be(folded);
}
