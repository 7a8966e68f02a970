using System.Net;
using System.Text.Json.Nodes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    [Test]
    public async Task A_started_container_runs()
    {
        var id = await StartedAsync();

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
        (await Containers.ListAsync("contract", _tag, Token)).Single().State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Starting_a_running_container_changes_nothing()
    {
        var id = await StartedAsync();
        var before = await Containers.InspectAsync(id, Token);

        await Containers.StartAsync(id, Token);

        var after = await Containers.InspectAsync(id, Token);
        StartedAt(after).Should().Be(StartedAt(before));
    }

    [Test]
    public async Task Starting_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.StartAsync(Name("absent"), Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_container_whose_process_ends_is_exited_with_its_code()
    {
        var id = await CreateAsync(body => body["Cmd"] = Words(FailCommand));

        await Containers.StartAsync(id, Token);

        var view = await WaitForAsync(id, state => state == ContainerState.Exited);
        view.ExitCode.Should().Be(1);
    }

    [Test]
    public async Task A_container_that_asks_for_it_is_removed_when_its_process_ends()
    {
        var id = await CreateAsync(body =>
        {
            body["Cmd"] = Words(FailCommand);
            body["HostConfig"]!["AutoRemove"] = true;
        });

        await Containers.StartAsync(id, Token);

        await WaitUntilAsync(async () => (await Containers.ListAsync("contract", _tag, Token)).IsEmpty);
    }

    [Test]
    public async Task A_container_that_removes_itself_does_not_run_any_more_after_its_stop_and_then_is_gone_and_its_name_free()
    {
        var id = await CreateAsync(body => body["HostConfig"]!["AutoRemove"] = true);
        await Containers.StartAsync(id, Token);
        var name = (await ViewAsync(id)).Name;

        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        ContainerView? left = null;
        try
        {
            left = await ViewAsync(id);
        }
        catch (EngineApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
        {
            // It was quick.
        }

        (left?.State ?? ContainerState.Removing).Should().BeOneOf(ContainerState.Removing, ContainerState.Exited);
        await WaitUntilAsync(async () =>
        {
            try
            {
                await CreateAsync(name: name);
                return true;
            }
            catch (EngineApiException taken) when (taken.StatusCode == HttpStatusCode.Conflict)
            {
                return false;
            }
        });
    }

    [Test]
    public async Task A_restart_policy_gives_up_after_as_many_retries_as_it_says()
    {
        var id = await CreateAsync(body =>
        {
            body["Cmd"] = Words(FailCommand);
            body["HostConfig"]!["RestartPolicy"] = new JsonObject { ["Name"] = "on-failure", ["MaximumRetryCount"] = 1 };
        });

        await Containers.StartAsync(id, Token);

        if (!Traits.PausesBeforeRestarts)
        {
            await WaitUntilAsync(async () => await RestartCountAsync(id) == 1);
        }

        await WaitForAsync(id, state => state == ContainerState.Exited);
        (await RestartCountAsync(id)).Should().Be(1);
    }

    [Test]
    public async Task A_network_that_is_not_there_shows_at_the_start()
    {
        if (Traits.LooksForNetworksAtCreate)
        {
            await MissesNetworkAtCreateAsync();
            return;
        }

        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"nonet-{_tag}");

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Created);
        view.ExitCode.Should().Be(128);
    }

    [Test]
    public async Task The_network_of_a_container_that_does_not_run_cannot_be_joined()
    {
        var owner = await CreateAsync();
        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"container:{owner}");
        if (Traits.StartsOwnersOfNetworks)
        {
            await Containers.StartAsync(id, Token);
            (await ViewAsync(owner)).State.Should().Be(ContainerState.Running);
            return;
        }

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task A_stubborn_container_is_killed_when_the_grace_is_over()
    {
        var id = await StartedAsync();

        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Exited);
        view.ExitCode.Should().Be(137);
    }

    [Test]
    public async Task Stopping_a_container_that_does_not_run_changes_nothing()
    {
        var id = await CreateAsync();

        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Created);
    }

    [Test]
    public async Task Stopping_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.StopAsync(Name("absent"), TimeSpan.Zero, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_stopped_container_can_be_started_again()
    {
        var id = await StartedAsync();
        await Containers.StopAsync(id, TimeSpan.Zero, Token);

        await Containers.StartAsync(id, Token);

        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Running);
        view.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task A_killed_container_is_exited_with_the_code_of_the_signal()
    {
        var id = await StartedAsync();

        await Containers.KillAsync(id, null, Token);

        (await WaitForAsync(id, state => state == ContainerState.Exited)).ExitCode.Should().Be(137);
    }

    [Test]
    public async Task A_signal_the_process_ignores_leaves_it_running()
    {
        var id = await StartedAsync();

        await Containers.KillAsync(id, "SIGUSR1", Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task Killing_a_container_that_does_not_run_is_a_conflict()
    {
        var id = await CreateAsync();

        var error = await RefusalAsync(() => Containers.KillAsync(id, null, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Killing_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.KillAsync(Name("absent"), null, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_signal_nobody_knows_is_a_bad_request()
    {
        var id = await StartedAsync();

        var error = await RefusalAsync(() => Containers.KillAsync(id, "SIGNONSENSE", Token));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task A_removed_container_is_gone()
    {
        var id = await CreateAsync();

        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        (await RefusalAsync(() => Containers.InspectAsync(id, Token))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [Test]
    public async Task Removing_a_running_container_is_a_conflict()
    {
        var id = await StartedAsync();

        var error = await RefusalAsync(() => Containers.RemoveAsync(id, force: false, removeVolumes: false, Token));

        error.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_running_container_can_be_removed_by_force()
    {
        var id = await StartedAsync();

        await Containers.RemoveAsync(id, force: true, removeVolumes: false, Token);

        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [Test]
    public async Task Removing_what_is_not_there_is_not_found()
    {
        var error = await RefusalAsync(() => Containers.RemoveAsync(Name("absent"), force: true, removeVolumes: false, Token));

        error.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task An_anonymous_volume_goes_with_its_container_when_that_is_asked_for()
    {
        var before = await VolumeNamesAsync();
        var id = await CreateAsync(body => body["Volumes"] = new JsonObject { ["/data"] = new JsonObject() });
        var made = (await MountedVolumesAsync(id)).Should().ContainSingle().Subject;

        await Containers.RemoveAsync(id, force: false, removeVolumes: true, Token);

        before.Should().NotContain(made);
        (await VolumeNamesAsync()).Should().NotContain(made);
    }

    [Test]
    public async Task A_named_volume_outlives_its_container()
    {
        var volume = $"data-{_tag}";
        var id = await CreateAsync(body => body["HostConfig"]!["Binds"] = new JsonArray($"{volume}:/data"));

        await Containers.RemoveAsync(id, force: false, removeVolumes: true, Token);

        (await VolumeNamesAsync()).Should().Contain(volume);
    }
}
