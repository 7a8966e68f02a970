namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class EngineConnectionOptionsTests
{
    [Test]
    public void The_defaults_are_valid()
    {
        new EngineConnectionOptions().Validate().Should().BeEmpty();
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(301)]
    public void The_time_to_connect_is_bounded(int seconds)
    {
        new EngineConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(seconds) }.Validate()
            .Should().ContainSingle().Which.Should().Contain("ConnectTimeout");
    }

    [Test]
    public void Every_mistake_in_the_certificates_is_listed()
    {
        var options = new EngineConnectionOptions { Tls = new EngineTlsOptions { ClientKeyPath = "/nowhere/key.pem", CertificateAuthorityPath = "/nowhere/ca.pem" } };

        options.Validate().Should().HaveCount(3).And.OnlyContain(error => error.EndsWith('.'));
    }

    [Test]
    public void A_file_that_holds_no_certificate_is_an_error_that_names_it()
    {
        var path = Path.GetTempFileName();
        try
        {
            var connector = () => new DockerEngineConnector(new EngineConnectionOptions { Tls = new EngineTlsOptions { CertificateAuthorityPath = path } });

            connector.Should().Throw<ArgumentException>().WithMessage($"*{path}*");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
