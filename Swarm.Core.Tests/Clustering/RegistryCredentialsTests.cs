using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class RegistryCredentialsTests
{
    private const string Image = "reg.example:5000/team/app:1";
    private static readonly RegistryLogin _login = RegistryLogin.FromPassword("ann", new Secret(Canary.Secret));

    [Test]
    public async Task A_missing_image_is_fetched_with_the_login_for_its_registry(CancellationToken cancellationToken)
    {
        var credentials = new Credentials((registry, _) => new(registry == "reg.example:5000" ? _login : null));
        await using var cluster = await StartAsync(credentials);
        cluster.Host(0).RequireLogin("reg.example:5000", _login);

        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = Image }, cancellationToken);

        cluster.Host(0).Pulls.Should().Equal(new InMemoryPull(Image, _login));
        credentials.Asked.Should().Equal("reg.example:5000");
    }

    [Test]
    public async Task An_image_without_a_registry_is_fetched_with_the_login_for_the_default_one(CancellationToken cancellationToken)
    {
        var credentials = new Credentials((_, _) => new(_login));
        await using var cluster = await StartAsync(credentials);
        cluster.Host(0).AddToRegistry(new InMemoryImage("app:1"));

        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = "app:1" }, cancellationToken);

        credentials.Asked.Should().Equal("docker.io");
        cluster.Host(0).Pulls.Should().ContainSingle().Which.Login.Should().BeSameAs(_login);
    }

    [Test]
    public async Task A_registry_without_a_login_is_asked_without_one(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(new Credentials((_, _) => new((RegistryLogin?)null)));

        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = Image }, cancellationToken);

        cluster.Host(0).Pulls.Should().Equal(new InMemoryPull(Image, null));
    }

    [Test]
    public async Task No_login_is_looked_up_for_an_image_the_engine_has(CancellationToken cancellationToken)
    {
        var credentials = new Credentials((_, _) => throw new InvalidOperationException("not asked for"));
        await using var cluster = await StartAsync(credentials);

        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        credentials.Asked.Should().BeEmpty();
    }

    [Test]
    public async Task Credentials_that_throw_fail_their_pull_by_the_name_of_the_registry_and_nothing_else(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(new Credentials((_, _) => throw new InvalidOperationException("the vault is sealed")));

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = Image }, cancellationToken);

        var error = (await create.Should().ThrowAsync<RegistryCredentialsException>()).Which;
        error.Registry.Should().Be("reg.example:5000");
        error.Image.Should().Be(Image);
        error.InnerException.Should().BeOfType<InvalidOperationException>();
        cluster.Host(0).Pulls.Should().BeEmpty();
        cluster.OpenHolds.Should().Be(0);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).Name.Should().Be("web");
    }

    [Test]
    public async Task Credentials_that_hang_fail_their_pull_when_their_time_is_over(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync(new Credentials((_, _) => new(new TaskCompletionSource<RegistryLogin?>().Task)));
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = Image }, cancellationToken);

        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "the create ends", TimeSpan.FromSeconds(1));

        var error = (await create.Awaiting(task => task).Should().ThrowAsync<RegistryCredentialsException>()).Which;
        error.Message.Should().Contain("reg.example:5000").And.Contain("10 s");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task Credentials_are_given_up_with_the_call(CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource();
        await using var cluster = await StartAsync(new Credentials(async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return null;
        }));
        using var patience = new CancellationTokenSource();
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = Image }, patience.Token);
        await asked.Task.WaitAsync(cancellationToken);

        await patience.CancelAsync();

        await create.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_login_the_registry_refuses_is_told_without_the_secret_and_logged_without_it(CancellationToken cancellationToken)
    {
        using var logs = new RecordingLoggerFactory();
        var wrong = RegistryLogin.FromPassword("ann", new Secret("wrong-horse-battery"));
        await using var cluster = await StartAsync(new Credentials((_, _) => new(wrong)), logs);
        cluster.Host(0).RequireLogin("reg.example:5000", _login);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Image = Image }, cancellationToken);

        var error = (await create.Should().ThrowAsync<RegistryAccessDeniedException>()).Which;
        error.Registry.Should().Be("reg.example:5000");
        error.ToString().Should().NotContain("horse");
        logs.Lines.Should().NotBeEmpty().And.NotContain(line => line.Contains("horse"));
        cluster.OpenHolds.Should().Be(0);
    }

    private static Task<TestCluster> StartAsync(IRegistryCredentials credentials, RecordingLoggerFactory? logs = null) =>
        TestCluster.StartAsync(engine: (host, _) => host with { Registry = [new InMemoryImage(Image)] }, credentials: credentials, logs: logs);

    private sealed class Credentials(Func<string, CancellationToken, ValueTask<RegistryLogin?>> find) : IRegistryCredentials
    {
        private readonly List<string> _asked = [];

        public IReadOnlyList<string> Asked => _asked;

        public ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken)
        {
            _asked.Add(registry);
            return find(registry, cancellationToken);
        }
    }
}
