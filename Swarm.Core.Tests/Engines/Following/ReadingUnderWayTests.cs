using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class ReadingUnderWayTests
{
    [Test]
    public async Task A_reading_can_be_cut_short_and_the_next_one_is_not()
    {
        using var reading = Make();
        var first = reading.Begin(CancellationToken.None);
        first.IsCancellationRequested.Should().BeFalse();

        await reading.CutShort();
        first.IsCancellationRequested.Should().BeTrue();
        await reading.End();

        reading.Begin(CancellationToken.None).IsCancellationRequested.Should().BeFalse();
    }

    [Test]
    public async Task With_the_engine_a_reading_is_let_go_too()
    {
        using var reading = Make();
        using var stop = new CancellationTokenSource();
        var token = reading.Begin(stop.Token);

        await stop.CancelAsync();

        token.IsCancellationRequested.Should().BeTrue();
    }

    [Test]
    public async Task Where_nothing_is_read_there_is_nothing_to_cut_or_to_end()
    {
        using var reading = Make();

        await reading.CutShort();
        await reading.End();
    }

    [Test]
    public async Task What_throws_when_a_reading_is_cut_short_breaks_nothing()
    {
        using var reading = Make();
        await using var registration = reading.Begin(CancellationToken.None).Register(() => throw new InvalidOperationException("no"));

        await reading.CutShort();
        await reading.End();
    }

    private static ReadingUnderWay Make() => new(EngineAddress.Parse("10.0.0.1:2375"), NullLogger.Instance);
}
