using System.Text;
using Swarm.Core.Fakes;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class ContainerOutputExtensionsTests
{
    [Test]
    public async Task Lines_of_both_sources_are_put_together_apart()
    {
        var lines = await LinesAsync(100, (1, "a"), (2, "x\ny"), (1, "b\r"), (1, "\nc\n"), (2, "z"));

        lines.Should().Equal(Err("x"), Out("ab"), Out("c"), Err("yz", false));
    }

    [Test]
    public async Task Empty_lines_are_lines()
    {
        (await LinesAsync(100, (1, "\n\r\n\n"))).Should().Equal(Out(""), Out(""), Out(""));
    }

    [Test]
    public async Task No_output_has_no_lines()
    {
        (await LinesAsync(100)).Should().BeEmpty();
    }

    [Test]
    public async Task A_line_that_is_too_long_comes_in_pieces()
    {
        (await LinesAsync(4, (1, "abcdefghij\nk\n"))).Should().Equal(Out("abcd", false), Out("efgh", false), Out("ij"), Out("k"));
    }

    [Test]
    public async Task A_line_of_exactly_the_longest_length_is_whole()
    {
        (await LinesAsync(4, (1, "abcd\n"))).Should().Equal(Out("abcd"));
    }

    [TestCase("aé\u00e9\u00e9\u00e9")]
    [TestCase("€€€€")]
    [TestCase("a😀😀😀")]
    public async Task A_line_is_never_cut_within_a_character(string text)
    {
        var lines = await LinesAsync(5, (1, text + "\n"));

        string.Concat(lines.Select(line => line.Text)).Should().Be(text);
        lines[^1].IsComplete.Should().BeTrue();
    }

    [Test]
    public async Task What_is_no_text_does_not_hold_the_lines_up()
    {
        var output = new CannedOutput(new OutputChunk(OutputSource.StandardOutput, Enumerable.Repeat((byte)0x80, 20).ToArray()));

        var lines = await output.ReadLinesAsync(4).ToListAsync();

        lines.Should().HaveCount(5);
    }

    [Test]
    public async Task Output_is_copied_to_where_it_belongs()
    {
        using var target = new MemoryStream();

        await Canned((1, "a"), (2, "x"), (1, "b")).CopyToAsync(target, null);

        Encoding.UTF8.GetString(target.ToArray()).Should().Be("ab");
    }

    [Test]
    public async Task Collecting_keeps_the_beginning_and_counts_the_rest()
    {
        var output = await Canned((1, "abc"), (2, "xyz"), (1, "def")).CollectAsync(5);

        output.StandardOutput.Should().Be("abc");
        output.StandardError.Should().Be("xy");
        output.TotalBytes.Should().Be(9);
        output.IsTruncated.Should().BeTrue();
    }

    [Test]
    public async Task Chunks_come_as_they_are()
    {
        (await Canned((1, "a"), (2, "b")).ReadChunksAsync().ToListAsync()).Select(chunk => chunk.Source).Should().Equal(OutputSource.StandardOutput, OutputSource.StandardError);
    }

    private static OutputLine Out(string text, bool isComplete = true) => new(OutputSource.StandardOutput, text, isComplete);

    private static OutputLine Err(string text, bool isComplete = true) => new(OutputSource.StandardError, text, isComplete);

    private static async Task<List<OutputLine>> LinesAsync(int max, params (int Source, string Text)[] chunks) => await Canned(chunks).ReadLinesAsync(max).ToListAsync();

    private static CannedOutput Canned(params (int Source, string Text)[] chunks) =>
        new([.. chunks.Select(chunk => new OutputChunk(chunk.Source == 2 ? OutputSource.StandardError : OutputSource.StandardOutput, Encoding.UTF8.GetBytes(chunk.Text)))]);
}
