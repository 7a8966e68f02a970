using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Fakes;

namespace Swarm.Core.Engines;

/// <summary>Certificates that change while they are used.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ChangedCertificatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _old = new();
    private readonly TestCertificates _new = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLoggerFactory _log = new();

    private IEnumerable<string?> Events => _log.Entries.Select(entry => entry.Event);

    public void Dispose()
    {
        _folder.Dispose();
        _old.Dispose();
        _new.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task New_connections_use_what_is_in_the_files_now_and_trust_whom_these_name(CancellationToken cancellationToken)
    {
        await using var before = new TlsEngine(_old);
        await using var after = new TlsEngine(_new);
        var connector = new DockerEngineConnector(new EngineConnectionOptions { Tls = Files(_old), ConnectTimeout = TimeSpan.FromSeconds(30) }, time: _time, logger: _log.CreateLogger("test"));
        await using var first = await connector.ConnectAsync(before.Address, cancellationToken);

        Files(_new);
        _time.Advance(EngineTlsSource.Freshness);
        await using var second = await connector.ConnectAsync(after.Address, cancellationToken);

        after.Shown.Should().OnlyContain(thumbprint => thumbprint == _new.Client.Thumbprint).And.NotBeEmpty();
        var connect = () => connector.ConnectAsync(before.Address, cancellationToken);
        await connect.Should().ThrowAsync<EngineCertificateException>();
        Events.Should().Equal("CertificatesRead");
    }

    [Test]
    public async Task Files_are_not_looked_at_for_every_connection(CancellationToken cancellationToken)
    {
        var source = Source(Files(_old));
        await source.GetAsync(cancellationToken);

        Files(_new);

        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        _time.Advance(EngineTlsSource.Freshness);
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_new));
    }

    private static readonly string[] _files = ["ca.pem", "cert.pem", "key.pem"];

    [TestCaseSource(nameof(_files))]
    public async Task A_file_that_is_half_written_changes_nothing_and_is_named_once(string file, CancellationToken cancellationToken)
    {
        var source = Source(Files(_old));
        var whole = File.ReadAllText(_folder.File(file));
        var half = whole[..(whole.Length / 2)];
        var isOfSeveral = file == "ca.pem";
        _folder.Write(file, isOfSeveral ? $"{whole}\n{half}" : half);

        for (var times = 0; times < 3; times++)
        {
            _time.Advance(EngineTlsSource.Freshness);
            (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        }

        Events.Should().Equal("CertificatesNotRead");
        _log.Lines.Single().Should().Contain("Tls").And.Contain(_folder.File(file));
        _log.Lines.Single().Contains("one of its certificates breaks off", StringComparison.Ordinal).Should().Be(isOfSeveral);
        Files(_new);
        _time.Advance(EngineTlsSource.Freshness);
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_new));
    }

    [TestCaseSource(nameof(_files))]
    public async Task A_file_that_is_gone_for_a_while_changes_nothing_and_is_named(string file, CancellationToken cancellationToken)
    {
        var source = Source(Files(_old));
        File.Delete(_folder.File(file));

        _time.Advance(EngineTlsSource.Freshness);

        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        _log.Lines.Should().ContainSingle().Which.Should().Contain(_folder.File(file));
    }

    [Test]
    public async Task A_certificate_whose_key_has_not_come_yet_changes_nothing(CancellationToken cancellationToken)
    {
        var source = Source(Files(_old));
        _folder.Write("cert.pem", _new.Client.ExportCertificatePem());

        _time.Advance(EngineTlsSource.Freshness);
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        Files(_new);
        _time.Advance(EngineTlsSource.Freshness);

        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_new));
        Events.Should().Equal("CertificatesNotRead", "CertificatesRead");
    }

    [Test]
    public async Task Options_that_are_changed_later_have_no_effect(CancellationToken cancellationToken)
    {
        var options = Files(_old);
        var source = Source(options);
        options.ClientCertificatePath = _folder.File("nowhere.pem");

        _time.Advance(EngineTlsSource.Freshness);

        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        Events.Should().BeEmpty();
    }

    [Test]
    public async Task A_host_that_keeps_certificates_elsewhere_is_asked_for_them(CancellationToken cancellationToken)
    {
        var given = new ConcurrentQueue<EngineTlsCertificates>([Given(_old), Given(_old), Given(_new)]);
        var source = Source(new EngineTlsOptions { CertificateSource = _ => Task.FromResult(given.TryDequeue(out var next) ? next : Given(_new)) });

        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        given.Should().HaveCount(2);
        _time.Advance(EngineTlsSource.Freshness);
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
        _time.Advance(EngineTlsSource.Freshness);
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_new));

        Events.Should().Equal("CertificatesRead");
    }

    [Test]
    public async Task What_a_host_gives_that_cannot_be_used_changes_nothing(CancellationToken cancellationToken)
    {
        using var keyless = X509CertificateLoader.LoadCertificate(_new.Client.RawData);
        Func<EngineTlsCertificates>[] bad =
        [
            () => throw new InvalidOperationException("the vault is shut"),
            () => null!,
            () => new EngineTlsCertificates { ClientCertificate = keyless },
            () => new EngineTlsCertificates { ClientCertificate = _new.Client, CertificateAuthorities = [] },
        ];
        var turn = -1;
        var source = Source(new EngineTlsOptions { CertificateSource = _ => Task.FromResult(turn++ < 0 ? Given(_old) : bad[(turn - 1) % bad.Length]()) });

        for (var times = 0; times <= bad.Length; times++)
        {
            (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old));
            _time.Advance(EngineTlsSource.Freshness);
        }

        Events.Should().HaveCount(bad.Length).And.OnlyContain(name => name == "CertificatesNotRead");
        _log.Lines.Should().Contain(line => line.Contains("the vault is shut"));
    }

    [Test]
    public async Task A_host_that_gives_none_at_first_is_what_the_error_is_about_and_is_asked_again(CancellationToken cancellationToken)
    {
        await using var engine = new TlsEngine(_old);
        var turn = 0;
        var options = new EngineConnectionOptions { Tls = new EngineTlsOptions { CertificateSource = _ => turn++ == 0 ? throw new InvalidOperationException("the vault is shut") : Task.FromResult(Given(_old)) } };
        var connector = new DockerEngineConnector(options);

        var connect = () => connector.ConnectAsync(engine.Address, cancellationToken);

        (await connect.Should().ThrowAsync<EngineUnreachableException>().WithMessage("*the vault is shut*")).Which.NotSent.Should().BeTrue();
        await using var connected = await connect();
        engine.Answers.Should().Be(1);
    }

    [Test]
    public async Task A_host_that_hangs_holds_nobody_up_who_has_certificates_and_is_not_asked_twice_at_a_time(CancellationToken cancellationToken)
    {
        var asked = 0;
        var hangs = new TaskCompletionSource<EngineTlsCertificates>();
        var source = Source(new EngineTlsOptions { CertificateSource = _ => Interlocked.Increment(ref asked) == 1 ? Task.FromResult(Given(_old)) : hangs.Task });
        await source.GetAsync(cancellationToken);
        _time.Advance(EngineTlsSource.Freshness);

        var waits = Shown(source, cancellationToken);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref asked) == 2, "it is asked again");
        _time.Advance(EngineTlsSource.Patience);

        (await waits).Should().Be(Fingerprint(_old));
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_old), "others do not wait any more");
        asked.Should().Be(2);
        hangs.SetResult(Given(_new));
        await Eventually.IsTrueAsync(() => Events.Contains("CertificatesRead"), "what came late counts all the same");
        (await Shown(source, cancellationToken)).Should().Be(Fingerprint(_new));
        Events.Should().Equal("CertificatesNotRead", "CertificatesRead");
    }

    [Test]
    public async Task Code_of_the_host_that_blocks_does_not_block_who_gives_up()
    {
        using var gate = new ManualResetEventSlim();
        using var given = new CancellationTokenSource();
        var source = Source(new EngineTlsOptions
        {
            CertificateSource = _ =>
            {
                gate.Wait(CancellationToken.None);
                return Task.FromResult(Given(_old));
            },
        });

        var waits = source.GetAsync(given.Token);
        await given.CancelAsync();

        await waits.Awaiting(each => each).Should().ThrowAsync<OperationCanceledException>();
        gate.Set();
    }

    [TestCase(true, false, false, "ClientCertificate and CertificateSource")]
    [TestCase(false, true, false, "ClientCertificatePath and CertificateSource")]
    [TestCase(false, false, true, "CertificateAuthorityPath and CertificateSource")]
    public void A_source_beside_certificates_is_a_mistake_in_the_options(bool certificate, bool path, bool authority, string mistake)
    {
        var files = Files(_old);
        var options = new EngineTlsOptions
        {
            CertificateSource = _ => Task.FromResult(Given(_old)),
            ClientCertificate = certificate ? _old.Client : null,
            ClientCertificatePath = path ? files.ClientCertificatePath : null,
            ClientKeyPath = path ? files.ClientKeyPath : null,
            CertificateAuthorityPath = authority ? files.CertificateAuthorityPath : null,
        };

        options.Validate().Should().ContainSingle().Which.Should().Contain(mistake);
    }

    private static EngineTlsCertificates Given(TestCertificates certificates) => new() { ClientCertificate = certificates.Client, CertificateAuthorities = [certificates.Authority] };

    private static string Fingerprint(TestCertificates certificates) => EngineTlsCredentials.Describe(certificates.Client).Fingerprint;

    private static async Task<string?> Shown(EngineTlsSource source, CancellationToken cancellationToken) => (await source.GetAsync(cancellationToken)).Client?.Fingerprint;

    private EngineTlsSource Source(EngineTlsOptions options) => EngineTlsSource.Load(options, "Connection.Tls", _time, _log.CreateLogger("test"));

    private EngineTlsOptions Files(TestCertificates certificates)
    {
        var files = certificates.WriteClientFiles(_folder.Path);
        return new EngineTlsOptions { CertificateAuthorityPath = files.Authority, ClientCertificatePath = files.Certificate, ClientKeyPath = files.Key };
    }
}
