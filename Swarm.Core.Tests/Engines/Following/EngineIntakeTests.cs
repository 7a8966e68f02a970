using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class EngineIntakeTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly string _id = new('a', 64);

    [Test]
    public void Labels_beyond_the_number_are_left_out_and_counted()
    {
        var view = Take(new EngineLimits { MaxLabels = 16 }, LabelSet.Create(Enumerable.Range(0, 20).Select(number => KeyValuePair.Create($"k{number:00}", "v"))));

        view.Labels.Keys.Should().Equal(Enumerable.Range(0, 16).Select(number => $"k{number:00}"));
        view.OmittedLabels.Should().Be(4);
    }

    [Test]
    public void Labels_of_scheduling_are_never_left_out_however_many_and_long_the_others_are()
    {
        var labels = LabelSet.Create(
        [
            .. Enumerable.Range(0, 200).Select(number => KeyValuePair.Create($"a{number:000}", "v")),
            KeyValuePair.Create(SwarmLabels.Constraints, $"[\"region=={new string('x', 3000)}\"]"),
            KeyValuePair.Create(SwarmLabels.Id, "1"),
        ]);

        var view = Take(new EngineLimits(), labels);

        view.Labels.Should().Contain(labels.Where(label => label.Key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal)));
        view.Labels.Should().HaveCount(130);
    }

    [TestCase(1023, 1)]
    [TestCase(1024, 0)]
    public void A_label_that_is_too_long_is_left_out_whole(int length, int kept) =>
        Take(new EngineLimits(), LabelSet.Create(KeyValuePair.Create("k", new string('x', length)))).Labels.Should().HaveCount(kept);

    [Test]
    public void The_length_of_a_label_is_that_of_its_bytes() =>
        Take(new EngineLimits(), LabelSet.Create(KeyValuePair.Create("k", new string('é', 512)))).OmittedLabels.Should().Be(1);

    [Test]
    public void An_answer_about_another_container_is_refused() =>
        FluentActions.Invoking(() => new EngineIntake(new EngineLimits()).Container(_address, new string('b', 64), Inspection(LabelSet.Empty)))
            .Should().Throw<EngineProtocolException>();

    [Test]
    public void Equal_labels_of_two_containers_share_their_texts()
    {
        var intake = new EngineIntake(new EngineLimits());
        var first = intake.Labels(LabelSet.Create(KeyValuePair.Create(Copy("tier"), Copy("front"))), out _);
        var second = intake.Labels(LabelSet.Create(KeyValuePair.Create(Copy("tier"), Copy("front"))), out _);

        second.Keys.Single().Should().BeSameAs(first.Keys.Single());
        second["tier"].Should().BeSameAs(first["tier"]);
    }

    [Test]
    public void Amounts_that_no_container_can_take_are_cut_to_what_can_be_counted()
    {
        var hostile = new ContainerView
        {
            Id = _id,
            Resources = new ResourceVector { MemoryBytes = long.MaxValue, NanoCpus = long.MinValue, Slots = 1, Named = NamedResources.Create(KeyValuePair.Create("gpu", -5L), KeyValuePair.Create("tpu", 2L)) },
        };

        var view = new EngineIntake(new EngineLimits()).Container(_address, _id, new ContainerInspection(ReadOnlyMemory<byte>.Empty, hostile));

        view.Resources.Should().Be(new ResourceVector { MemoryBytes = 64L << 40, NanoCpus = 0, Slots = 1, Named = NamedResources.Create(KeyValuePair.Create("tpu", 2L)) });
    }

    [Test]
    public void Of_too_many_containers_those_of_clusters_are_followed_first_then_by_ID()
    {
        ContainerSummary[] listed = [Listed("d"), Listed("c", SwarmLabels.Id), Listed("b"), Listed("z") with { Labels = LabelSet.Create([new(SwarmLabels.Operation, new string('a', 32))]) }];

        var (kept, uncounted) = new EngineIntake(new EngineLimits { MaxContainers = 2 }).Containers([.. listed]);

        kept.Select(container => container.Id).Should().Equal("z", "b");
        uncounted.Should().Be(2);
    }

    [TestCase("WithoutAnswer", 3)]
    [TestCase("WithoutDetails", 3)]
    [TestCase("Core", 3)]
    [TestCase("Core", 3000)]
    public void Of_a_container_of_a_long_list_that_is_too_long_to_be_read_all_counts_that_it_takes_or_it_stays_unread(string detail, int amounts)
    {
        var named = NamedResources.Create(Enumerable.Range(0, amounts).Select(number => KeyValuePair.Create($"gpu{number}", 1L)));
        var summary = Listed("a") with
        {
            Labels = LabelSet.Create(
                new(SwarmLabels.Operation, new string('a', 32)),
                new(SwarmLabels.Demand, new CountedDemand { MemoryBytes = A.GiB }.Write()),
                new(SwarmLabels.Resources, JsonSerializer.Serialize(named.ToDictionary(amount => amount.Key, amount => amount.Value, StringComparer.Ordinal)))),
        };

        var listed = new EngineIntake(new EngineLimits()).Container(ContainerAbridger.Abridge(summary, Enum.Parse<ContainerDetail>(detail)));

        EngineIntake.Overlong(listed, before: null)?.Resources.Should().Be(new ResourceVector { MemoryBytes = A.GiB, Slots = 1, Named = named });
        (EngineIntake.Overlong(listed, before: null) is null).Should().Be(amounts == 3000);
    }

    [TestCase(ContainerState.Running, true)]
    [TestCase(ContainerState.Exited, false)]
    public void What_became_too_long_to_be_read_takes_what_it_took_and_does_what_the_list_says(ContainerState state, bool isPublished)
    {
        var before = new ContainerView { Id = "c", Names = ["/old"], Resources = new ResourceVector { MemoryBytes = A.GiB, Slots = 1 }, PortBindings = [A.Port("80")], PublishedPorts = [A.Port("80")] };
        var listed = new ContainerView { Id = "c", Names = ["/new"], State = state, IsUnread = true };

        var kept = EngineIntake.Overlong(listed, before)!;

        kept.Should().Match<ContainerView>(view => view.State == state && view.Name == "new" && view.Resources == before.Resources && view.IsTruncated && !view.IsUnread);
        kept.PortBindings.Should().Equal(before.PortBindings);
        kept.PublishedPorts.IsEmpty.Should().Be(!isPublished);
        EngineIntake.Overlong(listed, before with { IsUnread = true }).Should().BeNull("what it takes was not known before either");
    }

    [TestCase(ContainerState.Exited, true)]
    [TestCase(ContainerState.Running, false)]
    public void Of_what_became_too_long_to_be_read_nothing_is_said_that_was_known_of_another_run(ContainerState state, bool isKept)
    {
        var ended = DateTimeOffset.UnixEpoch;
        var before = new ContainerView { Id = "c", State = ContainerState.Exited, RanOutOfMemory = true, StartedAt = ended, FinishedAt = ended };

        var kept = EngineIntake.Overlong(new ContainerView { Id = "c", State = state, IsUnread = true }, before)!;

        (kept.RanOutOfMemory, kept.StartedAt, kept.FinishedAt).Should().Be(isKept ? (true, ended, ended) : (false, default(DateTimeOffset?), default(DateTimeOffset?)));
    }

    [TestCase(ContainerState.Exited, 3, "Exited (3) 5 minutes ago", 3, true)]
    [TestCase(ContainerState.Exited, 3, "Exited (0) 5 minutes ago", 0, false)]
    [TestCase(ContainerState.Running, 3, "Exited (1) 5 minutes ago", 1, false)]
    [TestCase(ContainerState.Running, 3, "Exited (0) 5 minutes ago", 0, false)]
    [TestCase(ContainerState.Restarting, 3, "Restarting (137) 2 seconds ago", 137, false)]
    [TestCase(ContainerState.Restarting, 3, "Restarting (3) 2 seconds ago", 3, true)]
    [TestCase(ContainerState.Restarting, 3, "Exited (3) 2 seconds ago", 3, false)]
    [TestCase(ContainerState.Exited, 3, "Exited (3221225786) 5 minutes ago", -1073741510, false)]
    [TestCase(ContainerState.Exited, -1073741510, "Exited (3221225786) 5 minutes ago", -1073741510, true)]
    [TestCase(ContainerState.Exited, 3, "Up 4 seconds", 0, false)]
    [TestCase(ContainerState.Running, 0, "Up 4 seconds", 0, true)]
    [TestCase(ContainerState.Running, 0, "Up 4 seconds (Paused)", 0, true)]
    [TestCase(ContainerState.Paused, 0, "Up 4 seconds", 0, true)]
    [TestCase(ContainerState.Exited, 3, "Removal In Progress", 3, true)]
    [TestCase(ContainerState.Exited, 3, "Dead", 3, true)]
    [TestCase(ContainerState.Restarting, 3, "Removal In Progress", 3, true)]
    [TestCase(ContainerState.Removing, 3, "Dead", 3, true)]
    [TestCase(ContainerState.Dead, 3, "Dead", 3, true)]
    [TestCase(ContainerState.Running, 0, "Removal In Progress", null, false)]
    [TestCase(ContainerState.Paused, 0, "Dead", null, false)]
    [TestCase(ContainerState.Running, 0, "Exited (x) 5 minutes ago", null, false)]
    [TestCase(ContainerState.Exited, 3, "Exited (99999999999) 5 minutes ago", 3, true)]
    public void What_became_too_long_to_be_read_shows_the_exit_code_of_the_list_and_of_no_other_run(ContainerState was, int exitCode, string status, int? shown, bool isSameRun)
    {
        var state = status[0] switch { 'E' => ContainerState.Exited, 'U' => status.EndsWith("(Paused)", StringComparison.Ordinal) ? ContainerState.Paused : ContainerState.Running, 'D' => ContainerState.Dead, _ => status.StartsWith("Rem", StringComparison.Ordinal) ? ContainerState.Removing : ContainerState.Restarting };
        var before = new ContainerView { Id = "a", State = was, ExitCode = exitCode, RanOutOfMemory = true, StartedAt = DateTimeOffset.UnixEpoch };

        var kept = EngineIntake.Overlong(new EngineIntake(new EngineLimits()).Container(Listed("a") with { State = state, Status = status }), before)!;

        (kept.ExitCode, kept.RanOutOfMemory, kept.StartedAt is not null).Should().Be((shown, isSameRun, isSameRun));
    }

    [Test]
    public void Images_networks_and_volumes_have_limits_of_their_own()
    {
        var intake = new EngineIntake(new EngineLimits { MaxImages = 1, MaxNetworks = 2, MaxVolumes = 3 });

        intake.Images([new ImageView { Id = "b" }, new ImageView { Id = "a" }]).Should().Match<(ImmutableArray<ImageView> Kept, int Uncounted)>(taken => taken.Kept.Single().Id == "a" && taken.Uncounted == 1);
        intake.Networks([.. "cba".Select(name => new NetworkView { Id = $"{name}", Name = "n" })]).Uncounted.Should().Be(1);
        intake.Volumes([.. "dcba".Select(name => new VolumeView { Name = $"{name}" })]).Uncounted.Should().Be(1);
        intake.Volumes([new VolumeView { Name = "v" }]).Uncounted.Should().Be(0);
    }

    [Test]
    public void The_engines_own_answer_is_kept_only_for_a_container_that_may_be_made_again_elsewhere()
    {
        var intake = new EngineIntake(new EngineLimits());
        var operation = KeyValuePair.Create(SwarmLabels.Operation, new string('a', 32));
        var moving = Inspection(LabelSet.Create([operation, new(SwarmLabels.ReschedulePolicies, """["on-node-failure"]""")]));
        var staying = Inspection(LabelSet.Create([operation, new(SwarmLabels.ReschedulePolicies, """["off"]""")]));
        var foreign = Inspection(LabelSet.Create([new(SwarmLabels.ReschedulePolicies, """["on-node-failure"]""")]));

        intake.Container(_address, _id, moving).Inspection.ToArray().Should().Equal(moving.Json.ToArray());
        intake.Container(_address, _id, staying).Inspection.Length.Should().Be(0);
        intake.Container(_address, _id, foreign).Inspection.Length.Should().Be(0, "its policy may be the image's");
        intake.Container(_address, _id, moving).ToString().Should().NotContain("s3cret");
    }

    [TestCase(null, null)]
    [TestCase("", "")]
    [TestCase(" \t\r\n", " ")]
    [TestCase("on-failure", "gpu=1")]
    [TestCase("{}", "[]")]
    [TestCase("""["off"]""", """{"gpu":1}""")]
    public void Every_look_at_a_container_reads_its_labels_without_an_exception_that_is_thrown_and_caught(string? policies, string? resources)
    {
        var labels = LabelSet.Create(new[] { (SwarmLabels.ReschedulePolicies, policies), (SwarmLabels.Resources, resources) }
            .Where(label => label.Item2 is not null).Select(label => KeyValuePair.Create(label.Item1, label.Item2!)));
        var json = JsonSerializer.SerializeToUtf8Bytes(new { Id = _id, Config = new { Labels = labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal) } });
        var intake = new EngineIntake(new EngineLimits());

        ExceptionsIn(() => intake.Container(_address, _id, ContainerInspection.Parse(json))).Should().BeEmpty();
        ExceptionsIn(() => intake.Container(new ContainerSummary { Id = _id, Labels = labels })).Should().BeEmpty();
    }

    [Test]
    public void Of_the_names_of_a_container_each_is_kept_once_and_of_too_many_its_own()
    {
        var intake = new EngineIntake(new EngineLimits());
        var linked = Enumerable.Range(0, 100).Select(number => $"/other-{number}/web");

        var view = intake.Container(Listed("a") with { Names = [.. linked, .. Enumerable.Repeat("/web", 100)] });

        view.Names.Should().HaveCount(EngineIntake.MostNames).And.OnlyHaveUniqueItems().And.StartWith("/web");
        view.IsTruncated.Should().BeTrue();
        intake.Container(Listed("a") with { Names = ["/web", "/web"] }).Should().Match<ContainerView>(each => each.Names.Length == 1 && !each.IsTruncated);
    }

    [TestCase(ContainerState.Created, "Created", 0)]
    [TestCase(ContainerState.Running, "Up 5 minutes", 0)]
    [TestCase(ContainerState.Paused, "Up 5 minutes (Paused)", 0)]
    [TestCase(ContainerState.Exited, "Exited (3) 5 minutes ago", 3)]
    [TestCase(ContainerState.Restarting, "Restarting (0) 2 seconds ago", 0)]
    [TestCase(ContainerState.Exited, "", null)]
    [TestCase(ContainerState.Removing, "Removal In Progress", null)]
    [TestCase(ContainerState.Dead, "Dead", null)]
    [TestCase(ContainerState.Unknown, "up to something", null)]
    public void What_is_known_from_the_list_alone_has_the_exit_code_that_it_tells_or_none(ContainerState state, string status, int? exitCode) =>
        new EngineIntake(new EngineLimits()).Container(Listed("a") with { State = state, Status = status }).ExitCode.Should().Be(exitCode);

    [Test]
    public void What_a_container_that_is_removed_after_it_was_killed_for_its_memory_shows_outlasts_lists_that_tell_less()
    {
        var intake = new EngineIntake(new EngineLimits());
        var view = new ContainerView { Id = "a", State = ContainerState.Exited, ExitCode = 137, RanOutOfMemory = true };
        foreach (var (state, status) in new[] { (ContainerState.Removing, "Removal In Progress"), (ContainerState.Dead, "Dead"), (ContainerState.Dead, "Dead") })
        {
            view = EngineIntake.Overlong(intake.Container(Listed("a") with { State = state, Status = status }), view)!;
        }

        (view.ExitCode, view.RanOutOfMemory).Should().Be((137, true));
    }

    [Test]
    public void What_is_known_of_a_container_from_the_list_alone_says_so()
    {
        var view = new EngineIntake(new EngineLimits()).Container(Listed("a", SwarmLabels.Id) with { Names = ["/web"], State = ContainerState.Running });

        view.IsUnread.Should().BeTrue();
        view.Name.Should().Be("web");
        view.Created.Should().BeNull();
        view.Resources.Slots.Should().Be(1);
    }

    [Test]
    public void What_is_known_of_a_container_from_the_list_alone_counts_for_what_was_counted_when_it_was_created()
    {
        var counted = new CountedDemand { MemoryBytes = A.GiB, IsMemoryReserved = true, NanoCpus = 2 * ResourceVector.NanoCpusPerCpu, CpuShares = 512, HostCpus = 4 };
        var labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Demand, counted.Write()), KeyValuePair.Create(SwarmLabels.Operation, "x"), KeyValuePair.Create(SwarmLabels.Resources, """{"gpu":1}"""));

        var view = new EngineIntake(new EngineLimits()).Container(Listed("a") with { Labels = labels });

        view.Resources.Should().Be(new ResourceVector { MemoryBytes = A.GiB, NanoCpus = 2 * ResourceVector.NanoCpusPerCpu, Slots = 1, Named = A.Named("gpu", 1) });
    }

    [Test]
    public void A_label_that_claims_more_than_any_container_can_take_is_cut_to_what_can_be_counted()
    {
        var labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Demand, new CountedDemand { MemoryBytes = long.MaxValue, NanoCpus = long.MaxValue }.Write()), KeyValuePair.Create(SwarmLabels.Operation, "x"));

        var view = new EngineIntake(new EngineLimits()).Container(Listed("a") with { Labels = labels });

        view.Resources.Should().Be(new ResourceVector { MemoryBytes = 64L << 40, NanoCpus = 4096 * ResourceVector.NanoCpusPerCpu, Slots = 1 });
    }

    [Test]
    public void The_labels_that_scheduling_knows_of_an_engine_outlast_any_number_of_others()
    {
        var labels = LabelSet.Create(
        [
            .. Enumerable.Range(0, 300).Select(number => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"a{number}"), "v")),
            KeyValuePair.Create("containerslots", "3"),
            KeyValuePair.Create("ostype", "linux"),
        ]);

        var specs = new EngineIntake(new EngineLimits()).Specs(_address, Specs() with { Labels = labels });

        specs.Labels.Should().HaveCount(130).And.ContainKey("containerslots").And.ContainKey("ostype");
        specs.Warnings.Should().ContainSingle().Which.Should().Contain("172");
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(4096, true)]
    [TestCase(4097, false)]
    public void An_engine_has_a_number_of_CPUs_that_there_can_be(long cpus, bool accepted) =>
        (EngineSpecsCheck.FindProblem(Specs() with { NanoCpus = cpus * ResourceVector.NanoCpusPerCpu }) is null).Should().Be(accepted);

    [TestCase((1L << 20) - 1, false)]
    [TestCase(1L << 20, true)]
    [TestCase(64L << 40, true)]
    [TestCase((64L << 40) + 1, false)]
    [TestCase(long.MaxValue, false)]
    [TestCase(-1, false)]
    public void An_engine_has_memory_that_there_can_be(long memory, bool accepted) =>
        (EngineSpecsCheck.FindProblem(Specs() with { MemoryBytes = memory }) is null).Should().Be(accepted);

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a|10.0.0.1:2375")]
    [TestCase("a\r\nX: y")]
    [TestCase("ä")]
    public void An_ID_is_made_of_printable_characters(string id) =>
        FluentActions.Invoking(() => new EngineIntake(new EngineLimits()).Specs(_address, Specs() with { DaemonId = id })).Should().Throw<EngineProtocolException>();

    [TestCase("10.0.0.5:2376", "host")]
    [TestCase("tcp://engine-0:2375", "host")]
    [TestCase("unix:///var/run/docker.sock", "host")]
    [TestCase("ID", "10.0.0.5:2376")]
    [TestCase("ID", "unix:///a b")]
    public void Neither_an_ID_nor_a_name_is_an_address(string id, string name) =>
        EngineSpecsCheck.FindProblem(Specs() with { DaemonId = id, Name = name }).Should().Contain("is an address");

    [TestCase("CLLH:UU5M:QJQD:LKJ3:ZBGY:LUXS:ETIK:LLDO:7UPC:LJIW:N7OY:GYVL")]
    [TestCase("CLLH:UU5M:QJQD:LKJ3:ZBGY:LUXS:ETIK:LLDO:7UPC:LJIW:N7OY:2375")]
    [TestCase("0b5f2c1e-7c0a-4f4e-9d0c-2b1c6a6f2375")]
    public void An_ID_of_a_daemon_is_no_address(string id) =>
        EngineSpecsCheck.FindProblem(Specs() with { DaemonId = id }).Should().BeNull();

    [Test]
    public void Names_and_versions_have_no_control_characters_and_an_end()
    {
        EngineSpecsCheck.FindProblem(Specs() with { Name = "host\u001b[31m" }).Should().Contain("host name").And.NotContain("\u001b");
        EngineSpecsCheck.FindProblem(Specs() with { Name = new string('x', 256) }).Should().Contain("255");
        EngineSpecsCheck.FindProblem(Specs() with { ServerVersion = new string('x', 129) }).Should().Contain("version");
        EngineSpecsCheck.FindProblem(Specs() with { Architecture = "x\n" }).Should().Contain("architecture");
        EngineSpecsCheck.FindProblem(Specs()).Should().BeNull();
    }

    [Test]
    public void Every_limit_has_a_range()
    {
        new EngineLimits().Validate().Should().BeEmpty();
        new EngineLimits { MaxContainers = 0, MaxImages = 0, MaxNetworks = -1, MaxVolumes = 100_001, MaxLabels = 15, MaxLabelBytes = 63, MaxBytes = 1000, MaxBytesTogether = 1L << 45 }.Validate()
            .Should().HaveCount(8).And.Contain("MaxVolumes is 100001; it must be between 1 and 100000.");
    }

    [Test]
    public void Texts_that_share_a_place_in_the_pool_stay_apart()
    {
        var texts = new TextPool();

        // Several times as many as there are places.
        var given = Enumerable.Range(0, 60_000).Select(number => $"text {number}").ToArray();

        given.Select(texts.Share).Should().Equal(given);
    }

    [Test]
    public void A_container_that_takes_less_than_nothing_takes_nothing()
    {
        var inspection = new ContainerInspection(ReadOnlyMemory<byte>.Empty, new ContainerView { Id = _id, Resources = new ResourceVector { MemoryBytes = -5, NanoCpus = -5, Slots = 1 } });

        new EngineIntake(new EngineLimits()).Container(_address, _id, inspection).Resources.Should().Be(new ResourceVector { Slots = 1 });
    }

    [Test]
    public void Of_an_event_is_kept_what_somebody_heeds()
    {
        var intake = new EngineIntake(new EngineLimits { MaxLabels = 16 });
        var attributes = LabelSet.Create(Enumerable.Range(0, 20).Select(number => KeyValuePair.Create($"k{number:00}", "v")));

        intake.Event(new EngineEvent(EngineEventType.Container, "start", _id, attributes, default)).Should().Match<EngineEvent>(kept => kept.ActorId == _id && kept.Attributes.Count == 0);
        intake.Event(new EngineEvent(EngineEventType.Container, "destroy", _id, attributes, default)).Attributes.Should().HaveCount(16);
        intake.Event(new EngineEvent(EngineEventType.Image, "pull", new string('x', 1_000_000), attributes, default)).Should().Match<EngineEvent>(kept => kept.ActorId.Length == 0 && kept.Attributes.Count == 0);
    }

    private static List<Exception> ExceptionsIn(Action work)
    {
        var (thread, thrown) = (Environment.CurrentManagedThreadId, new List<Exception>());
        void Note(object? sender, FirstChanceExceptionEventArgs first)
        {
            if (Environment.CurrentManagedThreadId == thread)
            {
                thrown.Add(first.Exception);
            }
        }

        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            work();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }

        return thrown;
    }

    private static ContainerView Take(EngineLimits limits, LabelSet labels) => new EngineIntake(limits).Container(_address, _id, Inspection(labels));

    private static ContainerInspection Inspection(LabelSet labels) =>
        new(Encoding.UTF8.GetBytes("""{"Config":{"Env":["PASSWORD=s3cret"]}}"""), new ContainerView { Id = _id, Labels = labels });

    private static ContainerSummary Listed(string id, params string[] labels) => new()
    {
        Id = id,
        Labels = LabelSet.Create(labels.Select(key => KeyValuePair.Create(key, "x"))),
        Created = DateTimeOffset.UnixEpoch,
    };

    private static EngineSpecs Specs() => new() { DaemonId = "AAAA:BBBB", Name = "host", NanoCpus = 4 * ResourceVector.NanoCpusPerCpu, MemoryBytes = 8 * A.GiB };

    private static string Copy(string text) => new(text.AsSpan());
}
