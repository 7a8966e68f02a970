using System.Security.Cryptography;
using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DockerEnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string> _variables = [];

    private string Config => Path.Combine(_home.Path, ".docker");

    public void Dispose() => _home.Dispose();

    [TestCase(false, "unix:///var/run/docker.sock")]
    [TestCase(true, "npipe:////./pipe/docker_engine")]
    public void Without_anything_the_engine_of_this_machine_is_meant(bool isWindows, string address) =>
        Read(isWindows).Address.ToString().Should().Be(address);

    [TestCase("tcp://10.0.0.5:2375", "10.0.0.5:2375")]
    [TestCase("10.0.0.5:2375", "10.0.0.5:2375")]
    [TestCase("tcp://engine", "engine:2375")]
    [TestCase("tcp://engine/", "engine:2375")]
    [TestCase("tcp://[::1]", "[::1]:2375")]
    [TestCase("tcp://:2375", "localhost:2375")]
    [TestCase("unix://", "unix:///var/run/docker.sock")]
    [TestCase("unix:///run/user/1000/docker.sock", "unix:///run/user/1000/docker.sock")]
    [TestCase("ssh://me@engine:2222", "ssh://me@engine:2222")]
    [TestCase("npipe://", "npipe:////./pipe/docker_engine")]
    [TestCase(" tcp://engine:1 ", "engine:1")]
    public void A_host_is_read_as_the_command_reads_it(string host, string address)
    {
        _variables["DOCKER_HOST"] = host;

        var (read, options) = Read();

        read.ToString().Should().Be(address);
        options.TlsRules.Should().BeEmpty();
        options.AllowInsecureTcp.Should().BeFalse();
    }

    [TestCase("https://engine:2376", "*DOCKER_HOST*https://engine:2376*write engine:2376*")]
    [TestCase("tcp://engine:2375/prefix", "*DOCKER_HOST*has a path*")]
    [TestCase("fd://", "*DOCKER_HOST*unix:///var/run/docker.sock*")]
    [TestCase("ssh://me:s3cret@engine", "DOCKER_HOST: 'ssh://me:*@engine' cannot be used: a password must not stand in it*")]
    [TestCase("tcp://me:s3cret@engine:2375", "DOCKER_HOST: 'tcp://me:*@engine:2375' cannot be used: it names a user*")]
    public void A_host_that_cannot_be_used_is_named(string host, string message)
    {
        _variables["DOCKER_HOST"] = host;

        var error = Refused().WithMessage(message).Which;

        error.Setting.Should().Be("DOCKER_HOST");
        error.ToString().Should().NotContain("s3cret");
    }

    [Test]
    public void Certificates_are_for_the_address_alone_and_come_from_the_folder_that_is_named()
    {
        _variables["DOCKER_HOST"] = "tcp://engine";
        _variables["DOCKER_TLS_VERIFY"] = "1";
        _variables["DOCKER_CERT_PATH"] = Certificates(Path.Combine(_home.Path, "certs"));

        var (address, options) = Read();

        address.ToString().Should().Be("engine:2376", "that is the port with TLS");
        var rule = options.TlsRules.Should().ContainSingle().Which;
        rule.Engines.Should().Be("engine:2376");
        rule.Tls.Should().BeEquivalentTo(new { CertificateAuthorityPath = _home.File("certs/ca.pem"), ClientCertificatePath = _home.File("certs/cert.pem"), ClientKeyPath = _home.File("certs/key.pem") });
        options.Tls.Should().BeNull();
        options.Validate().Should().BeEmpty();
    }

    [Test]
    public void Without_a_folder_certificates_are_those_beside_the_configuration()
    {
        _variables["DOCKER_HOST"] = "tcp://engine:2376";
        _variables["DOCKER_TLS_VERIFY"] = "0";
        Certificates(Config);
        File.Delete(Path.Combine(Config, "cert.pem"));
        File.Delete(Path.Combine(Config, "key.pem"));

        Read().Options.TlsRules.Single().Tls.Should().BeEquivalentTo(new { CertificateAuthorityPath = Path.Combine(Config, "ca.pem"), ClientCertificatePath = (string?)null });
    }

    [Test]
    public void A_folder_alone_asks_for_no_TLS()
    {
        _variables["DOCKER_HOST"] = "tcp://engine:2376";
        _variables["DOCKER_CERT_PATH"] = Certificates(Path.Combine(_home.Path, "certs"));

        Read().Options.TlsRules.Should().BeEmpty();
    }

    [Test]
    public void A_folder_without_an_authority_is_named()
    {
        _variables["DOCKER_HOST"] = "tcp://engine:2376";
        _variables["DOCKER_TLS_VERIFY"] = "1";
        _variables["DOCKER_CERT_PATH"] = Path.Combine(_home.Path, "nowhere");

        Refused().WithMessage("*nowhere*ca.pem*").Which.Setting.Should().Be("DOCKER_CERT_PATH");
    }

    [Test]
    public void A_certificate_without_its_key_is_named()
    {
        _variables["DOCKER_HOST"] = "tcp://engine:2376";
        _variables["DOCKER_TLS_VERIFY"] = "1";
        _variables["DOCKER_CERT_PATH"] = Certificates(Path.Combine(_home.Path, "certs"));
        File.Delete(_home.File("certs/key.pem"));

        Refused().WithMessage("*cert.pem without key.pem*");
    }

    [Test]
    public void Tls_without_verifying_is_refused()
    {
        _variables["DOCKER_HOST"] = "tcp://engine:2376";
        _variables["DOCKER_TLS"] = "1";

        Refused().WithMessage("*without verifying*DOCKER_TLS_VERIFY*").Which.Setting.Should().Be("DOCKER_TLS");
    }

    [Test]
    public void A_host_comes_before_a_context_and_a_chosen_context_before_the_one_in_use()
    {
        Context("one", """{"Host":"tcp://one:2375"}""");
        Context("two", """{"Host":"tcp://two:2375"}""");
        Use("one");
        Read().Address.ToString().Should().Be("one:2375");

        _variables["DOCKER_CONTEXT"] = "two";
        Read().Address.ToString().Should().Be("two:2375");

        _variables["DOCKER_HOST"] = "tcp://three:2375";
        Read().Address.ToString().Should().Be("three:2375");
    }

    [TestCase("""{"currentContext":"default"}""")]
    [TestCase("""{"currentContext":""}""")]
    [TestCase("""{"currentContext":null}""")]
    [TestCase("""{"auths":{}}""")]
    public void A_configuration_without_a_context_means_the_engine_of_this_machine(string config)
    {
        Directory.CreateDirectory(Config);
        _home.Write(".docker/config.json", config);

        Read().Address.ToString().Should().Be("unix:///var/run/docker.sock");
    }

    [TestCase("{", "*no JSON*")]
    [TestCase("[]", "*no JSON object*")]
    [TestCase("""{"currentContext":1}""", "*currentContext is no text*")]
    public void A_configuration_that_cannot_be_read_is_named(string config, string message)
    {
        Directory.CreateDirectory(Config);
        _home.Write(".docker/config.json", config);

        Refused().WithMessage(message).Which.Setting.Should().Be(Path.Combine(Config, "config.json"));
    }

    [Test]
    public void A_context_that_does_not_exist_is_named_with_where_it_was_chosen()
    {
        _variables["DOCKER_CONTEXT"] = "../../etc";

        Refused().WithMessage("*no context '../../etc'*").Which.Setting.Should().Be("DOCKER_CONTEXT");
        _variables.Clear();
        Use("gone");
        Refused().WithMessage("*no context 'gone'*").Which.Setting.Should().Be(Path.Combine(Config, "config.json"));
    }

    [TestCase("""{"Host":"tcp://one:2376","SkipTLSVerify":true}""", "*SkipTLSVerify*")]
    [TestCase("""{"Host":1}""", "*Host is no text*")]
    [TestCase("""{"Host":"gopher://one"}""", "*gopher://one*")]
    [TestCase("1", "*no Docker endpoint*")]
    public void A_context_that_cannot_be_used_is_named_by_its_file(string endpoint, string message)
    {
        Context("one", endpoint);
        _variables["DOCKER_CONTEXT"] = "one";

        Refused().WithMessage(message).Which.Setting.Should().EndWith("meta.json");
    }

    [Test]
    public void The_folder_of_the_configuration_may_be_elsewhere()
    {
        Context("one", """{"Host":"tcp://one:2375"}""");
        Use("one");
        Directory.Move(Config, _home.File("elsewhere"));

        Read().Address.ToString().Should().Be("unix:///var/run/docker.sock");
        _variables["DOCKER_CONFIG"] = _home.File("elsewhere");
        Read().Address.ToString().Should().Be("one:2375");
    }

    [Test]
    public void Without_a_home_folder_the_engine_of_this_machine_is_meant() =>
        new DockerEnvironment(new DockerSurroundings(_ => null, "", false)).Read().Address.ToString().Should().Be("unix:///var/run/docker.sock");

    [TestCase("host=tcp://10.0.0.5:2375", "10.0.0.5:2375")]
    [TestCase("host=ssh://me@engine", "ssh://me@engine")]
    [TestCase("host=unix:///run/other.sock", "unix:///run/other.sock")]
    [TestCase("host=tcp://10.0.0.5:2376,ca={0}/ca.pem,cert={0}/cert.pem,key={0}/key.pem", "10.0.0.5:2376")]
    public async Task Contexts_that_the_command_has_made_are_read(string endpoint, string address)
    {
        DockerCommand.Require();
        var certificates = Certificates(Path.Combine(_home.Path, "certs"));
        var text = endpoint.Replace("{0}", certificates);
        await DockerCommand.RunAtHomeAsync(_home.Path, "context", "create", "made", "--docker", text);
        await DockerCommand.RunAtHomeAsync(_home.Path, "context", "use", "made");

        var (read, options) = Read();

        read.ToString().Should().Be(address);
        options.Validate().Should().BeEmpty();
        if (text.Contains("ca=", StringComparison.Ordinal))
        {
            var tls = options.TlsRules.Should().ContainSingle(rule => rule.Engines == address).Which.Tls;
            EngineTlsCredentials.Load(tls).Credentials.Client.Should().NotBeNull();
        }
        else
        {
            options.TlsRules.Should().BeEmpty();
        }
    }

    private static string Certificates(string folder)
    {
        using var certificates = new TestCertificates();
        certificates.WriteClientFiles(folder);
        return folder;
    }

    private void Context(string name, string endpoint)
    {
        var folder = Path.Combine(Config, "contexts", "meta", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "meta.json"), "{\"Name\":\"" + name + "\",\"Metadata\":{},\"Endpoints\":{\"docker\":" + endpoint + "}}");
    }

    private void Use(string context)
    {
        Directory.CreateDirectory(Config);
        _home.Write(".docker/config.json", $$"""{"currentContext":"{{context}}"}""");
    }

    private (EngineAddress Address, EngineConnectionOptions Options) Read(bool isWindows = false) =>
        new DockerEnvironment(new DockerSurroundings(_variables.GetValueOrDefault, _home.Path, isWindows)).Read();

    private FluentAssertions.Specialized.ExceptionAssertions<DockerEnvironmentException> Refused() =>
        this.Invoking(each => each.Read()).Should().Throw<DockerEnvironmentException>();
}
