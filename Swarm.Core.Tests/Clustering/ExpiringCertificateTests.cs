using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ExpiringCertificateTests
{
    [Test]
    public async Task A_certificate_that_is_about_to_expire_is_named_days_before_and_once_in_the_log(CancellationToken cancellationToken)
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(logs: logs);
        await using var log = new EventLog(cluster.Cluster);
        var until = cluster.Time.GetUtcNow().AddDays(7).AddMinutes(2);
        cluster.Join(1, engine => engine with { Certificate = Valid(cluster, "CN=engine-1", until), ClientCertificate = Valid(cluster, "CN=client", until.AddDays(1)) });
        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy), "it takes part", TimeSpan.FromMilliseconds(100));
        cluster.Engine(1).Degradations.Should().BeEmpty();
        cluster.Engine(1).ClientCertificate!.Subject.Should().Be("CN=client");

        await cluster.PassTimeUntilAsync(() => cluster.Engine(1).IsDegraded, "a week is left", TimeSpan.FromSeconds(1));

        var engine = cluster.Engine(1);
        engine.Degradations.Should().ContainSingle().Which.Should().Match<EngineDegradation>(each => each.Kind == EngineDegradationKind.ExpiringCertificate && !each.BlocksNewWork);
        engine.Degradations[0].Reason.Should().Be($"its certificate 'CN=engine-1' expires at {until:yyyy-MM-dd HH:mm:ss}Z");
        engine.IsEligible.Should().BeTrue();
        await cluster.PassTimeUntilAsync(() => log.EngineKinds(1).Contains(EngineEventKind.Degraded), "it is announced", TimeSpan.FromSeconds(1));
        var told = cluster.Time.GetUtcNow();
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() - told > TimeSpan.FromMinutes(3), "it is read again and again", TimeSpan.FromSeconds(1));
        logs.Entries.Should().ContainSingle(entry => entry.Event == "EngineCertificateExpiring");
        cluster.Engine(0).IsDegraded.Should().BeFalse("it shows no certificate");
    }

    [Test]
    public async Task How_long_before_is_the_hosts_to_say(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.Connection.CertificateWarningTime = TimeSpan.FromDays(30));
        var until = cluster.Time.GetUtcNow().AddDays(20);

        cluster.Join(1, engine => engine with { ClientCertificate = Valid(cluster, "CN=client", until) });

        await cluster.PassTimeUntilAsync(() => cluster.Is(1, EngineStatus.Healthy) && cluster.Engine(1).IsDegraded, "it is named", TimeSpan.FromMilliseconds(100));
        cluster.Engine(1).Degradations[0].Reason.Should().StartWith("our own certificate 'CN=client' expires at");
    }

    private static EngineCertificate Valid(TestCluster cluster, string subject, DateTimeOffset until) =>
        new(new string('a', 64), subject) { ValidFrom = cluster.Time.GetUtcNow().AddDays(-200), ValidUntil = until };
}
