using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class OverlayBookTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("engine-0:2375");
    private static readonly EngineAddress _elsewhere = EngineAddress.Parse("engine-9:2375");
    private static readonly EngineCertificate _certificate = new(new string('a', 64), "CN=engine-0");
    private static readonly EngineOverlay _cordoned = EngineOverlay.Empty with { IsEligible = false };

    [Test]
    public void What_an_engine_found_under_its_address_it_keeps_when_it_moves_with_its_certificate()
    {
        var book = BookOf(_address.ToString());
        book.Adopt(_address, "ID", "host", _certificate);

        book.Adopt(_elsewhere, "ID", "host", _certificate).Should().Be(_cordoned);
    }

    [Test]
    public void With_its_certificate_it_keeps_it_also_when_it_comes_back_after_it_was_let_go()
    {
        var book = BookOf(_address.ToString());
        book.Adopt(_address, "ID", "host", _certificate);
        book.MarkGone("ID");

        book.Adopt(_elsewhere, "ID", "host", _certificate).Should().Be(_cordoned);
    }

    [Test]
    public void Daemons_that_come_and_go_leave_no_more_than_is_remembered()
    {
        var book = BookOf(_address.ToString());

        for (var number = 0; number < OverlayBook.MostRemembered + 500; number++)
        {
            book.Adopt(_address, $"ID-{number}", "host", _certificate);
            book.MarkGone($"ID-{number}");
        }

        book.All.Should().HaveCount(OverlayBook.MostRemembered + 1);
        book.Find(_elsewhere, "ID-0", "host", _certificate).Should().Be(EngineOverlay.Empty, "the first to go is the first to be forgotten");
        book.Find(_elsewhere, $"ID-{OverlayBook.MostRemembered}", "host", _certificate).Should().Be(_cordoned);
    }

    [Test]
    public void Engines_that_are_there_are_not_forgotten_whatever_comes_and_goes()
    {
        var book = BookOf(_address.ToString());
        book.Adopt(_address, "stays", "host", _certificate);
        book.Adopt(_address, "comes back", "host", _certificate);
        book.MarkGone("comes back");
        book.Adopt(_elsewhere, "comes back", "host", _certificate);

        for (var number = 0; number < 2 * OverlayBook.MostRemembered; number++)
        {
            book.Adopt(_address, $"ID-{number}", "host", _certificate);
            book.MarkGone($"ID-{number}");
        }

        book.Find(_elsewhere, "stays", "host", _certificate).Should().Be(_cordoned);
        book.Find(_elsewhere, "comes back", "host", _certificate).Should().Be(_cordoned);
    }

    [Test]
    public void What_the_host_program_said_of_an_ID_stays_when_its_engine_goes()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID"), null, _cordoned, OverlayKey.Of("ID"));
        book.Adopt(_address, "ID", "host");
        book.MarkGone("ID");

        Pass(book);

        book.Find(_elsewhere, "ID", "host").Should().Be(_cordoned);
    }

    [Test]
    public void What_an_engine_had_found_and_the_host_program_then_changed_is_said_by_the_host_program()
    {
        var book = BookOf(_address.ToString());
        book.Adopt(_address, "ID", "host");
        var changed = _cordoned with { Reason = "it smokes" };
        book.TrySet(OverlayKey.OfId("ID"), _cordoned, changed, OverlayKey.Of("ID"));
        book.MarkGone("ID");

        Pass(book);

        book.Find(_elsewhere, "ID", "host").Should().Be(changed);
    }

    [Test]
    public void Nothing_said_of_an_engine_that_is_there_still_hides_what_is_said_of_its_address()
    {
        var book = BookOf(_address.ToString());
        book.Adopt(_address, "ID", "host");
        book.TrySet(OverlayKey.OfId("ID"), _cordoned, EngineOverlay.Empty, OverlayKey.Of("ID"));
        book.Adopt(_address, "ID", "host").Should().Be(EngineOverlay.Empty);

        Pass(book);

        book.Adopt(_address, "ID", "host").Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void What_is_taken_back_leaves_no_more_than_is_remembered()
    {
        var book = new OverlayBook();

        for (var number = 0; number < OverlayBook.MostRemembered + 500; number++)
        {
            book.TrySet(OverlayKey.OfId($"ID-{number}"), null, _cordoned, OverlayKey.Of($"ID-{number}"));
            book.TrySet(OverlayKey.OfId($"ID-{number}"), _cordoned, EngineOverlay.Empty, OverlayKey.Of($"ID-{number}"));
        }

        book.Find(OverlayKey.OfId("ID-0")).Should().BeNull();
        book.Find(OverlayKey.OfId($"ID-{OverlayBook.MostRemembered}")).Should().Be(EngineOverlay.Empty);
    }

    [Test]
    public void What_is_said_of_an_engine_that_turns_out_to_be_another_is_said_of_that()
    {
        var book = new OverlayBook();
        book.TrySet(OverlayKey.OfId("ID|a"), null, _cordoned, OverlayKey.Of("ID|a"));

        book.Follow("ID|a", "ID").Should().BeTrue();

        book.Find(_address, "ID", "host").Should().Be(_cordoned);
    }

    [Test]
    public void What_an_engine_that_turns_out_to_be_another_found_under_its_address_is_the_others_own_too()
    {
        var book = BookOf(_address.ToString());
        book.Adopt(_address, "ID|a", "host", _certificate);
        book.Adopt(_elsewhere, "ID", "host", _certificate).Should().Be(EngineOverlay.Empty);

        book.Follow("ID|a", "ID", _elsewhere, _certificate).Should().BeTrue();

        book.Find(_elsewhere, "ID", "host", _certificate).Should().Be(_cordoned);
    }

    [Test]
    public void What_is_said_of_both_is_joined_and_neither_gets_work_that_one_was_not_to_get()
    {
        var book = new OverlayBook();
        var (taint, other) = (new Taint("gpu", "yes"), new Taint("old", "yes"));
        book.TrySet(OverlayKey.OfId("ID|a"), null, (_cordoned with { Reason = "it smokes" }).WithTaint(taint).WithLabel("zone", "a").WithLabel("rack", "1"), OverlayKey.Of("ID|a"));
        book.TrySet(OverlayKey.OfId("ID"), null, EngineOverlay.Empty.WithTaint(other).WithLabel("zone", "b"), OverlayKey.Of("ID"));

        book.Follow("ID|a", "ID").Should().BeTrue();

        book.Find(_elsewhere, "ID", "host").Should().Be((_cordoned with { Reason = "it smokes" }).WithTaint(other).WithTaint(taint).WithLabel("zone", "b").WithLabel("rack", "1"));
        book.Follow("ID|a", "ID").Should().BeFalse("it has followed");
    }

    [Test]
    public void Of_an_engine_of_which_nothing_is_said_nothing_follows()
    {
        var book = new OverlayBook();

        book.Follow("ID|a", "ID").Should().BeFalse();

        book.Find(OverlayKey.OfId("ID")).Should().BeNull();
    }

    private static OverlayBook BookOf(string key)
    {
        var book = new OverlayBook();
        book.Seed([KeyValuePair.Create(key, _cordoned)]);
        return book;
    }

    // More comes and goes than is remembered.
    private static void Pass(OverlayBook book)
    {
        var address = EngineAddress.Parse("many:2375");
        book.TrySet(OverlayKey.OfAddress(address), null, _cordoned, OverlayKey.OfAddress(address));
        for (var number = 0; number <= OverlayBook.MostRemembered; number++)
        {
            book.Adopt(address, $"passing-{number}", "");
            book.MarkGone($"passing-{number}");
        }
    }
}
