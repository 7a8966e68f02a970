using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;

namespace Swarm.Core.Engines;

[CancelAfter(60_000)]
public sealed class ConnectionRaceTests
{
    private static readonly IPAddress[] _addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")];

    [Test]
    public async Task A_second_address_is_tried_when_the_first_has_not_answered_for_a_quarter_of_a_second(CancellationToken cancellationToken)
    {
        var world = new World();
        var race = world.Start(cancellationToken);

        world.Time.Advance(EngineDialer.Stagger - TimeSpan.FromMilliseconds(1));
        world.Begun.Should().ContainSingle();
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.IsTrueAsync(() => world.Begun.Count == 2, "the second attempt begins");
        world.Answer(1);

        (await race)!.Value.Address.Should().Be(_addresses[1]);
        world.Begun.Should().HaveCount(2);
        world.Cancelled.Should().Equal(_addresses[0]);
    }

    [Test]
    public async Task A_second_address_is_tried_at_once_when_the_first_refuses(CancellationToken cancellationToken)
    {
        var world = new World();
        var race = world.Start(cancellationToken);

        world.Refuse(0, "refused");
        await Eventually.IsTrueAsync(() => world.Begun.Count == 2, "the second attempt begins");
        world.Answer(1);

        (await race)!.Value.Address.Should().Be(_addresses[1]);
    }

    [Test]
    public async Task The_first_address_may_still_win_when_others_are_being_tried(CancellationToken cancellationToken)
    {
        var world = new World();
        var race = world.Start(cancellationToken);
        await world.BeginAllAsync();

        world.Answer(0);

        (await race)!.Value.Address.Should().Be(_addresses[0]);
        world.Cancelled.Should().BeEquivalentTo(_addresses[1..]);
    }

    [Test]
    public async Task A_connection_that_comes_too_late_is_closed(CancellationToken cancellationToken)
    {
        var world = new World { IsDeaf = true };
        var race = world.Start(cancellationToken);
        await world.BeginAllAsync();

        world.Answer(1);
        await Eventually.IsTrueAsync(() => world.Cancelled.Count == 2, "the others are told to stop");
        race.IsCompleted.Should().BeFalse("an attempt that goes on would be forgotten");
        world.Answer(0);
        world.Refuse(2, "refused");

        var (winner, _) = (await race)!.Value;
        winner.IsDisposed.Should().BeFalse();
        world.Connections.Where(each => each != winner).Should().ContainSingle().Which.IsDisposed.Should().BeTrue();
    }

    [Test]
    public async Task That_all_have_failed_is_known_with_each_reason(CancellationToken cancellationToken)
    {
        var world = new World();
        var race = world.Start(cancellationToken);
        await world.BeginAllAsync();

        world.Refuse(2, "third");
        world.Refuse(0, "first");
        race.IsCompleted.Should().BeFalse();
        world.Refuse(1, "second");

        (await race).Should().BeNull();
        world.Race.Attempts.Select(each => (each.Address, each.Error!.Message)).Should().Equal((_addresses[0], "first"), (_addresses[1], "second"), (_addresses[2], "third"));
    }

    [Test]
    public async Task Who_gives_up_is_let_go_at_once_and_everything_is_closed(CancellationToken cancellationToken)
    {
        var world = new World();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var race = world.Start(given.Token);
        world.Refuse(0, "refused");
        await Eventually.IsTrueAsync(() => world.Begun.Count == 2, "the second attempt begins");

        await given.CancelAsync();

        await race.Awaiting(each => each).Should().ThrowAsync<OperationCanceledException>();
        world.Cancelled.Should().Equal(_addresses[1]);
        world.Begun.Should().HaveCount(2);
        world.Race.Attempts.Select(each => each.Error?.Message).Should().Equal("refused", null);
    }

    [Test]
    public async Task Without_addresses_there_is_no_connection(CancellationToken cancellationToken) =>
        (await new ConnectionRace<World.Connection>((_, _) => throw new InvalidOperationException(), EngineDialer.Stagger, TimeProvider.System).RunAsync([], cancellationToken)).Should().BeNull();

    /// <summary>Attempts that end when a test says so.</summary>
    private sealed class World
    {
        private readonly Lock _lock = new();
        private readonly List<IPAddress> _begun = [];
        private readonly List<IPAddress> _cancelled = [];
        private readonly List<Connection> _connections = [];
        private readonly TaskCompletionSource<Connection>[] _answers = [.. _addresses.Select(_ => new TaskCompletionSource<Connection>(TaskCreationOptions.RunContinuationsAsynchronously))];

        public World() => Race = new ConnectionRace<Connection>(ConnectAsync, EngineDialer.Stagger, Time);

        public FakeTimeProvider Time { get; } = new();

        public ConnectionRace<Connection> Race { get; }

        /// <summary>Whether attempts go on when they are told to stop.</summary>
        public bool IsDeaf { get; init; }

        public IReadOnlyList<IPAddress> Begun => Copy(_begun);

        public IReadOnlyList<IPAddress> Cancelled => Copy(_cancelled);

        public IReadOnlyList<Connection> Connections => Copy(_connections);

        public Task<(Connection Connection, IPAddress Address)?> Start(CancellationToken cancellationToken) => Race.RunAsync(_addresses, cancellationToken);

        public async Task BeginAllAsync()
        {
            for (var count = 1; count <= _addresses.Length; count++)
            {
                await Eventually.IsTrueAsync(() => Begun.Count >= count, "the next attempt begins", () => Time.Advance(EngineDialer.Stagger));
            }
        }

        public void Answer(int address)
        {
            var connection = new Connection();
            lock (_lock)
            {
                _connections.Add(connection);
            }

            _answers[address].SetResult(connection);
        }

        public void Refuse(int address, string why) => _answers[address].SetException(new IOException(why));

        private async Task<Connection> ConnectAsync(IPAddress address, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _begun.Add(address);
            }

            var answer = _answers[Array.IndexOf(_addresses, address)];
            await using var registration = cancellationToken.Register(() =>
            {
                lock (_lock)
                {
                    _cancelled.Add(address);
                }

                if (!IsDeaf)
                {
                    answer.TrySetCanceled(cancellationToken);
                }
            });
            return await answer.Task;
        }

        private List<T> Copy<T>(List<T> list)
        {
            lock (_lock)
            {
                return [.. list];
            }
        }

        public sealed class Connection : IDisposable
        {
            private int _disposed;

            public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

            public void Dispose() => Interlocked.Increment(ref _disposed);
        }
    }
}
