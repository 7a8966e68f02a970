using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

public partial class ReadmeTests
{
    private static IEnumerable<TestCaseData> Examples() =>
        SourceTree.In("Swarm.Core.Tests/Samples/Readme")
            .SelectMany(file => Readme.Marked(file.Text))
            .Select(example => new TestCaseData(example.Code).SetArgDisplayNames(example.Name));

    [TestCaseSource(nameof(Examples))]
    public void An_example_that_compiles_stands_in_the_readme(string code)
    {
        Readme.Blocks(Readme.Text).Should().Contain(code);
    }

    [Test]
    public void The_readme_has_no_code_but_the_examples_that_compile()
    {
        Readme.Blocks(Readme.Text).Should().NotBeEmpty().And.BeEquivalentTo(Examples().Select(example => (string)example.Arguments[0]!));
    }

    [Test]
    public void A_file_or_folder_the_readme_names_exists()
    {
        var named = Mention().Matches(Readme.Text).Select(mention => mention.Groups["path"].Value).Distinct().ToList();

        named.Should().NotBeEmpty().And.OnlyContain(path => Path.Exists(SourceTree.At(path)));
    }

    [Test]
    public void The_readme_lists_the_packages()
    {
        PackageRow().Matches(Readme.Text).Select(row => row.Groups["name"].Value).Should().BeEquivalentTo(PackedLibraries.Names);
    }

    [Test]
    public void Blocks_are_found_whole_and_apart()
    {
        const string Text = "a\n```csharp\nvar b = 1;\n\nvar c = 2;\n```\nd\n```\nno C#\n```\n```csharp\ne();\n```\n";

        Readme.Blocks(Text).Should().Equal("var b = 1;\n\nvar c = 2;", "e();");
    }

    [Test]
    public void Marks_of_one_name_make_one_block_without_indentation()
    {
        const string Text = "// <readme one>\nusing A;\n// </readme>\n    // <readme one>\n    if (b)\n    {\n        c();\n    }\n\n    // </readme>\n// <readme two>\nd();\n// </readme>\n";

        Readme.Marked(Text).Should().Equal(("one", "using A;\n\nif (b)\n{\n    c();\n}"), ("two", "d();"));
    }

    [GeneratedRegex(@"(?<path>\b(?:samples|docs|benchmarks)/[\w./]*|\bSwarm\.Core\.sln\b)")]
    private static partial Regex Mention();

    [GeneratedRegex(@"^\| `(?<name>Swarm\.Core[\w.]*)` \|", RegexOptions.Multiline)]
    private static partial Regex PackageRow();
}
