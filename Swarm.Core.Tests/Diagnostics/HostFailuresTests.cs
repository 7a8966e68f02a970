using Swarm.Core.Fakes;

namespace Swarm.Core.Diagnostics;

[NonParallelizable]
public sealed class HostFailuresTests
{
    [Test]
    public void The_log_hears_of_the_first_the_tenth_and_the_hundredth_failure_of_a_part()
    {
        var logs = new RecordingLoggerFactory();
        var failures = new HostFailures();
        using var metrics = new SwarmMetrics(factory: null, "failing");
        failures.TellTo(logs.CreateLogger("failures"), new Lazy<SwarmMetrics>(metrics));

        for (var failure = 0; failure < 150; failure++)
        {
            failures.Note(HostPart.Clock, new InvalidOperationException("broken"));
        }

        logs.Entries.Select(entry => entry.Event).Should().Equal("HostFailed", "HostFailed", "HostFailed");
        logs.Lines.Should().Contain(line => line.Contains("100 times", StringComparison.Ordinal));
    }

    [Test]
    public void A_metric_counts_them_by_part()
    {
        using var recording = new Recording("counting");
        using var metrics = new SwarmMetrics(factory: null, "counting");
        var failures = new HostFailures();
        failures.TellTo(new RecordingLoggerFactory().CreateLogger("failures"), new Lazy<SwarmMetrics>(metrics));

        failures.Note(HostPart.Logger, new InvalidOperationException("broken"));
        failures.Note(HostPart.Registration, new InvalidOperationException("broken"));

        recording.Of(SwarmDiagnostics.HostFailures).Select(each => each[SwarmDiagnostics.HostPartTag]).Should().Equal("logger", "registration");
    }
}
