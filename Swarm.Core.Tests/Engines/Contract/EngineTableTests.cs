using System.Reflection;
using Swarm.Core.Architecture;

namespace Swarm.Core.Engines.Contract;

/// <summary>The book of engines says what the contract holds engines to.</summary>
internal sealed class EngineTableTests
{
    [Test]
    public void Every_trait_has_its_words_in_the_table() =>
        EngineTable.Traits.Where(trait => trait.GetCustomAttribute<EngineFeatureAttribute>() is null).Should().BeEmpty();

    [Test]
    public void The_table_of_engines_is_the_one_in_the_documentation() =>
        DocumentedTable.Check("engines", EngineTable.Text, "SWARM_ACCEPT_ENGINE_TABLE", "docs", "engines.md");
}
