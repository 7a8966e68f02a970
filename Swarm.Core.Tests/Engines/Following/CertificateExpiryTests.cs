using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class CertificateExpiryTests
{
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _week = TimeSpan.FromDays(7);

    [TestCase(6.9, true)]
    [TestCase(7.1, false)]
    public void A_certificate_is_named_when_less_than_the_warning_time_is_left(double days, bool named) =>
        CertificateExpiry.Of(Certificate("CN=engine", 300, days), null, _now, _week).Should().Be(named ? $"its certificate 'CN=engine' expires at {_now.AddDays(days):yyyy-MM-dd HH:mm:ss}Z" : "");

    [TestCase(0.30, false)]
    [TestCase(0.20, true)]
    public void Of_a_certificate_that_lives_for_a_day_it_is_said_in_the_last_quarter(double left, bool named) =>
        (CertificateExpiry.Of(Certificate("CN=engine", 1 - left, left), null, _now, _week).Length > 0).Should().Be(named);

    [Test]
    public void Ours_is_told_from_the_engines() =>
        CertificateExpiry.Of(Certificate("CN=engine", 300, -1), Certificate("CN=client", 300, 1), _now, _week)
            .Should().Be("its certificate 'CN=engine' has expired at 2026-05-31 12:00:00Z; our own certificate 'CN=client' expires at 2026-06-02 12:00:00Z");

    [Test]
    public void The_words_stay_while_time_passes() =>
        CertificateExpiry.Of(Certificate("CN=engine", 300, 3), null, _now.AddDays(1), _week).Should().Be(CertificateExpiry.Of(Certificate("CN=engine", 300, 3), null, _now, _week));

    [Test]
    public void Without_a_warning_time_it_is_said_when_it_has_happened()
    {
        CertificateExpiry.Of(Certificate("CN=engine", 300, 0.001), null, _now, TimeSpan.Zero).Should().BeEmpty();
        CertificateExpiry.Of(Certificate("CN=engine", 300, 0), null, _now, TimeSpan.Zero).Should().Contain("has expired");
    }

    [Test]
    public void Where_nothing_is_known_nothing_is_said() =>
        CertificateExpiry.Of(new EngineCertificate("00", "CN=engine"), null, _now, _week).Should().BeEmpty();

    [Test]
    public void A_certificate_may_last_to_the_end_of_time() =>
        CertificateExpiry.Of(new EngineCertificate("00", "CN=engine") { ValidFrom = DateTimeOffset.MinValue, ValidUntil = DateTimeOffset.MaxValue }, null, _now, _week).Should().BeEmpty();

    private static EngineCertificate Certificate(string subject, double since, double until) =>
        new("00", subject) { ValidFrom = _now.AddDays(-since), ValidUntil = _now.AddDays(until) };
}
