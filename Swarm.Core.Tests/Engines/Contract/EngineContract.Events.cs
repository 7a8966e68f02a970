
namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    [Test]
    public async Task A_life_is_told_in_events()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);

        var id = await StartedAsync(name: Name("life"));
        await Containers.StopAsync(id, TimeSpan.Zero, Token);
        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        (await ReadToldAsync(events, id)).Should().Equal(["create", "start", .. Traits.SignalsOfAStop, .. Traits.EndOfAStop, Traits.Removal]);
    }

    [Test]
    public async Task An_event_tells_name_image_and_labels()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);

        var id = await CreateAsync(name: Name("told"));

        var told = (await ReadAsync(events, id, last: "create")).Single();
        told.Type.Should().Be(EngineEventType.Container);
        told.Attributes.ValueOrEmpty("name").Should().Be(Name("told"));
        told.Attributes.ValueOrEmpty("image").Should().Be(Traits.Shown(ImageReference));
        told.Attributes.ValueOrEmpty("contract").Should().Be(_tag);
        told.Time.Offset.Should().Be(TimeSpan.Zero);
    }

    [Test]
    public async Task The_end_of_a_process_is_told_with_its_exit_code()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(body => body["Cmd"] = Words(FailCommand));

        await Containers.StartAsync(id, Token);

        (await ReadAsync(events, id, last: "die"))[^1].Attributes.ValueOrEmpty("exitCode").Should().Be("1");
    }

    [Test]
    public async Task A_signal_is_told_with_its_number()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await StartedAsync();

        await Containers.KillAsync(id, "SIGUSR1", Token);

        (await ReadAsync(events, id, last: "kill"))[^1].Attributes.ValueOrEmpty("signal").Should().Be(Traits.TellsSignals ? "10" : "");
    }

    [Test]
    public async Task A_failed_start_is_not_told_as_a_start()
    {
        if (Traits.LooksForNetworksAtCreate)
        {
            await MissesNetworkAtCreateAsync();
            return;
        }

        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync(body => body["HostConfig"]!["NetworkMode"] = $"nonet-{_tag}");
        await RefusalAsync(() => Containers.StartAsync(id, Token));

        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        (await ReadToldAsync(events, id)).Should().Equal("create", Traits.Removal);
    }

    [Test]
    public async Task Events_of_the_past_are_told_again_to_those_who_ask()
    {
        await using var first = await Engine.System.OpenEventsAsync(null, Token);
        var id = await CreateAsync();
        var created = (await ReadAsync(first, id, last: "create")).Single();
        await Containers.RemoveAsync(id, force: false, removeVolumes: false, Token);

        await using var second = await Engine.System.OpenEventsAsync(created.Time, Token);

        (await ReadToldAsync(second, id)).Should().Equal("create", Traits.Removal);
    }

    [Test]
    public async Task A_reader_that_is_cancelled_stops_waiting()
    {
        await using var events = await Engine.System.OpenEventsAsync(null, Token);
        using var impatient = new CancellationTokenSource();
        var reading = ReadToTheEndAsync(events, impatient.Token);

        await impatient.CancelAsync();

        await FluentActions.Awaiting(() => reading).Should().ThrowAsync<OperationCanceledException>();
    }
}
