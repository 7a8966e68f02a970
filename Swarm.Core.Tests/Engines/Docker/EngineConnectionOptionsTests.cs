using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Docker;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class EngineConnectionOptionsTests
{
    private static readonly JsonSerializerOptions _withFields = new() { IncludeFields = true, WriteIndented = true };

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
    public void The_password_of_the_key_shows_in_nothing_that_is_written_of_the_options()
    {
        const string Password = "correct-horse-battery";
        var options = new EngineConnectionOptions
        {
            Tls = new EngineTlsOptions { ClientKeyPassword = new Secret(Password) },
            TlsRules = { new EngineTlsRule { Engines = "a", Tls = { ClientKeyPassword = new Secret(Password) } } },
        };

        var texts = new[]
        {
            JsonSerializer.Serialize(options),
            JsonSerializer.Serialize(options, _withFields),
            JsonSerializer.Serialize(new { Secret = (object)options.Tls.ClientKeyPassword }),
            $"{options} {options.Tls} {options.Tls.ClientKeyPassword}",
            new Holder(options.Tls.ClientKeyPassword).ToString(),
            TypeDescriptor.GetConverter(typeof(Secret)).ConvertToInvariantString(options.Tls.ClientKeyPassword)!,
            Dump(options, 5),
            string.Join(' ', typeof(Secret).GetCustomAttributes<DebuggerDisplayAttribute>().Select(attribute => attribute.Value)),
            string.Join(' ', options.Validate()),
        };

        texts.Should().OnlyContain(text => !text.Contains(Password, StringComparison.Ordinal));
        typeof(Secret).GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Should().OnlyContain(field => field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State == DebuggerBrowsableState.Never);
        typeof(Secret).GetProperties().Should().BeEmpty("a serializer reads properties");
    }

    [Test]
    public void A_configuration_gives_a_password_as_a_text()
    {
        var secret = (Secret)TypeDescriptor.GetConverter(typeof(Secret)).ConvertFromInvariantString("correct-horse-battery")!;

        secret.Reveal().Should().Be("correct-horse-battery");
        TypeDescriptor.GetConverter(typeof(Secret)).ConvertFromInvariantString("").Should().BeNull();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_key_with_a_password_is_opened_with_it_and_the_error_without_does_not_tell_it(bool right)
    {
        using var folder = new TemporaryFolder();
        using var certificates = new TestCertificates();
        File.WriteAllBytes(folder.File("client.p12"), certificates.Client.Export(X509ContentType.Pkcs12, "correct-horse-battery"));
        var tls = new EngineTlsOptions { ClientCertificatePath = folder.File("client.p12"), ClientKeyPassword = new Secret(right ? "correct-horse-battery" : "wrong-horse-battery") };

        var load = () => new DockerEngineConnector(new EngineConnectionOptions { Tls = tls });

        if (right)
        {
            load.Should().NotThrow();
        }
        else
        {
            load.Should().Throw<ArgumentException>().Which.ToString().Should().NotContain("horse-battery");
        }
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

    // As a logger that takes objects apart would write it.
    private static string Dump(object? value, int depth) => value is null or string || depth == 0 || value.GetType().IsPrimitive
        ? $"{value}"
        : value is IEnumerable items
            ? string.Join(' ', items.Cast<object>().Select(item => Dump(item, depth - 1)))
            : $"{value} " + string.Join(' ', value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0).Select(property => Dump(property.GetValue(value), depth - 1)));

    private sealed record Holder(Secret Password);
}
