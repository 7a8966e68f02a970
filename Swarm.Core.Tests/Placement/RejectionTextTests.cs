using System.Reflection;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Placement;

/// <summary>Every reason, found by reflection, about hostile words.</summary>
[TestFixture]
internal sealed class RejectionTextTests
{
    private static IEnumerable<string> Codes =>
        typeof(RejectionCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(each => (string)each.GetRawConstantValue()!);

    [TestCaseSource(nameof(Codes))]
    public void Its_text_has_nothing_in_it_that_is_not_seen(string code)
    {
        foreach (var words in Hostile.Words)
        {
            Hostile.FindProblem(new Rejection(words, code, words, 7, 3).ToString()).Should().BeNull();
        }
    }

    [TestCaseSource(nameof(Codes))]
    public void What_it_is_about_is_as_it_was_given(string code)
    {
        new Rejection("filter", code, Hostile.Words[0]).Subject.Should().Be(Hostile.Words[0]);
    }

    [Test]
    public void A_code_of_a_host_has_nothing_in_it_that_is_not_seen()
    {
        foreach (var words in Hostile.Words)
        {
            Hostile.FindProblem(new Rejection(words, words).ToString()).Should().BeNull();
            Hostile.FindProblem(new Rejection(words, words, words).ToString()).Should().BeNull();
        }
    }
}
