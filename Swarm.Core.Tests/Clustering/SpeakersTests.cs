using Swarm.Core.Engines;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

public sealed class SpeakersTests
{
    private readonly Speakers _speakers = new();
    private readonly IFollowedEngine _former = new FollowedEngine();
    private readonly IFollowedEngine _now = new FollowedEngine();

    [Test]
    public void Where_nobody_speaks_everybody_is_heard()
    {
        _speakers.IsHeard("ID", _now).Should().BeTrue();
        _speakers.IsHeard("ID", null).Should().BeTrue();
    }

    [Test]
    public void Only_the_last_that_was_named_is_heard()
    {
        _speakers.Set("ID", _former).Should().BeFalse("there was nobody before");
        _speakers.Set("ID", _former).Should().BeFalse("it is the same");
        _speakers.Set("ID", _now).Should().BeTrue();

        _speakers.IsHeard("ID", _now).Should().BeTrue();
        _speakers.IsHeard("ID", _former).Should().BeFalse();
        _speakers.IsHeard("ID", null).Should().BeFalse();
        _speakers.IsHeard("ID-2", _former).Should().BeTrue();
    }

    [Test]
    public void Only_who_speaks_for_an_ID_lets_go_of_it()
    {
        _speakers.Set("ID", _now);

        _speakers.TryEnd("ID", _former).Should().BeFalse();
        _speakers.TryEnd("ID", _now).Should().BeTrue();
        _speakers.TryEnd("ID", _now).Should().BeFalse("it has let go");
        _speakers.IsHeard("ID", _former).Should().BeTrue();
    }

    [Test]
    public void Nobody_is_heard_for_an_engine_that_is_another_one_now_until_its_speaker_is_done()
    {
        _speakers.Set("ID", _former);
        _speakers.Mute("ID", _former);

        _speakers.IsHeard("ID", _former).Should().BeFalse();
        _speakers.IsHeard("ID", null).Should().BeFalse();
        _speakers.TryEnd("ID", _former).Should().BeTrue();
        _speakers.IsHeard("ID", _now).Should().BeTrue();
    }

    [Test]
    public void A_muted_speaker_that_is_named_again_is_heard_as_a_new_one()
    {
        _speakers.Set("ID", _former);
        _speakers.Mute("ID", _former);

        _speakers.Set("ID", _former).Should().BeTrue();
        _speakers.IsHeard("ID", _former).Should().BeTrue();
    }
}
