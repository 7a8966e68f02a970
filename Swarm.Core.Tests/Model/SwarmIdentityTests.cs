using Swarm.Core.Runtime;

namespace Swarm.Core.Model;

public sealed class SwarmIdentityTests
{
    [TestCase(null)]
    [TestCase(1)]
    public void A_Swarm_ID_is_64_hexadecimal_digits_and_its_short_form_is_no_decimal_number(int? seed)
    {
        var source = IdentifierSource.Create(seed);
        var identity = SwarmIdentity.Create(source);

        // One ID in 280 would begin with 12 decimal digits by chance.
        var ids = Enumerable.Range(0, 5000).Select(_ => identity.Next(source).Id).ToArray();

        ids.Should().OnlyHaveUniqueItems();
        ids.Should().OnlyContain(id => id.Length == 64 && id.All(char.IsAsciiHexDigitLower) && !id.Take(12).All(char.IsAsciiDigit));
        ids.Should().OnlyContain(id => SwarmIdText.IsWellFormed(id));
    }

    [Test]
    public void What_was_made_is_known_again()
    {
        var (identity, source) = Identity();

        Enumerable.Range(0, 100).Select(_ => identity.Next(source)).Should().OnlyContain(made => identity.IsOurs(Labels(made.Operation, made.Id)));
    }

    [Test]
    public void A_Swarm_ID_beside_the_operation_of_another_container_is_not_ours()
    {
        var (identity, source) = Identity();
        var (victim, copy) = (identity.Next(source), identity.Next(source));

        identity.IsOurs(Labels(copy.Operation, victim.Id)).Should().BeFalse();
    }

    [Test]
    public void What_another_cluster_made_is_not_ours()
    {
        var (identity, _) = Identity();
        var (other, source) = Identity(seed: 2);
        var made = other.Next(source);

        identity.IsOurs(Labels(made.Operation, made.Id)).Should().BeFalse();
    }

    [TestCase("")]
    [TestCase("web")]
    [TestCase("00000000000000000000000000000000")]
    [TestCase("é0000000000000000000000000000000")]
    [TestCase("😀000000000000000000000000000000")]
    [TestCase("000000000000000000000000000000000000000000000000000000000000000000")]
    public void An_operation_that_was_never_made_vouches_for_nothing(string operation)
    {
        var (identity, source) = Identity();

        identity.IsOurs(Labels(operation, identity.Next(source).Id)).Should().BeFalse();
    }

    [Test]
    public void A_container_that_lacks_either_label_is_not_ours()
    {
        var (identity, source) = Identity();
        var (operation, id) = identity.Next(source);

        identity.IsOurs(LabelSet.Create([new(SwarmLabels.Operation, operation)])).Should().BeFalse();
        identity.IsOurs(LabelSet.Create([new(SwarmLabels.Id, id)])).Should().BeFalse();
        identity.IsOurs(LabelSet.Empty).Should().BeFalse();
    }

    [TestCase("web", false)]
    [TestCase("", false)]
    [TestCase("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", true)]
    [TestCase("C0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", false)]
    [TestCase("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee0", false)]
    [TestCase("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee000", false)]
    [TestCase("000000000000ee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", false)]
    [TestCase("00000000000fee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", true)]
    [TestCase("g0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", false)]
    public void Only_what_a_cluster_could_have_made_is_a_Swarm_ID(string text, bool isOne) =>
        new ContainerView { Id = "a", Labels = LabelSet.Create([new(SwarmLabels.Id, text)]) }.SwarmId.Should().Be(isOne ? text : "");

    private static (SwarmIdentity Identity, IdentifierSource Source) Identity(long seed = 1)
    {
        var source = IdentifierSource.Create(seed);
        return (SwarmIdentity.Create(source), source);
    }

    private static LabelSet Labels(string operation, string id) => LabelSet.Create([new(SwarmLabels.Operation, operation), new(SwarmLabels.Id, id)]);
}
