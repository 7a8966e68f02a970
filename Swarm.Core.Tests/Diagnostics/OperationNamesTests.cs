namespace Swarm.Core.Diagnostics;

public sealed class OperationNamesTests
{
    [TestCase("ping", "ping")]
    [TestCase("create container", "create container")]
    [TestCase("pull image registry.example/a:1", "pull image")]
    [TestCase("pull image a b c", "pull image")]
    [TestCase("", "")]
    public void A_name_is_a_verb_and_a_noun(string operation, string name) => OperationNames.Of(operation).Should().Be(name);

    [Test]
    public void Most_operations_keep_their_text_as_it_is()
    {
        const string Operation = "inspect container";

        OperationNames.Of(Operation).Should().BeSameAs(Operation);
    }
}
