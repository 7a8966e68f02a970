using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Who is given what is said of an engine.</summary>
public sealed class OverlayBindingTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("engine-0:2376");
    private static readonly EngineAddress _elsewhere = EngineAddress.Parse("engine-9:2376");
    private static readonly EngineCertificate _real = new(new string('a', 64), "CN=engine-0");
    private static readonly EngineCertificate _renewed = new(new string('b', 64), "CN=engine-0");
    private static readonly EngineCertificate _fake = new(new string('c', 64), "CN=engine-9");
    private static readonly EngineOverlay _trusted = EngineOverlay.Empty.WithLabel("trusted", "yes").WithLabel("claimed", null).WithTaint(new Taint("dedicated", "gpu"));
    private static readonly EngineOverlay _restrictions = EngineOverlay.Empty.WithLabel("claimed", null).WithTaint(new Taint("dedicated", "gpu"));

    [Test]
    public void Labels_said_by_address_are_not_given_to_one_with_the_same_ID_elsewhere_and_what_keeps_work_away_is()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Take(_address, "ID", "host").Should().Be(_trusted);

        book.Take(_elsewhere, "ID", "host").Should().Be(_restrictions);
        book.Take(_address, "ID", "host").Should().Be(_trusted, "where it was said it counts as ever");
    }

    [Test]
    public void The_same_certificate_takes_them_along()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Take(_address, "ID", "host", _real);

        book.Take(_elsewhere, "ID", "host", _fake).Should().Be(_restrictions);
        book.Take(_elsewhere, "ID", "host", _real).Should().Be(_trusted);
        book.Find(_address, "ID", "host", _fake).Should().Be(_trusted, "what waits at an address is for whoever comes there");
    }

    [Test]
    public void A_certificate_that_is_renewed_where_it_was_is_the_one_from_then_on()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Take(_address, "ID", "host", _real);
        book.Take(_address, "ID", "host", _renewed).Should().Be(_trusted);

        book.Take(_elsewhere, "ID", "host", _renewed).Should().Be(_trusted);
    }

    [Test]
    public void What_is_said_by_ID_or_by_name_counts_for_whoever_gives_it()
    {
        BookOf("ID", _trusted).Take(_elsewhere, "ID", "host", _fake).Should().Be(_trusted);
        var byName = BookOf("host", _trusted);
        byName.Take(_address, "ID", "host", _real);
        byName.Take(_elsewhere, "ID", "host", _fake).Should().Be(_trusted);
    }

    [TestCase("ID")]
    [TestCase("host")]
    [TestCase("engine-0:2376")]
    public void What_is_bound_to_a_certificate_is_given_to_nobody_else_by_whatever_it_is_said(string key)
    {
        var bound = _trusted with { Binding = EngineBinding.ToCertificate(_real.Fingerprint) };
        var book = BookOf(key, bound);

        book.Take(_address, "ID", "host", _fake).Labels.Should().NotContainKey("trusted");
        book.Take(_address, "ID", "host").Should().Match<EngineOverlay>(given => !given.Labels.ContainsKey("trusted") && given.Taints.Count == 1);
        book.Take(_address, "ID", "host", _real).Should().Be(bound);
    }

    [Test]
    public void What_is_bound_to_an_address_is_given_to_nobody_elsewhere()
    {
        var bound = _trusted with { Binding = EngineBinding.ToAddress(_address) };
        var book = BookOf("ID", bound);

        book.Take(_elsewhere, "ID", "host", _real).Labels.Should().NotContainKey("trusted");
        book.Take(_address, "ID", "host").Should().Be(bound);
    }

    [Test]
    public void A_certificate_of_the_same_subject_keeps_what_is_bound_to_that()
    {
        var book = BookOf("ID", _trusted with { Binding = EngineBinding.ToSubject("CN=engine-0") });

        book.Take(_elsewhere, "ID", "host", _renewed).Labels.Should().ContainKey("trusted");
        book.Take(_elsewhere, "ID", "host", _fake).Labels.Should().NotContainKey("trusted");
    }

    [Test]
    public void The_one_that_is_meant_finds_it_also_where_another_has_the_ID_because_it_came_first()
    {
        var bound = _trusted with { Binding = EngineBinding.ToCertificate(_real.Fingerprint) };
        var book = BookOf("ID", bound);
        book.Take(_elsewhere, "ID", "host", _fake).Labels.Should().NotContainKey("trusted");

        book.Take(_address, $"ID|{_address}", "host", _real).Should().Be(bound);
        book.Take(_address, $"ID|{_address}", "host", _fake).Should().Be(EngineOverlay.Empty);
        book.IsMeant("ID", _address, _real).Should().BeTrue();
        book.IsMeant("ID", _elsewhere, _fake).Should().BeFalse();
    }

    [Test]
    public void Where_nothing_is_bound_nobody_is_meant_before_others()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Take(_address, "ID", "host", _real);

        book.IsMeant("ID", _address, _real).Should().BeFalse();
        book.IsMeant("other", _address, _real).Should().BeFalse();
    }

    [Test]
    public void Who_proves_nothing_still_gets_what_is_said_of_its_own_address()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.TrySet(_elsewhere.ToString(), null, EngineOverlay.Empty.WithLabel("zone", "b"), _elsewhere.ToString());
        book.Take(_address, "ID", "host");

        book.Take(_elsewhere, "ID", "host").Should().Be(_restrictions.WithLabel("zone", "b"));
    }

    [Test]
    public void What_is_said_by_address_of_an_engine_that_is_there_is_bound_to_it()
    {
        var book = new OverlayBook();
        book.TrySet("ID", null, _trusted, _address.ToString(), (_address, _real));

        book.Find(_elsewhere, "ID", "host", _fake).Should().Be(_restrictions);
        book.Find(_elsewhere, "ID", "host", _real).Should().Be(_trusted);
    }

    [Test]
    public void Something_else_said_by_ID_does_not_loosen_what_its_labels_are_bound_to()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Take(_address, "ID", "host");
        var drained = _trusted with { IsEligible = false };
        book.TrySet("ID", _trusted, drained, "ID");
        book.Find(_elsewhere, "ID", "host").Labels.Should().NotContainKey("trusted");

        book.TrySet("ID", drained, drained.WithLabel("zone", "a"), "ID");
        book.Find(_elsewhere, "ID", "host").Labels.Should().ContainKey("trusted", "its labels were said by ID now");
    }

    [Test]
    public void An_engine_that_turns_out_to_be_another_gives_that_no_labels_that_it_does_not_prove()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Take(_address, "ID|a", "host", _real);

        book.Follow("ID|a", "ID", _elsewhere, _fake).Should().BeTrue();
        book.Find(_elsewhere, "ID", "host", _fake).Should().Be(_restrictions);

        book.Follow("ID|a", "ID", _elsewhere, _real).Should().BeTrue();
        book.Find(_elsewhere, "ID", "host", _real).Should().Be(_trusted);
    }

    [Test]
    public void What_daemons_that_come_and_go_have_found_is_bounded_with_what_proves_it()
    {
        var book = BookOf(_address.ToString(), _trusted);
        for (var number = 0; number < OverlayBook.MostRemembered + 5; number++)
        {
            book.Take(_address, $"ID-{number}", "host", _real);
            book.Gone($"ID-{number}");
        }

        book.Find(_elsewhere, "ID-0", "host", _real).Should().Be(EngineOverlay.Empty, "it is forgotten");
        book.Find(_elsewhere, $"ID-{OverlayBook.MostRemembered}", "host", _real).Should().Be(_trusted);
    }

    private static OverlayBook BookOf(string key, EngineOverlay overlay)
    {
        var book = new OverlayBook();
        book.Seed([KeyValuePair.Create(key, overlay)]);
        return book;
    }
}
