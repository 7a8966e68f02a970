namespace Swarm.Core.Model;

public sealed class EngineBindingTests
{
    private const string Colons = "AB:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE";
    private static readonly string _fingerprint = Colons.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
    private static readonly EngineAddress _address = EngineAddress.Parse("engine-0:2376");
    private static readonly EngineAddress _elsewhere = EngineAddress.Parse("engine-9:2376");
    private static readonly EngineCertificate _certificate = new(_fingerprint, "CN=engine-0");

    [Test]
    public void An_address_is_met_there_and_nowhere_else()
    {
        EngineBinding.ToAddress(_address).IsMetBy(_address, null).Should().BeTrue();
        EngineBinding.ToAddress(_address).IsMetBy(_elsewhere, _certificate).Should().BeFalse();
    }

    [Test]
    public void A_certificate_is_met_wherever_it_is_shown_however_its_fingerprint_is_written()
    {
        EngineBinding.ToCertificate(Colons).IsMetBy(_elsewhere, _certificate).Should().BeTrue();
        EngineBinding.ToCertificate(_fingerprint).Should().Be(EngineBinding.ToCertificate(Colons));
        EngineBinding.ToCertificate(Colons).IsMetBy(_address, new EngineCertificate(new string('0', 64), "CN=engine-0")).Should().BeFalse();
        EngineBinding.ToCertificate(Colons).IsMetBy(_address, null).Should().BeFalse("without TLS nobody proves it");
    }

    [Test]
    public void A_subject_is_met_by_every_certificate_of_it_and_compared_exactly()
    {
        EngineBinding.ToSubject("CN=engine-0").IsMetBy(_elsewhere, new EngineCertificate(new string('1', 64), "CN=engine-0")).Should().BeTrue();
        EngineBinding.ToSubject("CN=engine-0").IsMetBy(_address, new EngineCertificate(_fingerprint, "CN=engine-00")).Should().BeFalse();
        EngineBinding.ToSubject("CN=engine-0").IsMetBy(_address, null).Should().BeFalse();
    }

    [TestCase("")]
    [TestCase("ab")]
    [TestCase("zz00112233445566778899aabbccddeeff00112233445566778899aabbccddee")]
    public void What_is_no_fingerprint_is_refused(string text) =>
        FluentActions.Invoking(() => EngineBinding.ToCertificate(text)).Should().Throw<ArgumentException>().WithMessage("*64 hexadecimal digits*");

    [TestCase("")]
    [TestCase(" ")]
    public void No_subject_is_nobody(string subject) =>
        FluentActions.Invoking(() => EngineBinding.ToSubject(subject)).Should().Throw<ArgumentException>();

    [TestCase("1", "CN=a", "1", "CN=a", false)]
    [TestCase("1", "CN=a", "2", "CN=a", false, Description = "it was renewed")]
    [TestCase("1", "CN=a", "2", "CN=b", true)]
    [TestCase("1", "CN=a", "1", "CN=b", false)]
    [TestCase("1", "", "2", "", true, Description = "there is nothing but the certificate itself")]
    [TestCase("1", "CN=a", "2", "", true)]
    public void Two_certificates_are_of_two_when_neither_key_nor_subject_is_the_same(string one, string subject, string other, string otherSubject, bool isOfAnother)
    {
        new EngineCertificate(one, subject).IsOfAnother(new EngineCertificate(other, otherSubject)).Should().Be(isOfAnother);
        new EngineCertificate(other, otherSubject).IsOfAnother(new EngineCertificate(one, subject)).Should().Be(isOfAnother);
    }

    [Test]
    public void It_says_whom_it_means()
    {
        EngineBinding.ToAddress(_address).ToString().Should().Contain("engine-0:2376");
        EngineBinding.ToCertificate(Colons).ToString().Should().Contain(_fingerprint);
        EngineBinding.ToSubject("CN=\u001b[31m").ToString().Should().NotContain("\u001b");
    }
}
