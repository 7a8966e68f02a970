using System.Globalization;
using System.Text.RegularExpressions;

namespace Swarm.Core.Architecture;

/// <summary>The minutes of continuous integration, as the book of engines gives them out.</summary>
internal sealed class BudgetTests
{
    private const int Minutes = 40;

    private static readonly string _table = DocumentedTable.Read("budget", "docs", "engines.md");

    [Test]
    public void What_the_parts_may_cost_is_what_there_is()
    {
        var minutes = Regex.Matches(_table, @"\| (\d+) \|\n").Select(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();

        minutes[^1].Should().Be(Minutes);
        minutes[..^1].Sum().Should().BeLessThanOrEqualTo(Minutes);
    }

    [Test]
    public void Every_category_of_tests_has_a_share()
    {
        var categories = SourceTree.In("Swarm.Core.Tests").SelectMany(file => Regex.Matches(file.Text, @"\[Category\(""(\w+)""\)\]")).Select(category => category.Groups[1].Value).Distinct().ToArray();

        categories.Should().Contain("Docker");
        categories.Where(category => !_table.Contains($"`{category}`", StringComparison.Ordinal)).Should().BeEmpty();
    }
}
