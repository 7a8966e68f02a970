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
    private static readonly EngineOverlay _drained = new() { IsEligible = false, Reason = "it smokes" };

    [Test]
    public void What_is_said_by_address_is_not_given_to_one_with_the_same_ID_elsewhere()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID", "host").Should().Be(_trusted);

        book.Adopt(_elsewhere, "ID", "host").Should().Be(EngineOverlay.Empty);
        book.Adopt(_address, "ID", "host").Should().Be(_trusted, "where it was said it counts as ever");
    }

    [Test]
    public void The_same_certificate_takes_them_along()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID", "host", _real);

        book.Adopt(_elsewhere, "ID", "host", _fake).Should().Be(EngineOverlay.Empty);
        book.Adopt(_elsewhere, "ID", "host", _real).Should().Be(_trusted);
        book.Find(_address, "ID", "host", _fake).Should().Be(_trusted, "what waits at an address is for whoever comes there");
    }

    [Test]
    public void A_certificate_that_is_renewed_where_it_was_is_the_one_from_then_on()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID", "host", _real);
        book.Adopt(_address, "ID", "host", _renewed).Should().Be(_trusted);

        book.Adopt(_elsewhere, "ID", "host", _renewed).Should().Be(_trusted);
    }

    [Test]
    public void What_is_said_by_ID_or_by_name_counts_for_whoever_gives_it()
    {
        BookOf("ID", _trusted).Adopt(_elsewhere, "ID", "host", _fake).Should().Be(_trusted);
        var byName = BookOf("host", _trusted);
        byName.Adopt(_address, "ID", "host", _real);
        byName.Adopt(_elsewhere, "ID", "host", _fake).Should().Be(_trusted);
    }

    [TestCase("ID")]
    [TestCase("host")]
    [TestCase("engine-0:2376")]
    public void What_is_bound_to_a_certificate_is_given_to_nobody_else_by_whatever_it_is_said(string key)
    {
        var bound = _trusted with { Binding = EngineBinding.ToCertificate(_real.Fingerprint) };
        var book = BookOf(key, bound);

        book.Adopt(_address, "ID", "host", _fake).Labels.Should().NotContainKey("trusted");
        book.Adopt(_address, "ID", "host").Should().Match<EngineOverlay>(given => !given.Labels.ContainsKey("trusted") && given.Taints.Count == 1);
        book.Adopt(_address, "ID", "host", _real).Should().Be(bound);
    }

    [Test]
    public void What_is_bound_to_an_address_is_given_to_nobody_elsewhere()
    {
        var bound = _trusted with { Binding = EngineBinding.ToAddress(_address) };
        var book = BookOf("ID", bound);

        book.Adopt(_elsewhere, "ID", "host", _real).Labels.Should().NotContainKey("trusted");
        book.Adopt(_address, "ID", "host").Should().Be(bound);
    }

    [Test]
    public void A_certificate_of_the_same_subject_keeps_what_is_bound_to_that()
    {
        var book = BookOf("ID", _trusted with { Binding = EngineBinding.ToSubject("CN=engine-0") });

        book.Adopt(_elsewhere, "ID", "host", _renewed).Labels.Should().ContainKey("trusted");
        book.Adopt(_elsewhere, "ID", "host", _fake).Labels.Should().NotContainKey("trusted");
    }

    [Test]
    public void The_one_that_is_meant_finds_it_also_where_another_has_the_ID_because_it_came_first()
    {
        var bound = _trusted with { Binding = EngineBinding.ToCertificate(_real.Fingerprint) };
        var book = BookOf("ID", bound);
        book.Adopt(_elsewhere, "ID", "host", _fake).Labels.Should().NotContainKey("trusted");

        book.Adopt(_address, $"ID|{_address}", "host", _real).Should().Be(bound);
        book.Adopt(_address, $"ID|{_address}", "host", _fake).Should().Be(EngineOverlay.Empty);
        book.IsMeant("ID", _address, _real).Should().BeTrue();
        book.IsMeant("ID", _elsewhere, _fake).Should().BeFalse();
    }

    [Test]
    public void Where_nothing_is_bound_nobody_is_meant_before_others()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID", "host", _real);

        book.IsMeant("ID", _address, _real).Should().BeFalse();
        book.IsMeant("other", _address, _real).Should().BeFalse();
    }

    [Test]
    public void Who_proves_nothing_still_gets_what_is_said_of_its_own_address()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.TrySet(OverlayKey.OfAddress(_elsewhere), null, EngineOverlay.Empty.WithLabel("zone", "b"), OverlayKey.OfAddress(_elsewhere));
        book.Adopt(_address, "ID", "host");

        book.Adopt(_elsewhere, "ID", "host").Should().Be(EngineOverlay.Empty.WithLabel("zone", "b"));
    }

    [Test]
    public void What_is_said_by_address_of_an_engine_that_is_there_is_bound_to_it()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID"), null, _trusted, OverlayKey.OfAddress(_address), (_address, _real));

        book.Find(_elsewhere, "ID", "host", _fake).Should().Be(EngineOverlay.Empty);
        book.Find(_elsewhere, "ID", "host", _real).Should().Be(_trusted);
    }

    [Test]
    public void What_keeps_work_away_and_is_said_by_ID_follows_whoever_gives_it()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID"), null, _trusted with { Binding = EngineBinding.ToAddress(_address) }, OverlayKey.Of("ID"));

        book.Adopt(_elsewhere, "ID", "host").Should().Match<EngineOverlay>(given => !given.Labels.ContainsKey("trusted") && given.Taints.Count == 1);
    }

    [Test]
    public void An_ID_that_is_the_address_of_another_finds_nothing_of_that()
    {
        var book = BookOf(_address.ToString(), _trusted);

        book.Adopt(_elsewhere, _address.ToString(), "evil").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void A_name_that_is_the_address_of_another_finds_nothing_of_that()
    {
        var book = BookOf(_address.ToString(), _trusted);

        book.Adopt(_elsewhere, "EVIL", _address.ToString()).Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void A_name_that_is_the_ID_of_another_finds_neither_what_that_took_nor_what_was_said_of_it()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID", "host").Should().Be(_trusted);
        book.TrySet(OverlayKey.OfId("ID-2"), null, _trusted, OverlayKey.Of("ID-2"));

        book.Adopt(_elsewhere, "EVIL", "ID").Should().Be(EngineOverlay.Empty);
        book.Adopt(_elsewhere, "EVIL", "ID-2").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void Who_claims_an_ID_gives_its_owner_nothing_that_is_said_of_his_own_address()
    {
        var book = BookOf(_elsewhere.ToString(), _drained);
        book.Adopt(_elsewhere, "ID", "evil").Should().Be(_drained);
        book.MarkGone("ID");
        book.Adopt(_elsewhere, "EVIL", "evil").Should().Be(_drained, "it does not get rid of it");

        book.Adopt(_address, "ID", "host").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void Who_claims_an_ID_gives_its_owner_nothing_that_is_said_of_his_own_name()
    {
        var book = BookOf("evil", _drained);
        book.Adopt(_elsewhere, "ID", "evil").Should().Be(_drained);

        book.Adopt(_address, "ID", "host").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void Who_claims_an_ID_gives_its_owner_nothing_that_is_said_of_him_by_address_while_he_claims_it()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID"), null, _drained, OverlayKey.OfAddress(_elsewhere), (_elsewhere, null));

        book.Adopt(_address, "ID", "host").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void Who_claims_to_be_the_second_address_of_another_gives_that_nothing_that_is_said_of_his_own()
    {
        var book = BookOf(_elsewhere.ToString(), _drained);
        book.Adopt(_address, "ID", "host");
        book.Adopt(_elsewhere, "ID|x", "evil");

        book.Follow("ID|x", "ID", _address).Should().BeFalse();

        book.Adopt(_address, "ID", "host").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void Who_only_found_what_is_bound_to_him_is_not_meant_by_the_ID_that_he_claims()
    {
        var book = BookOf(_elsewhere.ToString(), _drained with { Binding = EngineBinding.ToAddress(_elsewhere) });
        book.Adopt(_elsewhere, "ID", "evil");

        book.IsMeant("ID", _elsewhere, null).Should().BeFalse();
    }

    [Test]
    public void The_owner_of_an_ID_that_another_has_claimed_before_takes_what_is_said_of_its_address_along()
    {
        var book = BookOf(_elsewhere.ToString(), _drained);
        book.TrySet(OverlayKey.OfAddress(_address), null, _trusted, OverlayKey.OfAddress(_address));
        book.Adopt(_elsewhere, "ID", "evil");

        book.Adopt(_address, "ID", "host", _real).Should().Be(_trusted);

        book.Adopt(EngineAddress.Parse("engine-7:2376"), "ID", "host", _real).Should().Be(_trusted);
    }

    [Test]
    public void What_is_said_of_one_that_is_not_there_is_said_of_its_ID_and_of_its_name()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("word"), null, _trusted, OverlayKey.OfAddress(_elsewhere), (_elsewhere, null));

        book.TrySet(OverlayKey.Of("word"), _trusted, _drained, OverlayKey.Of("word"), isOf: false).Should().BeTrue();

        book.Find(_address, "word", "host").Should().Be(_drained);
        book.Find(_address, "ID", "word").Should().Be(_drained);
        book.All.Should().ContainSingle().Which.Key.Should().Be("word");
    }

    [Test]
    public void Something_else_said_by_ID_does_not_loosen_what_its_labels_are_bound_to()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID", "host");
        var drained = _trusted with { IsEligible = false };
        book.TrySet(OverlayKey.OfId("ID"), _trusted, drained, OverlayKey.Of("ID"));
        book.Find(_elsewhere, "ID", "host").Labels.Should().NotContainKey("trusted");

        book.TrySet(OverlayKey.OfId("ID"), drained, drained.WithLabel("zone", "a"), OverlayKey.Of("ID"));
        book.Find(_elsewhere, "ID", "host").Labels.Should().ContainKey("trusted", "its labels were said by ID now");
    }

    [Test]
    public void An_engine_that_turns_out_to_be_another_gives_that_nothing_that_it_does_not_prove()
    {
        var book = BookOf(_address.ToString(), _trusted);
        book.Adopt(_address, "ID|a", "host", _real);

        book.Follow("ID|a", "ID", _elsewhere, _fake).Should().BeFalse();
        book.Find(_elsewhere, "ID", "host", _fake).Should().Be(EngineOverlay.Empty);

        book.Follow("ID|a", "ID", _elsewhere, _real).Should().BeTrue();
        book.Find(_elsewhere, "ID", "host", _real).Should().Be(_trusted);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_was_said_by_name_of_one_that_turns_out_to_be_another_keeps_work_from_that_where_it_is_called_so(bool isCalledSo)
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID|a"), null, _trusted, OverlayKey.Of("host"), (_address, null), name: "host");

        book.Follow("ID|a", "ID", _elsewhere, null, isCalledSo ? "host" : "other").Should().Be(isCalledSo);

        book.Find(_elsewhere, "ID", isCalledSo ? "host" : "other").Should().Be(isCalledSo ? _trusted.WithoutGrants() : EngineOverlay.Empty);
    }

    [Test]
    public void What_was_said_by_name_of_the_one_that_stays_is_not_lost_when_another_turns_out_to_be_it()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID"), null, _drained, OverlayKey.Of("host"), (_address, null), name: "host");
        book.TrySet(OverlayKey.OfId("ID|a"), null, EngineOverlay.Empty.WithTaint(new Taint("dedicated", "gpu")), OverlayKey.OfId("ID|a"));

        book.Follow("ID|a", "ID", _elsewhere, null, "host").Should().BeTrue();

        book.Find(_elsewhere, "ID", "host").Should().Match<EngineOverlay>(given => !given.IsEligible && given.Taints.Count == 1);
    }

    [TestCase("host", true)]
    [TestCase("engine-0:2376", true)]
    [TestCase("host", false)]
    public void What_was_said_by_ID_holds_wherever_that_turns_up_although_more_was_said_by_name_or_address(string key, bool isMore)
    {
        var book = new OverlayBook();
        var said = _drained.WithLabel("zone", "a");
        book.TrySet(OverlayKey.OfId("ID"), null, said, OverlayKey.Of("ID"));
        var more = said.WithTaint(new Taint("dedicated", "gpu")).WithLabel("trusted", "yes");
        book.TrySet(OverlayKey.OfId("ID"), said, isMore ? more : said with { Reason = "it smokes again" }, OverlayKey.Of(key), (_address, null), name: key == "host" ? key : null);

        var elsewhere = book.Find(_elsewhere, "ID", "other", _fake);

        elsewhere.IsEligible.Should().BeFalse();
        elsewhere.Labels.Should().BeEquivalentTo(said.Labels, "it was said by ID");
        elsewhere.Taints.Should().BeEmpty("that was said of the engine at the other address");
        book.Find(_address, "ID", "host").Should().Match<EngineOverlay>(given => !given.IsEligible && given.Labels.Count == (isMore ? 2 : 1));
    }

    [Test]
    public void What_was_said_by_ID_and_taken_back_by_name_holds_nowhere()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID"), null, _drained, OverlayKey.Of("ID"));

        book.TrySet(OverlayKey.OfId("ID"), _drained, EngineOverlay.Empty.WithLabel("zone", "a"), OverlayKey.Of("host"), (_address, null), name: "host");

        book.Find(_elsewhere, "ID", "other").Should().Be(EngineOverlay.Empty);
        book.Find(_address, "ID", "host").IsEligible.Should().BeTrue();
    }

    [Test]
    public void What_was_said_by_ID_goes_to_the_one_that_an_engine_turns_out_to_be_although_more_was_said_by_name()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID|a"), null, _drained, OverlayKey.Of("ID|a"));
        book.TrySet(OverlayKey.OfId("ID|a"), _drained, _drained.WithTaint(new Taint("dedicated", "gpu")), OverlayKey.Of("host"), (_address, null), name: "host");

        book.Follow("ID|a", "ID", _elsewhere, null, "other").Should().BeTrue();

        book.Find(EngineAddress.Parse("engine-7:2376"), "ID", "third").Should().Match<EngineOverlay>(given => !given.IsEligible && given.Taints.Count == 0);
    }

    [Test]
    public void What_daemons_that_come_and_go_have_found_is_bounded_with_what_proves_it()
    {
        var book = BookOf(_address.ToString(), _trusted);
        for (var number = 0; number < OverlayBook.MostRemembered + 5; number++)
        {
            book.Adopt(_address, $"ID-{number}", "host", _real);
            book.MarkGone($"ID-{number}");
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
