using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class ListEntriesTests
{
    private static readonly ContainerSummary _listed = new()
    {
        Id = "c",
        Names = ["/a", "/b/alias"],
        Image = "busybox",
        ImageId = "sha256:1",
        Labels = LabelSet.Create(KeyValuePair.Create("k", "v"), KeyValuePair.Create("l", "w")),
        State = ContainerState.Running,
        Status = "Up 5 minutes (healthy)",
        Created = DateTimeOffset.UnixEpoch.AddDays(1),
    };

    [Test]
    public void That_time_passes_is_no_change() =>
        Of(_listed with { Status = "Up 6 minutes (healthy)" }).IsAsBefore(Of(_listed)).Should().BeTrue();

    [Test]
    public void That_time_begins_anew_is_one() =>
        Of(_listed with { Status = "Up 4 seconds (healthy)" }).IsAsBefore(Of(_listed)).Should().BeFalse("it was started again");

    [Test]
    public void Names_in_another_order_are_no_change() =>
        Of(_listed with { Names = ["/b/alias", "/a"] }).IsAsBefore(Of(_listed)).Should().BeTrue();

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return Change("a name", _listed with { Names = ["/other", "/b/alias"] });
        yield return Change("a name more", _listed with { Names = ["/a", "/b/alias", "/c/alias"] });
        yield return Change("an image that is called otherwise", _listed with { Image = "busybox:1" });
        yield return Change("another image", _listed with { ImageId = "sha256:2" });
        yield return Change("a label", _listed with { Labels = LabelSet.Create(KeyValuePair.Create("k", "v2"), KeyValuePair.Create("l", "w")) });
        yield return Change("labels that change places", _listed with { Labels = LabelSet.Create(KeyValuePair.Create("k", "w"), KeyValuePair.Create("l", "v")) });
        yield return Change("a label less", _listed with { Labels = LabelSet.Create(KeyValuePair.Create("k", "v")) });
        yield return Change("a state", _listed with { State = ContainerState.Paused });
        yield return Change("its health", _listed with { Status = "Up 5 minutes (unhealthy)" });
        yield return Change("its end", _listed with { Status = "Exited (0) 5 minutes ago" });
        yield return Change("another container of that ID", _listed with { Created = DateTimeOffset.UnixEpoch.AddDays(2) });

        static TestCaseData Change(string name, ContainerSummary listed) => new TestCaseData(listed).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Changes))]
    public void What_does_not_change_by_itself_is_a_change(ContainerSummary listed) =>
        Of(listed).IsAsBefore(Of(_listed)).Should().BeFalse();

    [Test]
    public void What_is_not_kept_of_the_list_counts_too() =>
        ListEntries.Of(_listed, 1)!.Value.IsAsBefore(ListEntries.Of(_listed, 2)!.Value).Should().BeFalse();

    [Test]
    public void Of_what_was_left_out_nobody_can_tell()
    {
        ListEntries.Of(_listed with { OmittedLabels = 1 }).Should().BeNull();
        ListEntries.Of(_listed with { IsTruncated = true }).Should().BeNull();
    }

    private static ListEntry Of(ContainerSummary listed) => ListEntries.Of(listed)!.Value;
}
