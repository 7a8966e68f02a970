using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class DaemonIdentityTests
{
    private readonly FakeTimeProvider _time = new();

    [TestCase("a b", "a b", nameof(IdentityVerdict.Same))]
    [TestCase("", "", nameof(IdentityVerdict.Same))]
    [TestCase("a b", "a", nameof(IdentityVerdict.Unclear), Description = "it may have been removed in between")]
    [TestCase("a", "b", nameof(IdentityVerdict.Unclear))]
    [TestCase("a", "", nameof(IdentityVerdict.Unclear))]
    public void Of_one_name_containers_tell_once_they_were_read_in_order(string first, string second, string verdict)
    {
        var other = Read("host", first, 1, 2);
        var one = Read("host", second, 3, 4);

        Compare(one, other).ToString().Should().Be(verdict);
    }

    [Test]
    public void What_was_there_before_and_after_the_other_was_read_proves_two()
    {
        var other = Read("host", "a", 5, 6, Read("host", "a", 1, 2));
        var one = Read("host", "b", 3, 4);

        Compare(one, other).Should().Be(IdentityVerdict.ProvenDifferent);
    }

    [Test]
    public void What_came_only_after_the_other_was_read_proves_nothing()
    {
        var other = Read("host", "a b", 5, 6, Read("host", "b", 1, 2));
        var one = Read("host", "b", 3, 4);

        Compare(one, other).Should().Be(IdentityVerdict.Unclear);
    }

    [TestCase(2, 4, Description = "it was first read while the other was")]
    [TestCase(1, 6, Description = "it was read again before the other had ended")]
    public void Readings_that_overlap_prove_nothing_by_containers(int endedAt, int startedAt)
    {
        var other = Read("host", "a", startedAt, 9, Read("host", "a", 0, endedAt));
        var one = Read("host", "b", endedAt == 2 ? 1 : 3, endedAt == 2 ? 3 : 7);

        Compare(one, other).Should().Be(IdentityVerdict.Unclear);
    }

    [Test]
    public void An_empty_list_proves_two_only_when_it_was_said_twice()
    {
        var first = Read("host", "", 3, 4);
        _time.Advance(TimeSpan.FromSeconds(2));
        var second = Read("host", "", 5, 6, first);
        var other = Read("host", "a", 7, 8, Read("host", "a", 1, 2));

        Compare(first, other).Should().Be(IdentityVerdict.Unclear);
        Compare(second, other).Should().Be(IdentityVerdict.ProvenDifferent);
    }

    [Test]
    public void A_list_that_is_cut_short_proves_nothing()
    {
        var one = Read("host", "b", 3, 4, uncounted: 1);
        var other = Read("host", "a b", 5, 6, Read("host", "a b", 1, 2));

        Compare(one, other).Should().Be(IdentityVerdict.Unclear);
    }

    [Test]
    public void The_same_containers_mean_one_daemon_whatever_it_is_called() =>
        Compare(Read("new", "a b", 3, 4), Read("old", "a b", 5, 6, Read("old", "a b", 1, 2))).Should().Be(IdentityVerdict.Same);

    [Test]
    public void A_container_that_events_have_told_of_is_no_difference() =>
        Compare(Read("host", "a b", 3, 4), Read("host", "a", 1, 2), shown: "a b").Should().Be(IdentityVerdict.Same);

    [Test]
    public void Another_name_of_long_ago_may_be_that_of_a_machine_that_was_renamed() =>
        Compare(Read("new", "", 3, 4), Read("old", "", 1, 2)).Should().Be(IdentityVerdict.Unclear);

    [Test]
    public void Another_name_that_is_held_while_the_other_is_read_tells() =>
        Compare(Read("one", "", 3, 4), Read("other", "", 5, 6, Read("other", "", 1, 2))).Should().Be(IdentityVerdict.Different);

    [Test]
    public void Two_names_that_were_held_at_one_time_tell() =>
        Compare(Read("one", "", 5, 7, Read("one", "", 1, 3)), Read("other", "", 6, 8, Read("other", "", 2, 4))).Should().Be(IdentityVerdict.Different);

    [TestCase("a b", "a b")]
    [TestCase("", "")]
    [TestCase("a", "b")]
    public void Certificates_of_two_subjects_tell_whatever_the_engines_say(string first, string second) =>
        Compare(Read("host", first, 3, 4, certificate: new EngineCertificate("1", "CN=a")), Read("host", second, 1, 2, certificate: new EngineCertificate("2", "CN=b")))
            .Should().Be(IdentityVerdict.Different);

    [Test]
    public void A_renewed_certificate_tells_nothing_and_neither_does_one_that_only_one_of_them_shows()
    {
        var certificate = new EngineCertificate("1", "CN=a");

        Compare(Read("host", "a", 3, 4, certificate: certificate), Read("host", "a", 1, 2, certificate: certificate with { Fingerprint = "2" })).Should().Be(IdentityVerdict.Same);
        Compare(Read("host", "a", 3, 4, certificate: certificate), Read("host", "a", 1, 2)).Should().Be(IdentityVerdict.Same);
    }

    [TestCase("old", "new", "a", "a", nameof(IdentityVerdict.Same))]
    [TestCase("old", "new", "a", "b", nameof(IdentityVerdict.Different))]
    [TestCase("host", "host", "a", "b", nameof(IdentityVerdict.Different))]
    [TestCase("host", "host", "", "b", nameof(IdentityVerdict.Same))]
    [TestCase("host", "host", "", "", nameof(IdentityVerdict.Same))]
    [TestCase("old", "new", "", "", nameof(IdentityVerdict.Different))]
    [TestCase("old", "new", "a", "", nameof(IdentityVerdict.Unclear), Description = "an empty list may be that of a daemon that has just come up")]
    public void Of_an_engine_that_does_not_answer_what_it_was_counts(string name, string now, string containers, string read, string verdict) =>
        Compare(Read(now, read, 3, 4), Read(name, containers, 1, 2), answers: false).ToString().Should().Be(verdict);

    [Test]
    public void Without_an_engine_of_the_same_ID_a_reading_is_taken_in_without_looking_at_its_containers()
    {
        var few = Read("host", string.Join(' ', Enumerable.Range(0, 10)), 1, 2);
        var many = Read("host", string.Join(' ', Enumerable.Range(0, 5_000)), 1, 2);

        AllocatedBy(many).Should().Be(AllocatedBy(few));

        long AllocatedBy(DaemonReading before)
        {
            var reading = Reading("host", Containers(string.Join(' ', before.ContainerIds)), 3, 0);
            DaemonReading.Of(reading, 4, before, hasClash: false, TimeSpan.FromSeconds(2), _time);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            DaemonReading.Of(reading, 4, before, hasClash: false, TimeSpan.FromSeconds(2), _time);
            return GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
    }

    [Test]
    public void Nothing_but_the_IDs_of_containers_outlives_a_reading()
    {
        var (kept, view) = TakeIn();

        GC.Collect();

        view.TryGetTarget(out _).Should().BeFalse();
        kept.ContainerIds.Should().Equal("a");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (DaemonReading Kept, WeakReference<ContainerView> View) TakeIn()
    {
        var view = new ContainerView { Id = "a" };
        return (DaemonReading.Of(Reading("host", [view], 1, 0), 2, null, hasClash: true, TimeSpan.FromSeconds(2), _time), new WeakReference<ContainerView>(view));
    }

    private static IdentityVerdict Compare(DaemonReading one, DaemonReading other, string? shown = null, bool answers = true) =>
        DaemonIdentity.Compare(one, other, shown is null ? other.ContainerIds : [.. Containers(shown).Select(container => container.Id)], answers).Verdict;

    private DaemonReading Read(string name, string containers, long startedAt, long endedAt, DaemonReading? before = null, int uncounted = 0, EngineCertificate? certificate = null) =>
        DaemonReading.Of(Reading(name, Containers(containers), startedAt, uncounted) with { Certificate = certificate }, endedAt, before, hasClash: true, TimeSpan.FromSeconds(2), _time);

    private EngineReading Reading(string name, ImmutableArray<ContainerView> containers, long startedAt, int uncounted) =>
        new(0, _time.GetTimestamp(), new EngineSpecs { DaemonId = "ID", Name = name }, (containers, uncounted), [], null, null, null) { Moment = startedAt };

    private static ImmutableArray<ContainerView> Containers(string ids) =>
        [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(id => new ContainerView { Id = id })];
}
