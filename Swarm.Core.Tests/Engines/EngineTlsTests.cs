using System.Security.Authentication;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class EngineTlsTests
{
    [Test]
    public async Task An_engine_with_a_good_certificate_is_connected_to_by_address_and_by_name()
    {
        using var certificates = new TestCertificates();
        await using var server = new TlsEngine(certificates);

        await using var byAddress = await ConnectAsync(server.Address, TrustIn(certificates));
        await using var byName = await ConnectAsync(EngineAddress.Parse($"localhost:{server.Port}"), TrustIn(certificates));

        server.Answers.Should().Be(2);
    }

    [Test]
    public async Task Certificates_come_from_pem_files_too()
    {
        using var certificates = new TestCertificates();
        await using var server = new TlsEngine(certificates);
        var directory = Directory.CreateTempSubdirectory("swarm-core-tls-");
        try
        {
            var files = certificates.WriteClientFiles(directory.FullName);

            await using var engine = await ConnectAsync(server.Address, new EngineTlsOptions { CertificateAuthorityPath = files.Authority, ClientCertificatePath = files.Certificate, ClientKeyPath = files.Key });

            server.Answers.Should().Be(1);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Test]
    public async Task An_engine_of_another_authority_is_refused()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var server = new TlsEngine(certificates);

        await ShouldRefuseAsync(server, others, "*chain: *");
    }

    [Test]
    public async Task An_engine_is_not_vouched_for_by_the_machine_once_an_authority_is_given()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var server = new TlsEngine(certificates);
        var tls = TrustIn(others);
        tls.ClientCertificate = certificates.Client;

        var connect = () => ConnectAsync(server.Address, tls);

        await connect.Should().ThrowAsync<EngineUnreachableException>();
        server.Answers.Should().Be(0);
    }

    [Test]
    public async Task A_certificate_for_another_address_is_refused()
    {
        using var certificates = new TestCertificates(address: "192.0.2.7");
        await using var server = new TlsEngine(certificates);

        await ShouldRefuseAsync(server, certificates, "*not for '127.0.0.1'*");
    }

    [Test]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using var certificates = new TestCertificates(host: "other.example");
        await using var server = new TlsEngine(certificates);

        var connect = () => ConnectAsync(EngineAddress.Parse($"localhost:{server.Port}"), TrustIn(certificates));

        await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*not for 'localhost'*");
    }

    [Test]
    public async Task An_expired_certificate_is_refused()
    {
        using var certificates = new TestCertificates(expired: true);
        await using var server = new TlsEngine(certificates);

        await ShouldRefuseAsync(server, certificates, "*NotTimeValid*");
    }

    [Test]
    public async Task A_certificate_that_is_not_for_servers_is_refused()
    {
        using var certificates = new TestCertificates(forServers: false);
        await using var server = new TlsEngine(certificates);

        await ShouldRefuseAsync(server, certificates, "*NotValidForUsage*");
    }

    [Test]
    public async Task Tls_before_1_2_is_refused()
    {
        using var certificates = new TestCertificates();
#pragma warning disable CA5397, SYSLIB0039 // The old protocol is the point.
        await using var server = new TlsEngine(certificates, SslProtocols.Tls11);
#pragma warning restore CA5397, SYSLIB0039

        var connect = () => ConnectAsync(server.Address, TrustIn(certificates));

        await connect.Should().ThrowAsync<EngineUnreachableException>();
        server.Answers.Should().Be(0);
    }

    [Test]
    public async Task Without_a_certificate_of_our_own_the_engine_lets_nobody_in()
    {
        using var certificates = new TestCertificates();
        await using var server = new TlsEngine(certificates);

        var connect = () => ConnectAsync(server.Address, new EngineTlsOptions { CertificateAuthorities = { certificates.Authority } });

        await connect.Should().ThrowAsync<EngineUnreachableException>();
        server.Answers.Should().Be(0);
    }

    [Test]
    public async Task A_handshake_that_is_never_answered_is_given_up_after_the_time_to_connect()
    {
        using var certificates = new TestCertificates();
        await using var silent = RecordingProxy.Standalone(ProxyFault.Silence);

        var connect = () => ConnectAsync(silent.Address, TrustIn(certificates), TimeSpan.FromMilliseconds(300));

        (await connect.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeTrue();
    }

    private static EngineTlsOptions TrustIn(TestCertificates certificates) =>
        new() { ClientCertificate = certificates.Client, CertificateAuthorities = { certificates.Authority } };

    private static Task<IEngine> ConnectAsync(EngineAddress address, EngineTlsOptions tls, TimeSpan? timeout = null) =>
        new DockerEngineConnector(new EngineConnectionOptions { Tls = tls, ConnectTimeout = timeout ?? TimeSpan.FromSeconds(20) }).ConnectAsync(address, CancellationToken.None);

    private static async Task ShouldRefuseAsync(TlsEngine server, TestCertificates trusted, string reason)
    {
        var connect = () => ConnectAsync(server.Address, TrustIn(trusted));

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage(reason)).Which.NotSent.Should().BeTrue();
        server.Answers.Should().Be(0);
    }
}
