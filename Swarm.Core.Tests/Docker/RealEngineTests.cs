using System.Security.Cryptography;
using System.Reflection;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>What only a real daemon can show.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class RealEngineTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static IEnumerable<string> CreateBodies() =>
        Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith("CreateBodies/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(CreateBodies))]
    public async Task A_create_body_reaches_the_engine_byte_for_byte(string recorded)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var engine = await ConnectAsync(proxy.Address);
        var body = Read(recorded);

        // Most of the images are not there, and some options want what is not: what is sent is the point, not what comes back.
        try
        {
            await engine.Containers.CreateAsync(ContainerConfig.Parse(body, "recorded.1"), CancellationToken.None);
        }
        catch (EngineApiException)
        {
        }

        var sent = proxy.Requests.Single(request => request.IsCreate);
        sent.Body.Should().Equal(body);
        sent.Header("Content-Type").Should().Be("application/json");
        sent.Target.Should().EndWith("/containers/create?name=recorded.1");
    }

    [Test]
    public async Task A_taken_name_is_a_conflict()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var engine = await ConnectAsync(daemon.Tcp);
        await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Name = "taken" }, CancellationToken.None);

        var again = () => engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Name = "taken" }, CancellationToken.None);

        (await again.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(System.Net.HttpStatusCode.Conflict);
    }

    [Test]
    public async Task What_a_create_misses_is_told_apart()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var engine = await ConnectAsync(daemon.Unix);

        var image = () => engine.Containers.CreateAsync(new ContainerSpec { Image = "missing:1" }, CancellationToken.None);
        var container = () => engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, VolumesFrom = ["missing"] }, CancellationToken.None);

        (await image.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be("missing:1");
        (await container.Should().ThrowAsync<EngineApiException>()).Which.Should().NotBeOfType<ImageNotFoundException>();
    }

    [Test]
    public async Task A_lost_answer_leaves_a_container_that_its_label_finds()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var engine = await ConnectAsync(proxy.Address);
        proxy.Next(request => request.IsCreate, ProxyFault.DropAnswer);
        var spec = new ContainerSpec { Image = DockerDaemons.Image, Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Operation, "17")) };

        var create = () => engine.Containers.CreateAsync(spec, CancellationToken.None);

        (await create.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeFalse();
        (await engine.Containers.ListAsync(SwarmLabels.Operation, "17", CancellationToken.None)).Should().ContainSingle();
        (await engine.Containers.ListAsync(SwarmLabels.Operation, "18", CancellationToken.None)).Should().BeEmpty();
    }

    [Test]
    public async Task A_list_cut_anywhere_is_never_taken_for_a_whole_one()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var engine = await ConnectAsync(proxy.Address);
        for (var i = 0; i < 3; i++)
        {
            await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image }, CancellationToken.None);
        }

        var whole = (await daemon.Http.GetByteArrayAsync("containers/json?all=1")).Length;
        for (var cut = 1; cut < whole; cut += 97)
        {
            proxy.Next(request => request.Target.Contains("/containers/json", StringComparison.Ordinal), ProxyFault.CutAfter(cut));
            var list = () => engine.Containers.ListAsync(CancellationToken.None);

            await list.Should().ThrowAsync<EngineException>($"the answer ends after {cut} bytes");
        }

        (await engine.Containers.ListAsync(CancellationToken.None)).Should().HaveCount(3);
    }

    [Test]
    public async Task Events_from_now_on_hold_nothing_from_before()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var engine = await ConnectAsync(daemon.Tcp);
        await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Name = "before" }, CancellationToken.None);
        await using var events = await engine.System.OpenEventsAsync(null, CancellationToken.None);
        var after = await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Name = "after" }, CancellationToken.None);
        using var patience = new CancellationTokenSource(_patience);

        var first = await events.ReadAsync(patience.Token);

        first!.ActorId.Should().Be(after.Id);
        first.Action.Should().Be("create");
    }

    [Test]
    public async Task Images_are_pulled_by_tag_and_by_digest()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var registry = new TestRegistry();
        await using var engine = await ConnectAsync(daemon.Tcp);
        using var patience = new CancellationTokenSource(_patience);
        var repository = $"127.0.0.1:{registry.Port}/app";

        await engine.Images.PullAsync($"{repository}:1", patience.Token);
        await engine.Images.PullAsync($"{repository}@{registry.ManifestDigest}", patience.Token);

        (await engine.Images.ListAsync(patience.Token)).SelectMany(image => image.RepoTags).Should().Contain($"{repository}:1");
        var missing = () => engine.Images.PullAsync($"{repository}:2", patience.Token);
        (await missing.Should().ThrowAsync<ImageNotFoundException>()).Which.Image.Should().Be($"{repository}:2");
    }

    [Test]
    public async Task A_frozen_daemon_is_given_up_with_the_token_and_serves_on_when_it_thaws()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var engine = await ConnectAsync(daemon.Tcp);
        await daemon.PauseAsync();
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var ping = () => engine.System.PingAsync(given.Token).WaitAsync(_patience);
        var specs = () => engine.System.GetSpecsAsync(given.Token).WaitAsync(_patience);

        await ping.Should().ThrowAsync<OperationCanceledException>();
        await specs.Should().ThrowAsync<OperationCanceledException>();
        daemon.Resume();
        using var patience = new CancellationTokenSource(_patience);
        await engine.System.PingAsync(patience.Token);
    }

    [Test]
    public async Task An_engine_stays_usable_when_its_daemon_is_killed_and_comes_back()
    {
        await using var daemon = await DockerDaemons.StartAsync();
        await using var engine = await ConnectAsync(daemon.Tcp);
        var before = await engine.System.GetSpecsAsync(CancellationToken.None);
        var container = await engine.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Name = "kept", Command = ["sleep", "1000"] }, CancellationToken.None);
        await engine.Containers.StartAsync(container.Id, CancellationToken.None);
        await using var events = await engine.System.OpenEventsAsync(null, CancellationToken.None);

        await daemon.KillAsync();

        using var patience = new CancellationTokenSource(_patience);
        var read = () => events.ReadAsync(patience.Token).AsTask();
        var ping = () => engine.System.PingAsync(patience.Token);
        await read.Should().ThrowAsync<EngineUnreachableException>();
        (await ping.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
        await daemon.StartAsync();
        (await engine.System.GetSpecsAsync(patience.Token)).DaemonId.Should().Be(before.DaemonId);
        (await engine.Containers.InspectAsync(container.Id, patience.Token)).View.Name.Should().Be("kept");
    }

    [Test]
    public async Task A_daemon_that_asks_for_certificates_is_connected_to()
    {
        using var certificates = new TestCertificates();
        await using var daemon = await DockerDaemons.StartAsync(new DockerDaemonOptions { Tls = certificates });
        var tls = new EngineTlsOptions { ClientCertificate = certificates.Client, CertificateAuthorities = { certificates.Authority } };

        await using var engine = await new DockerEngineConnector(new EngineConnectionOptions { Tls = tls }).ConnectAsync(daemon.Tcp, CancellationToken.None);
        await using var socket = await new DockerEngineConnector(new EngineConnectionOptions { Tls = tls }).ConnectAsync(daemon.Unix, CancellationToken.None);
        var stranger = () => new DockerEngineConnector(new EngineConnectionOptions { Tls = new EngineTlsOptions { CertificateAuthorities = { certificates.Authority } } }).ConnectAsync(daemon.Tcp, CancellationToken.None);
        var plain = () => new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(daemon.Tcp, CancellationToken.None);

        (await engine.System.GetSpecsAsync(CancellationToken.None)).Name.Should().Be(daemon.HostName);
        engine.Certificate!.Fingerprint.Should().Be(Convert.ToHexStringLower(SHA256.HashData(certificates.Server.RawData)));
        socket.Certificate.Should().BeNull("a socket is not encrypted");
        (await socket.System.GetSpecsAsync(CancellationToken.None)).Name.Should().Be(daemon.HostName);
        await stranger.Should().ThrowAsync<EngineUnreachableException>();
        await plain.Should().ThrowAsync<EngineException>();
    }

    [Test]
    public async Task Two_daemons_have_two_ids_and_their_own_labels()
    {
        var first = await DockerDaemons.SharedAsync();
        var second = await DockerDaemons.SharedAsync(1);
        await using var one = await ConnectAsync(first.Tcp);
        await using var other = await ConnectAsync(second.Tcp);

        var specs = await one.System.GetSpecsAsync(CancellationToken.None);
        var otherSpecs = await other.System.GetSpecsAsync(CancellationToken.None);

        specs.DaemonId.Should().NotBe(otherSpecs.DaemonId);
        specs.Labels["shared"].Should().Be("0");
        otherSpecs.Labels["shared"].Should().Be("1");
    }

    private static Task<IEngine> ConnectAsync(EngineAddress address) =>
        new DockerEngineConnector(new EngineConnectionOptions()).ConnectAsync(address, CancellationToken.None);

    private static byte[] Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
