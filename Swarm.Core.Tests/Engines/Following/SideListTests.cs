using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SideListTests
{
    private static readonly EngineSignal.VolumesRead _read = new([]);
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);

    private readonly List<EngineMessage> _posted = [];

    [Test]
    public void However_often_it_is_asked_for_while_it_is_read_it_is_read_once_more()
    {
        var list = Make();

        list.TryBegin().Should().BeTrue();
        list.TryBegin().Should().BeFalse();
        list.TryBegin().Should().BeFalse();
        list.End().Should().BeTrue("somebody asked meanwhile");
        list.TryBegin().Should().BeTrue();
        list.End().Should().BeFalse();
    }

    [TestCase(2, true)]
    [TestCase(1, false)]
    [TestCase(0, false)]
    public void A_list_shows_unless_one_that_was_asked_for_no_earlier_does(long startedAt, bool shows)
    {
        var list = Make();
        list.TryShow(1, TimeSpan.Zero).Should().BeTrue("it is the first");

        list.TryShow(startedAt, TimeSpan.Zero).Should().Be(shows);
    }

    [Test]
    public void After_it_began_anew_it_can_be_read_again_and_yet_an_older_list_does_not_show()
    {
        var list = Make();
        list.TryBegin();
        list.TryBegin();
        list.TryShow(5, TimeSpan.Zero);

        list.Reset();

        list.TryBegin().Should().BeTrue();
        list.End().Should().BeFalse();
        list.TryShow(4, TimeSpan.Zero).Should().BeFalse();
    }

    [Test]
    public void A_list_is_due_until_there_is_one_and_again_after_its_interval()
    {
        var list = Make();
        list.IsDue(TimeSpan.Zero).Should().BeTrue();

        list.TryShow(1, TimeSpan.FromMinutes(1));

        list.IsDue(TimeSpan.FromMinutes(11) - TimeSpan.FromTicks(1)).Should().BeFalse();
        list.IsDue(TimeSpan.FromMinutes(11)).Should().BeTrue();
    }

    [Test]
    public void A_list_that_was_doubted_is_due_until_there_is_one_that_was_asked_for_afterwards()
    {
        var list = Make();
        list.TryShow(1, TimeSpan.Zero);

        list.Doubt(5);

        list.IsDue(TimeSpan.Zero).Should().BeTrue();
        list.TryShow(4, TimeSpan.Zero).Should().BeTrue("it is newer than what shows");
        list.IsDue(TimeSpan.Zero).Should().BeTrue("it was asked for before");
        list.TryShow(6, TimeSpan.Zero);
        list.IsDue(TimeSpan.Zero).Should().BeFalse();
    }

    [Test]
    public async Task What_was_read_is_sent_with_the_position_at_which_it_was_asked_for()
    {
        await Make().ReadAsync(new ScriptedEngine(), 7, CancellationToken.None);

        _posted.Should().Equal(new EngineMessage.Listed(EngineEventType.Volume, 7, _read));
    }

    [Test]
    public async Task A_list_that_fails_is_sent_as_none()
    {
        await Make((_, _) => throw new InvalidOperationException("no")).ReadAsync(new ScriptedEngine(), 7, CancellationToken.None);

        _posted.Should().Equal(new EngineMessage.Listed(EngineEventType.Volume, 7, null));
    }

    [Test]
    public async Task A_list_that_is_given_up_is_not_sent()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Make((_, token) => Task.FromCanceled<EngineSignal>(token)).ReadAsync(new ScriptedEngine(), 7, stop.Token);

        _posted.Should().BeEmpty();
    }

    private SideList Make(Func<IEngine, CancellationToken, Task<EngineSignal>>? read = null) => new(
        EngineEventType.Volume,
        read ?? ((_, _) => Task.FromResult<EngineSignal>(_read)),
        _ => null,
        _interval,
        EngineAddress.Parse("10.0.0.1:2375"),
        NullLogger.Instance,
        _posted.Add);
}
