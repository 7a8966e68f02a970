using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
    public async Task The_certificate_that_an_engine_proved_to_have_is_known()
    {
        using var certificates = new TestCertificates();
        await using var server = new TlsEngine(certificates);

        await using var engine = await ConnectAsync(server.Address, TrustIn(certificates));

        engine.Certificate.Should().Be(new EngineCertificate(Convert.ToHexStringLower(SHA256.HashData(certificates.Server.RawData)), "CN=localhost")
        {
            ValidFrom = certificates.Server.NotBefore.ToUniversalTime(),
            ValidUntil = certificates.Server.NotAfter.ToUniversalTime(),
        });
    }

    [Test]
    public async Task Of_an_engine_that_is_refused_no_certificate_is_known()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using var server = new TlsEngine(certificates);
        var options = new EngineConnectionOptions { Tls = TrustIn(others), ConnectTimeout = TimeSpan.FromSeconds(20) };
        await using var engine = new DockerEngine(server.Address, new EngineTransport(server.Address, options, EngineTlsSource.Load(options.Tls)));

        await engine.Awaiting(each => each.NegotiateAsync(CancellationToken.None)).Should().ThrowAsync<EngineUnreachableException>();

        engine.Certificate.Should().BeNull();
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

        await connect.Should().ThrowAsync<EngineCertificateException>().WithMessage("*not for 'localhost'*");
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

    [TestCase(null, false)]
    [TestCase(null, true)]
    [TestCase(false, true)]
    public async Task A_certificate_must_say_that_it_is_for_servers_unless_the_host_says_otherwise(bool? forServers, bool otherwise)
    {
        using var certificates = new TestCertificates(forServers: forServers);
        await using var server = new TlsEngine(certificates);
        var tls = TrustIn(certificates);
        tls.RequireServerUsage = !otherwise;

        if (otherwise)
        {
            await using var engine = await ConnectAsync(server.Address, tls);
            server.Answers.Should().Be(1);
        }
        else
        {
            await ShouldRefuseAsync(server, certificates, "*NotValidForUsage*RequireServerUsage*");
        }
    }

    [Test]
    public async Task An_authority_with_a_weak_key_vouches_for_nobody()
    {
        using var certificates = new TestCertificates(authorityBits: 1024);
        await using var server = new TlsEngine(certificates);

        await ShouldRefuseAsync(server, certificates, "*RSA key of 1024 bits*authority 1 above it*");
    }

    [Test]
    public async Task A_client_certificate_with_a_weak_key_is_a_mistake_in_the_options()
    {
        using var key = RSA.Create(1024);
        using var client = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        var load = () => new DockerEngineConnector(new EngineConnectionOptions { Tls = new EngineTlsOptions { ClientCertificate = client } });

        load.Should().Throw<ArgumentException>().WithMessage("Tls: *client certificate*RSA key of 1024 bits*");
    }

    [Test]
    public async Task A_revoked_certificate_is_refused_where_that_is_asked()
    {
        await using var web = new RevocationServer();
        using var certificates = new TestCertificates(revocationList: web.Address);
        web.List = certificates.RevocationList(certificates.Server);
        await using var server = new TlsEngine(certificates);

        await using var unasked = await ConnectAsync(server.Address, TrustIn(certificates));
        var connect = () => ConnectAsync(server.Address, Asking(certificates));

        await connect.Should().ThrowAsync<EngineCertificateException>().WithMessage("*Revoked*");
        server.Answers.Should().Be(1);
    }

    [Test]
    public async Task A_certificate_that_was_not_revoked_is_accepted()
    {
        await using var web = new RevocationServer();
        using var certificates = new TestCertificates(revocationList: web.Address);
        web.List = certificates.RevocationList(certificates.Client);
        await using var server = new TlsEngine(certificates);

        await using var engine = await ConnectAsync(server.Address, Asking(certificates));

        web.Questions.Should().BePositive();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_certificate_of_which_nobody_says_whether_it_was_revoked_is_refused(bool namesList)
    {
        await using var web = new RevocationServer();
        using var certificates = new TestCertificates(revocationList: namesList ? web.Address : null);
        await using var server = new TlsEngine(certificates);

        var connect = () => ConnectAsync(server.Address, Asking(certificates));

        await connect.Should().ThrowAsync<EngineCertificateException>().WithMessage("*RevocationStatusUnknown*");
    }

    [Test]
    public async Task Each_engine_is_shown_the_certificate_of_its_own_rule_and_no_other()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        using var third = new TestCertificates();
        await using var one = new TlsEngine(certificates, acceptsAnybody: true);
        await using var two = new TlsEngine(others, acceptsAnybody: true);
        await using var three = new TlsEngine(third, acceptsAnybody: true);
        var options = new EngineConnectionOptions
        {
            Tls = TrustIn(third),
            TlsRules =
            {
                new EngineTlsRule { Engines = "127.0.0.0/8", Tls = TrustIn(others) },
                new EngineTlsRule { Engines = one.Address.ToString(), Tls = TrustIn(certificates) },
            },
        };
        var connector = new DockerEngineConnector(options);

        await using var first = await connector.ConnectAsync(one.Address, CancellationToken.None);
        await using var second = await connector.ConnectAsync(two.Address, CancellationToken.None);
        await using var last = await connector.ConnectAsync(EngineAddress.Parse($"localhost:{three.Port}"), CancellationToken.None);

        one.Shown.Should().OnlyContain(fingerprint => fingerprint == certificates.Client.Thumbprint).And.NotBeEmpty();
        two.Shown.Should().OnlyContain(fingerprint => fingerprint == others.Client.Thumbprint).And.NotBeEmpty();
        three.Shown.Should().OnlyContain(fingerprint => fingerprint == third.Client.Thumbprint).And.NotBeEmpty();
    }

    [Test]
    public async Task An_engine_that_no_rule_is_for_is_shown_no_certificate()
    {
        using var certificates = new TestCertificates();
        await using var stranger = new TlsEngine(certificates, acceptsAnybody: true);
        var options = new EngineConnectionOptions { TlsRules = { new EngineTlsRule { Engines = "10.0.0.0/8", Tls = TrustIn(certificates) } }, ConnectTimeout = TimeSpan.FromSeconds(5) };

        var connect = () => new DockerEngineConnector(options).ConnectAsync(stranger.Address, new CancellationTokenSource(TimeSpan.FromSeconds(5)).Token);

        await connect.Should().ThrowAsync<Exception>();
        stranger.Shown.Should().BeEmpty();
        stranger.Answers.Should().Be(0);
    }

    [TestCase(301)]
    [TestCase(307)]
    public async Task A_redirect_is_not_followed_and_no_certificate_goes_there(int status)
    {
        using var certificates = new TestCertificates();
        await using var other = new TlsEngine(certificates, acceptsAnybody: true);
        await using var server = new TlsEngine(certificates, answer: $"HTTP/1.1 {status} Elsewhere\r\nLocation: https://{other.Address}/_ping\r\nContent-Length: 0\r\n\r\n");

        var connect = () => ConnectAsync(server.Address, TrustIn(certificates));

        await connect.Should().ThrowAsync<EngineProtocolException>();
        other.Connections.Should().Be(0);
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

    private static EngineTlsOptions Asking(TestCertificates certificates)
    {
        var tls = TrustIn(certificates);
        tls.RevocationMode = X509RevocationMode.Online;
        return tls;
    }

    private static Task<IEngine> ConnectAsync(EngineAddress address, EngineTlsOptions tls, TimeSpan? timeout = null) =>
        new DockerEngineConnector(new EngineConnectionOptions { Tls = tls, ConnectTimeout = timeout ?? TimeSpan.FromSeconds(20) }).ConnectAsync(address, CancellationToken.None);

    private static async Task ShouldRefuseAsync(TlsEngine server, TestCertificates trusted, string reason)
    {
        var connect = () => ConnectAsync(server.Address, TrustIn(trusted));

        var error = (await connect.Should().ThrowAsync<EngineCertificateException>().WithMessage(reason)).Which;
        error.NotSent.Should().BeTrue();
        error.Address.Should().Be(server.Address);
        server.Answers.Should().Be(0);
    }
}
