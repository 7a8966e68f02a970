using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>Holds that a file can be read in one go. A longer one says at its top why it is one: <c>// Longer than 400 lines: …</c>.</summary>
public partial class FileSizeTests
{
    private const int MostLines = 400;

    private static IEnumerable<SourceFile> Files() =>
        [.. SourceTree.In("Swarm.Core.Abstractions"), .. SourceTree.In("Swarm.Core"), .. SourceTree.In("Swarm.Core.Testing")];

    [Test]
    public void A_long_file_of_the_libraries_gives_its_reason_at_its_top()
    {
        Files().Where(file => IsTooLong(file.Text)).Select(file => file.Path).Should().BeEmpty("a file has at most {0} lines, or a reason", MostLines);
    }

    [Test]
    public void A_reason_is_not_kept_when_the_file_is_short()
    {
        Files().Where(file => Lines(file.Text) <= MostLines && Reason().IsMatch(file.Text)).Select(file => file.Path).Should().BeEmpty();
    }

    [TestCase(400, "", false)]
    [TestCase(401, "", true)]
    [TestCase(401, "// Longer than 400 lines: one grammar.", false)]
    [TestCase(401, "// Longer than 400 lines:", true)]
    [TestCase(401, "using A; // Longer than 400 lines: not at the top.", true)]
    public void A_long_file_without_a_reason_is_found(int lines, string first, bool found)
    {
        IsTooLong(first + new string('\n', lines)).Should().Be(found);
    }

    private static bool IsTooLong(string text) => Lines(text) > MostLines && !Reason().IsMatch(text);

    private static int Lines(string text) => text.AsSpan().Count('\n');

    [GeneratedRegex(@"\A// Longer than 400 lines: \S")]
    private static partial Regex Reason();
}
