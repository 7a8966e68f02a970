using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

public partial class ConventionTests
{
    // Put together, so that this file does not find itself.
    private static readonly Regex _leftover = new(@"\b(?:" + string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK") + @")\b");

    private static IEnumerable<SourceFile> Files() =>
        Directory.EnumerateDirectories(SourceTree.Root)
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder.StartsWith("Swarm.Core", StringComparison.Ordinal) || folder is "samples" or "benchmarks")
            .Order(StringComparer.Ordinal)
            .SelectMany(SourceTree.In);

    [Test]
    public void Nothing_is_left_to_do_in_the_sources()
    {
        Files().SelectMany(file => Lines(file, _leftover)).Should().BeEmpty();
    }

    [Test]
    public void A_warning_is_disabled_only_with_a_reason()
    {
        Files().SelectMany(file => Lines(file, Disable())).Should().BeEmpty("the reason stands on the same line or on the one above");
    }

    [Test]
    public void A_suppressed_message_has_a_justification()
    {
        Files().SelectMany(file => Lines(file, Suppress())).Should().BeEmpty();
    }

    [TestCase("#pragma warning disable CA1000", false)]
    [TestCase("    #pragma warning disable CA1000, CA1001", false)]
    [TestCase("#pragma warning disable CA1000 // The pattern asks for it.", true)]
    [TestCase("// The pattern asks for it.\n#pragma warning disable CA1000", true)]
    [TestCase("#pragma warning restore CA1000", true)]
    public void A_disabled_warning_without_reason_is_found(string text, bool accepted)
    {
        Lines(new SourceFile("A.cs", text), Disable()).Any().Should().Be(!accepted);
    }

    private static IEnumerable<string> Lines(SourceFile file, Regex pattern) =>
        pattern.Matches(file.Text).Select(match => $"{file.Path}({file.Text.AsSpan(0, match.Index).Count('\n') + 1})");

    [GeneratedRegex(@"^(?<!//[^\n]*\n)[ \t]*#pragma[ \t]+warning[ \t]+disable\b(?![^\n]*//)", RegexOptions.Multiline)]
    private static partial Regex Disable();

    [GeneratedRegex(@"\[(?:assembly:\s*)?(?:\w+\.)*SuppressMessage\((?![^\]]*Justification\s*=\s*""[^""]+"")")]
    private static partial Regex Suppress();
}
