using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Diagnostics;

[NonParallelizable]
public sealed class SecretWatchTests
{
    private const string Secret = "this-one-only";

    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public void A_secret_in_the_text_of_a_log_is_found()
    {
        using var watch = new SecretWatch(Secret);

        watch.CreateLogger("any").Log(LogLevel.Debug, new EventId(7, "Seven"), "it is " + Secret, null, (state, _) => state);

        watch.Leaks.Should().ContainSingle().Which.Should().Be("log event 7 Seven");
    }

    [Test]
    public void A_secret_deep_in_the_exception_of_a_log_is_found()
    {
        using var watch = new SecretWatch(Secret);
        var exception = new InvalidOperationException("outer", new IOException(Secret));

        watch.CreateLogger("any").Log(LogLevel.Debug, new EventId(7, "Seven"), "", exception, (state, _) => state);

        watch.Leaks.Should().Contain("log event 7 Seven, IOException");
    }

    [Test]
    public void A_secret_in_an_error_of_the_library_is_found_even_when_it_is_caught()
    {
        using var watch = new SecretWatch(Secret);

        Throw(new EngineApiException(_address, "create container", HttpStatusCode.BadRequest, $"Env is {Secret}"));

        watch.Leaks.Should().ContainSingle().Which.Should().Be("error thrown, EngineApiException");
    }

    [Test]
    public void A_secret_in_the_data_of_an_error_is_found()
    {
        using var watch = new SecretWatch(Secret);
        var exception = new EngineApiException(_address, "create container", HttpStatusCode.BadRequest, "no");
        exception.Data["env"] = Secret;

        Throw(exception);

        watch.Leaks.Should().ContainSingle().Which.Should().Be("error thrown, EngineApiException, data env");
    }

    [Test]
    public void A_secret_in_the_tag_of_an_activity_is_found()
    {
        using var watch = new SecretWatch(Secret);
        using var source = new ActivitySource(SwarmDiagnostics.ActivitySourceName);

        source.StartActivity("any")!.SetTag("env", "A=" + Secret).Stop();

        watch.Leaks.Should().ContainSingle().Which.Should().Be("activity any, tag env");
    }

    [Test]
    public void A_secret_in_the_tag_of_a_metric_is_found()
    {
        using var watch = new SecretWatch(Secret);
        using var meter = new Meter(SwarmDiagnostics.MeterName);
        var counter = meter.CreateCounter<long>("any");

        counter.Add(1, KeyValuePair.Create<string, object?>("env", Secret));

        watch.Leaks.Should().ContainSingle().Which.Should().Be("metric any, tag env");
    }

    [Test]
    public void What_holds_no_secret_is_no_leak()
    {
        using var watch = new SecretWatch(Secret);

        var exception = new IOException("none");

        watch.CreateLogger("any").Log(LogLevel.Debug, new EventId(7, "Seven"), "it is no secret", exception, (state, _) => state);
        Throw(new EngineApiException(_address, "create container", HttpStatusCode.BadRequest, "no"));

        watch.Leaks.Should().BeEmpty();
        watch.Seen.Logs.Should().Be(1);
        watch.Seen.Errors.Should().BeGreaterThanOrEqualTo(1);
    }

    private static void Throw(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (SwarmException)
        {
            // Thrown is enough.
        }
    }
}
