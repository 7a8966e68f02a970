using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Gets a command that makes <c>/tmp/made</c>, deletes <c>/bin/env</c> and runs on.</summary>
    protected virtual IReadOnlyList<string> WritingCommand => ["sh", "-c", "echo x > /tmp/made; rm /bin/env; sleep 1000"];

    [Test]
    public async Task A_restarted_container_runs_anew()
    {
        var id = await StartedAsync();
        var before = await Containers.InspectAsync(id, Token);

        await Containers.RestartAsync(id, TimeSpan.Zero, Token);

        var after = await Containers.InspectAsync(id, Token);
        after.View.State.Should().Be(ContainerState.Running);
        StartedAt(after).Should().NotBe(StartedAt(before));
    }

    [Test]
    public async Task A_restart_is_told_as_a_stop_and_a_start()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await StartedAsync();

        await Containers.RestartAsync(id, TimeSpan.Zero, Token);

        string[] expected = ["create", "start", .. Traits.Restart];
        (await ReadToldAsync(events, id, expected.Length)).Should().Equal(expected);
    }

    [Test]
    public async Task Restarting_a_container_that_does_not_run_starts_it()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync();

        await Containers.RestartAsync(id, null, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
        (await ReadToldAsync(events, id, 1 + Traits.RestartOfIdle.Count)).Should().Equal(["create", .. Traits.RestartOfIdle]);
    }

    [Test]
    public async Task A_paused_container_can_be_restarted()
    {
        var id = await StartedAsync();
        await Containers.PauseAsync(id, Token);
        if (!Traits.RestartsPaused)
        {
            (await RefusalAsync(() => Containers.RestartAsync(id, TimeSpan.Zero, Token))).StatusCode.Should().Be(HttpStatusCode.Conflict);
            return;
        }

        await Containers.RestartAsync(id, TimeSpan.Zero, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_container_that_is_removed_when_it_ends_outlives_a_restart()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["AutoRemove"] = true);
        await Containers.StartAsync(id, Token);

        await Containers.RestartAsync(id, TimeSpan.Zero, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Restarting_what_cannot_be_started_is_an_error_of_the_engine()
    {
        if (Traits.LooksForNetworksAtCreate)
        {
            await MissesNetworkAtCreateAsync();
            return;
        }

        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"nonet-{_tag}");

        var error = await RefusalAsync(() => Containers.RestartAsync(id, TimeSpan.Zero, Token));

        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await ViewAsync(id)).State.Should().Be(ContainerState.Created);
    }

    [Test]
    public async Task Restarting_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.RestartAsync(Name("absent"), TimeSpan.Zero, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_container_can_be_paused_and_goes_on_when_it_is_unpaused()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await StartedAsync();

        await Containers.PauseAsync(id, Token);
        var paused = await ViewAsync(id);
        await Containers.UnpauseAsync(id, Token);

        paused.State.Should().Be(ContainerState.Paused);
        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
        (await ReadAsync(events, id, last: "unpause")).Select(happened => happened.Action).Should().Equal("create", "start", "pause", "unpause");
    }

    [Test]
    public async Task Pausing_a_paused_container_is_a_conflict()
    {
        var id = await StartedAsync();
        await Containers.PauseAsync(id, Token);

        var error = await RefusalAsync(() => Containers.PauseAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Pausing_a_container_that_does_not_run_is_a_conflict()
    {
        var id = await CreateAsync();

        var error = await RefusalAsync(() => Containers.PauseAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Unpausing_a_container_that_is_not_paused_is_an_error_of_the_engine()
    {
        var id = await StartedAsync();

        var error = await RefusalAsync(() => Containers.UnpauseAsync(id, Token));

        error.StatusCode.Should().Be(Traits.UnpausingWhatIsNotPaused);
    }

    [Test]
    public async Task Pausing_or_unpausing_what_is_not_there_is_not_found()
    {
        var pause = await RefusalAsync(() => Containers.PauseAsync(Name("absent"), Token));
        var unpause = await RefusalAsync(() => Containers.UnpauseAsync(Name("absent"), Token));

        pause.StatusCode.Should().Be(HttpStatusCode.NotFound);
        unpause.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_renamed_container_has_the_new_name_and_frees_the_old_one()
    {
        var id = await CreateAsync(name: Name("old"));

        await Containers.RenameAsync(id, Name("new"), Token);

        (await ViewAsync(id)).Name.Should().Be(Name("new"));
        (await ViewAsync(await CreateAsync(name: Name("old")))).Name.Should().Be(Name("old"));
    }

    [Test]
    public async Task A_rename_is_told_with_both_names()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(name: Name("old"));

        await Containers.RenameAsync(id, "/" + Name("new"), Token);

        var told = (await ReadAsync(events, id, last: "rename"))[^1];
        told.Attributes.ValueOrEmpty("name").Should().Be(Name("new"));
        told.Attributes.ValueOrEmpty("oldName").Should().Be(Traits.TellsOldNames ? "/" + Name("old") : "");
    }

    [Test]
    public async Task Renaming_to_a_taken_name_is_a_conflict_that_names_the_holder()
    {
        var holder = await CreateAsync(name: Name("taken"));
        var id = await CreateAsync(name: Name("free"));

        var error = await RefusalAsync(() => Containers.RenameAsync(id, Name("taken"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
        error.EngineMessage.Contains(holder, StringComparison.Ordinal).Should().Be(Traits.NamesHolderOfANewName);
        (await ViewAsync(id)).Name.Should().Be(Name("free"));
    }

    [TestCase("")]
    [TestCase("-wrong")]
    [TestCase("x")]
    [TestCase("wr ong")]
    [TestCase("wrong/../other?name=x")]
    public async Task Renaming_to_what_is_no_name_is_a_bad_request(string name)
    {
        var id = await CreateAsync();
        if (Traits.AllowsShortNames && name.Length == 1)
        {
            await Containers.RenameAsync(id, name, Token);
            (await ViewAsync(id)).Name.Should().Be(name);
            return;
        }

        var error = await RefusalAsync(() => Containers.RenameAsync(id, name, Token));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Renaming_to_the_name_it_has_is_a_bad_request()
    {
        var id = await CreateAsync(name: Name("same"));
        if (Traits.AllowsRenamingToTheSame)
        {
            await Containers.RenameAsync(id, Name("same"), Token);
            (await ViewAsync(id)).Name.Should().Be(Name("same"));
            return;
        }

        var error = await RefusalAsync(() => Containers.RenameAsync(id, Name("same"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Renaming_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.RenameAsync(Name("absent"), Name("new"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_update_changes_what_it_names_and_nothing_else(bool running)
    {
        var id = await CreateAsync(body =>
        {
            body["HostConfig"]!["Memory"] = 64 * Mebibyte;
            body["HostConfig"]!["NanoCpus"] = 500_000_000;
        });
        if (running)
        {
            await Containers.StartAsync(id, Token);
        }

        var warnings = await Containers.UpdateAsync(id, new ContainerUpdateSpec { MemoryBytes = 96 * Mebibyte, MemorySwapBytes = 192 * Mebibyte, RestartPolicy = new RestartPolicy("on-failure", 3), PidsLimit = 100 }, Token);

        warnings.Should().BeEmpty();
        (await ViewAsync(id)).Resources.Should().Be(new ResourceVector { MemoryBytes = 96 * Mebibyte, NanoCpus = 500_000_000, Slots = 1 });
        var host = await HostConfigAsync(id);
        host.GetProperty("MemorySwap").GetInt64().Should().Be(192 * Mebibyte);
        host.GetProperty("PidsLimit").GetInt64().Should().Be(100);
        host.GetProperty("RestartPolicy").GetProperty("Name").GetString().Should().Be("on-failure");
        host.GetProperty("RestartPolicy").GetProperty("MaximumRetryCount").GetInt32().Should().Be(3);
    }

    [Test]
    public async Task An_update_is_told()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(body => body["HostConfig"]!["Memory"] = 64 * Mebibyte);

        await Containers.UpdateAsync(id, new ContainerUpdateSpec { MemoryBytes = 32 * Mebibyte }, Token);

        (await ReadAsync(events, id, last: "update")).Select(happened => happened.Action).Should().Equal("create", "update");
    }

    [Test]
    public async Task What_an_update_sets_to_nothing_stays_as_it_is()
    {
        var id = await CreateAsync(body =>
        {
            body["HostConfig"]!["Memory"] = 64 * Mebibyte;
            body["HostConfig"]!["RestartPolicy"] = new JsonObject { ["Name"] = "always" };
        });

        await Containers.UpdateAsync(id, Update("""{"Memory":0,"NanoCpus":0,"RestartPolicy":{},"CpusetCpus":"","NoSuchField":1,"HostConfig":{"Memory":8388608}}"""), Token);

        (await ViewAsync(id)).Resources.MemoryBytes.Should().Be(64 * Mebibyte);
        (await HostConfigAsync(id)).GetProperty("RestartPolicy").GetProperty("Name").GetString().Should().Be(Traits.KeepsRestartPolicies ? "always" : "no");
    }

    [Test]
    public async Task Keys_of_an_update_are_read_whatever_their_case()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["Memory"] = 64 * Mebibyte);

        await Containers.UpdateAsync(id, Update("""{"memory":33554432,"MEMORYSWAP":-1}"""), Token);

        (await ViewAsync(id)).Resources.MemoryBytes.Should().Be(32 * Mebibyte);
    }

    [Test]
    public async Task Quota_and_period_are_changed_one_by_one()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["CpuQuota"] = 50_000);

        await Containers.UpdateAsync(id, new ContainerUpdateSpec { CpuPeriod = 50_000 }, Token);
        var doubled = (await ViewAsync(id)).Resources.NanoCpus;
        await Containers.UpdateAsync(id, new ContainerUpdateSpec { CpuQuota = -1 }, Token);

        doubled.Should().Be(ResourceVector.NanoCpusPerCpu);
        (await ViewAsync(id)).Resources.NanoCpus.Should().Be(0);
    }

    [Test]
    public async Task Shares_a_reservation_and_labels_show_as_they_were_asked_for_and_as_they_were_changed_to()
    {
        var id = await CreateAsync(body =>
        {
            body["HostConfig"]!["CpuShares"] = 512;
            body["HostConfig"]!["MemoryReservation"] = 64 * Mebibyte;
            body["Labels"] = new JsonObject { [SwarmLabels.Demand] = """{"v":1}""" };
        });
        var (created, labels) = (await HostConfigAsync(id), (await ViewAsync(id)).Labels);

        await Containers.UpdateAsync(id, new ContainerUpdateSpec { CpuShares = 768, MemoryReservationBytes = 32 * Mebibyte }, Token);

        var updated = await HostConfigAsync(id);
        (created.GetProperty("CpuShares").GetInt64(), created.GetProperty("MemoryReservation").GetInt64()).Should().Be((512, 64 * Mebibyte));
        (updated.GetProperty("CpuShares").GetInt64(), updated.GetProperty("MemoryReservation").GetInt64()).Should().Be((768, 32 * Mebibyte));
        labels[SwarmLabels.Demand].Should().Be("""{"v":1}""");
        (await ViewAsync(id)).Labels.Should().Equal(labels);
    }

    [TestCase("""{"Memory":1024}""")]
    [TestCase("""{"Memory":-1}""")]
    [TestCase("""{"NanoCpus":-1}""")]
    [TestCase("""{"NanoCpus":4000000000000}""")]
    [TestCase("""{"NanoCpus":100000000,"CpuQuota":10000}""")]
    [TestCase("""{"CpuQuota":10}""")]
    [TestCase("""{"CpuPeriod":10}""")]
    [TestCase("""{"RestartPolicy":{"Name":"sometimes"}}""")]
    [TestCase("""{"RestartPolicy":{"Name":"always","MaximumRetryCount":3}}""")]
    public async Task An_update_that_cannot_be_is_a_bad_request_and_changes_nothing(string update)
    {
        var id = await CreateAsync(body => body["HostConfig"]!["Memory"] = 64 * Mebibyte);
        if (!Traits.ChecksLimits && !update.Contains("RestartPolicy", StringComparison.Ordinal))
        {
            (await Containers.UpdateAsync(id, Update(update), Token)).Should().BeEmpty();
            return;
        }

        var before = await HostConfigAsync(id);

        var error = await RefusalAsync(() => Containers.UpdateAsync(id, Update(update), Token));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await HostConfigAsync(id)).GetRawText().Should().Be(before.GetRawText());
    }

    [TestCase("""{"Memory":67108864}""", """{"Memory":268435456}""")]
    [TestCase("{}", """{"Memory":67108864}""")]
    [TestCase("""{"NanoCpus":100000000}""", """{"CpuQuota":50000}""")]
    [TestCase("""{"NanoCpus":100000000}""", """{"CpuPeriod":50000}""")]
    [TestCase("""{"CpuQuota":50000}""", """{"NanoCpus":100000000}""")]
    [TestCase("""{"AutoRemove":true}""", """{"RestartPolicy":{"Name":"always"}}""")]
    public async Task An_update_that_does_not_go_with_what_the_container_has_is_a_conflict(string has, string update)
    {
        var id = await CreateAsync(body =>
        {
            foreach (var (key, value) in JsonNode.Parse(has)!.AsObject())
            {
                body["HostConfig"]![key] = value!.DeepClone();
            }
        });
        if (!Traits.ChecksLimits)
        {
            (await Containers.UpdateAsync(id, Update(update), Token)).Should().BeEmpty();
            return;
        }

        var error = await RefusalAsync(() => Containers.UpdateAsync(id, Update(update), Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Updating_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.UpdateAsync(Name("absent"), new ContainerUpdateSpec { MemoryBytes = 64 * Mebibyte }, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_restart_policy_that_was_changed_is_obeyed()
    {
        var id = await CreateAsync(body =>
        {
            body["Cmd"] = Words(FailCommand);
            body["HostConfig"]!["RestartPolicy"] = new JsonObject { ["Name"] = "always" };
        });

        await Containers.UpdateAsync(id, new ContainerUpdateSpec { RestartPolicy = new RestartPolicy("no") }, Token);
        await Containers.StartAsync(id, Token);

        await WaitForAsync(id, state => state == ContainerState.Exited);
    }

    [Test]
    public async Task The_processes_of_a_running_container_are_listed()
    {
        var id = await StartedAsync();

        var all = await Containers.TopAsync(id, null, Token);
        var chosen = await Containers.TopAsync(id, "-o pid,comm", Token);

        all.Titles.Should().Contain(["PID", "CMD"]);
        all.Processes.Should().ContainSingle().Which[all.Titles.IndexOf("CMD")].Should().Be(string.Join(' ', SleepCommand));
        chosen.Titles.Should().Equal("PID", "COMMAND");
        chosen.Processes.Select(process => process[1]).Should().Equal(Traits.ListsItsOwnPs ? [SleepCommand[0], "ps"] : [SleepCommand[0]]);
    }

    [TestCase("--nonsense")]
    [TestCase("-o comm")]
    public async Task Arguments_that_do_not_list_processes_are_an_error_of_the_engine(string arguments)
    {
        var id = await StartedAsync();

        if (Traits.ListsItsOwnPs && arguments == "-o comm")
        {
            (await Containers.TopAsync(id, arguments, Token)).Titles.Should().Equal("COMMAND");
            return;
        }

        var error = await RefusalAsync(() => Containers.TopAsync(id, arguments, Token));

        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Test]
    public async Task A_container_that_does_not_run_has_no_processes_to_list()
    {
        var id = await CreateAsync();

        var idle = await RefusalAsync(() => Containers.TopAsync(id, null, Token));
        var absent = await RefusalAsync(() => Containers.TopAsync(Name("absent"), null, Token));

        idle.StatusCode.Should().Be(HttpStatusCode.Conflict);
        absent.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task What_a_container_changed_in_its_file_system_is_listed()
    {
        var id = await CreateAsync(body => body["Cmd"] = Words(WritingCommand));
        var before = await Containers.ListChangesAsync(id, Token);

        await Containers.StartAsync(id, Token);

        await WaitUntilAsync(async () => (await Containers.ListChangesAsync(id, Token)).Length == 4 + Traits.ChangedByItself.Count);
        before.Should().BeEmpty();
        (await Containers.ListChangesAsync(id, Token)).Should().BeEquivalentTo(
        [
            new FileChange("/tmp", FileChangeKind.Modified),
            new FileChange("/tmp/made", FileChangeKind.Added),
            new FileChange("/bin", FileChangeKind.Modified),
            new FileChange("/bin/env", FileChangeKind.Deleted),
            .. Traits.ChangedByItself.Select(path => new FileChange(path, FileChangeKind.Modified)),
        ]);
    }

    [Test]
    public async Task The_changes_of_what_is_not_there_are_not_found()
    {
        var error = await RefusalAsync(() => Containers.ListChangesAsync(Name("absent"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_running_container_can_be_resized_with_a_terminal_and_without(bool tty)
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(body => body["Tty"] = tty);
        await Containers.StartAsync(id, Token);

        await Containers.ResizeAsync(id, 120, 40, Token);

        await Containers.RemoveAsync(id, force: true, removeVolumes: false, Token);
        (await ReadToldAsync(events, id)).Should().Equal(["create", "start", .. Traits.EndOfAForcedRemoval, Traits.Removal], "what changes nothing is left out");
    }

    [Test]
    public async Task Resizing_a_container_that_does_not_run_is_a_conflict()
    {
        var id = await CreateAsync();

        var idle = await RefusalAsync(() => Containers.ResizeAsync(id, 120, 40, Token));
        var absent = await RefusalAsync(() => Containers.ResizeAsync(Name("absent"), 120, 40, Token));

        idle.StatusCode.Should().Be(HttpStatusCode.Conflict);
        absent.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_kill_of_what_waits_to_be_restarted_ends_that_and_says_nothing()
    {
        var id = await CreateAsync(body =>
        {
            body["Cmd"] = new JsonArray("false");
            body["HostConfig"]!["RestartPolicy"] = new JsonObject { ["Name"] = "always" };
        });
        await Containers.StartAsync(id, Token);
        if (!Traits.PausesBeforeRestarts)
        {
            await WaitUntilAsync(async () => (await ViewAsync(id)).State.Should().NotBe(ContainerState.Restarting).And.Subject is not null && await RestartCountAsync(id) >= 5);
            return;
        }

        while ((await ViewAsync(id)).State != ContainerState.Restarting || await RestartCountAsync(id) < 5)
        {
            await Task.Delay(10, Token);
        }

        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        await Containers.KillAsync(id, null, Token);
        while ((await ViewAsync(id)).State != ContainerState.Exited)
        {
            await Task.Delay(10, Token);
        }

        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);
        (await ReadToldAsync(events, id)).Should().Equal(Traits.Removal);
    }

    private static ContainerUpdate Update(string body) => ContainerUpdate.Parse(Encoding.UTF8.GetBytes(body));

    private async Task<int> RestartCountAsync(string id) =>
        (int)JsonNode.Parse((await Containers.InspectAsync(id, Token)).Json.Span)!["RestartCount"]!;

    private async Task<JsonElement> HostConfigAsync(string id)
    {
        using var json = JsonDocument.Parse((await Containers.InspectAsync(id, Token)).Json);
        return json.RootElement.GetProperty("HostConfig").Clone();
    }
}
