using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    [Test]
    public async Task A_published_port_is_shown_while_the_container_runs()
    {
        RequirePublishedPorts();
        var id = await CreateAsync(Publishing("18081"));

        await Containers.StartAsync(id, Token);
        var running = await ViewAsync(id);
        await Containers.StopAsync(id, TimeSpan.Zero, Token);
        var stopped = await ViewAsync(id);

        running.PublishedPorts.Should().Contain(port => port.ContainerPort == "80/tcp" && port.HostPort == "18081");
        stopped.PublishedPorts.Should().BeEmpty();
        stopped.PortBindings.Should().ContainSingle();
    }

    [Test]
    public async Task A_host_port_that_is_taken_shows_at_the_start()
    {
        RequirePublishedPorts();
        var holder = await CreateAsync(Publishing("18082"));
        await Containers.StartAsync(holder, Token);
        var id = await CreateAsync(Publishing("18082"));

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        var view = await ViewAsync(id);
        view.State.Should().Be(ContainerState.Created);
        view.ExitCode.Should().Be(Traits.ExitCodeOfAFailedStart);
    }

    [Test]
    public async Task A_host_port_is_free_again_once_its_holder_stopped()
    {
        RequirePublishedPorts();
        var holder = await CreateAsync(Publishing("18083"));
        await Containers.StartAsync(holder, Token);
        var id = await CreateAsync(Publishing("18083"));
        await Containers.StopAsync(holder, TimeSpan.Zero, Token);

        await Containers.StartAsync(id, Token);

        (await ViewAsync(id)).State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task A_port_of_all_addresses_is_taken_for_one_address_too()
    {
        RequirePublishedPorts();
        var holder = await CreateAsync(Publishing("18084"));
        await Containers.StartAsync(holder, Token);
        var id = await CreateAsync(Publishing("18084", "127.0.0.1"));

        var error = await RefusalAsync(() => Containers.StartAsync(id, Token));

        error.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Test]
    public async Task A_binding_of_a_port_that_is_not_exposed_is_not_published()
    {
        RequirePublishedPorts();
        var id = await CreateAsync(body =>
        {
            Publishing("18085")(body);
            body.Remove("ExposedPorts");
        });

        await Containers.StartAsync(id, Token);

        (await ViewAsync(id)).PublishedPorts.Any().Should().Be(Traits.PublishesWhatIsNotExposed);
    }

    [TestCase("http")]
    [TestCase("80a")]
    [TestCase(" 8080")]
    [TestCase("+8080/tcp")]
    public async Task A_host_port_that_is_no_number_is_a_mistake_of_the_request_and_quoted(string hostPort)
    {
        var error = await RefusalAsync(() => CreateAsync(Publishing(hostPort)));

        error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        error.EngineMessage.Should().Contain($"\"{hostPort}\"");
        (await Containers.ListAsync("contract", _tag, Token)).Should().BeEmpty();
    }

    [TestCase("+18086", "18086")]
    [TestCase("83622", "18086")]
    [TestCase("+83622", "18086")]
    [TestCase("-47450", "18086")]
    public async Task A_host_port_with_a_sign_or_beyond_the_highest_is_refused_or_another_one(string hostPort, string taken)
    {
        RequirePublishedPorts();
        if (!Traits.TakesPortsThatAreNone)
        {
            var error = await RefusalAsync(() => CreateAsync(Publishing(hostPort)));

            error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            error.EngineMessage.Should().Contain(hostPort);
            return;
        }

        var id = await CreateAsync(Publishing(hostPort));
        await Containers.StartAsync(id, Token);

        var view = await ViewAsync(id);
        view.PublishedPorts.Should().NotBeEmpty().And.OnlyContain(port => port.HostPort == taken, "what is shown is what is taken");
        view.PortBindings.Should().ContainSingle().Which.HostPort.Should().Be(taken);
    }

    [TestCase("18087/tcp")]
    [TestCase("018087/udp")]
    [TestCase("18087/")]
    public async Task A_protocol_behind_a_host_port_is_not_looked_at_or_refused(string hostPort)
    {
        RequirePublishedPorts();
        if (!Traits.TakesProtocolsOfHostPorts)
        {
            var error = await RefusalAsync(() => CreateAsync(Publishing(hostPort)));

            error.StatusCode.Should().Be(HttpStatusCode.BadRequest);
            error.EngineMessage.Should().Contain($"\"{hostPort}\"");
            return;
        }

        var id = await CreateAsync(Publishing(hostPort));
        var created = await ViewAsync(id);
        await Containers.StartAsync(id, Token);

        created.PortBindings.Should().ContainSingle().Which.Should().Be(new PortBinding("80/tcp", "", "18087"), "that is what it will take");
        (await ViewAsync(id)).PublishedPorts.Should().NotBeEmpty().And.OnlyContain(port => port.ContainerPort == "80/tcp" && port.HostPort == "18087");
    }

    [Test]
    public async Task A_binding_without_a_host_port_gets_one()
    {
        RequirePublishedPorts();
        var id = await CreateAsync(Publishing(""));

        await Containers.StartAsync(id, Token);

        (await ViewAsync(id)).PublishedPorts.Should().NotBeEmpty().And.OnlyContain(port => port.HostPort.Length > 0);
    }
}
