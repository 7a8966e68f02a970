using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>When an engine is lost and when it is taken back, with the default options, in virtual time.</summary>
public sealed class EngineHealthTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(10);

    [Test]
    public void An_engine_that_answers_one_of_three_pings_is_never_lost([Range(0, 2)] int answered, [Values] PingFate otherwise) => World.Run(
        async world =>
        {
            var pings = 0;
            world.Tap.OnPing = token => pings++ % 3 == answered ? Task.CompletedTask : world.MeetAsync(otherwise, token);

            await world.PassAsync(10 * _minute);

            world.Losses.Should().Be(0);
            pings.Should().BeGreaterThan(200);
        });

    [Test]
    public void An_engine_that_answers_two_of_three_pings_is_never_lost([Values] PingFate otherwise) => World.Run(
        async world =>
        {
            var pings = 0;
            world.Tap.OnPing = token => pings++ % 3 != 0 ? Task.CompletedTask : world.MeetAsync(otherwise, token);

            await world.PassAsync(10 * _minute);

            world.Losses.Should().Be(0);
        });

    /// <summary>Whatever it was about to be asked.</summary>
    [Test]
    public void A_black_hole_is_known_within_eight_seconds([Range(0, 44)] int tenths) => World.Run(
        async world =>
        {
            await world.PassAsync(tenths * _second / 10);

            world.Host.Hang();

            (await world.PassUntilAsync(EngineStatus.Unhealthy)).Should().BeLessThanOrEqualTo(8 * _second);
        },
        latency: TimeSpan.FromMilliseconds(20));

    [Test]
    public void A_black_hole_is_known_within_eight_seconds_also_while_the_engine_is_read([Range(0, 4)] int thirds) => World.Run(
        async world =>
        {
            var reading = false;
            world.Tap.OnList = async (listed, token) =>
            {
                reading = true;
                await Task.Delay(10 * _second, world.Time, token);
                return listed;
            };
            await world.PassUntilAsync(() => reading);
            await world.PassAsync(thirds * _second / 3);

            world.Host.Hang();

            (await world.PassUntilAsync(EngineStatus.Unhealthy)).Should().BeLessThanOrEqualTo(8 * _second);
        },
        latency: TimeSpan.FromMilliseconds(20));

    [Test]
    public void A_black_hole_is_known_within_eight_seconds_also_right_after_a_return([Range(0, 4)] int fifths) => World.Run(
        async world =>
        {
            world.Host.PowerOff();
            await world.PassAsync(5 * _second);
            world.Host.PowerOn();
            await world.PassUntilAsync(EngineStatus.Healthy);
            await world.PassAsync(fifths * _second / 5);

            world.Host.Hang();

            (await world.PassUntilAsync(EngineStatus.Unhealthy)).Should().BeLessThanOrEqualTo(8 * _second);
        },
        latency: TimeSpan.FromMilliseconds(20));

    /// <summary>The stream is silent, and so tells nothing.</summary>
    [Test]
    public void Refusals_and_resets_are_known_within_four_seconds([Range(0, 20, 2)] int tenths, [Values(PingFate.Refused, PingFate.Reset)] PingFate fate) => World.Run(
        async world =>
        {
            await world.PassAsync(tenths * _second / 10);

            world.Tap.OnPing = token => world.MeetAsync(fate, token);

            (await world.PassUntilAsync(EngineStatus.Unhealthy)).Should().BeLessThanOrEqualTo(4 * _second);
        },
        latency: TimeSpan.FromMilliseconds(20));

    [Test]
    public void Of_an_engine_with_two_hundred_containers_one_answer_in_a_hundred_may_break([Values] bool isCarriedOut) => World.Run(
        async world =>
        {
            world.Host.SetFaultRates(isCarriedOut ? new EngineFaultRates { LostAnswers = 0.01 } : new EngineFaultRates { LostRequests = 0.01 }, new Random(7));

            await world.PassAsync(TimeSpan.FromHours(1), _second);

            world.Losses.Should().Be(0);
            world.State.Containers.Should().HaveCount(200);
            world.Host.FaultCount(isCarriedOut ? EngineFault.LostAnswer : EngineFault.LostRequest).Should().BeGreaterThan(100);
        },
        containers: 200,
        inspectionInterval: _second);

    [Test]
    public void An_engine_that_answers_slowly_takes_part_and_is_asked_no_more_than_a_quick_one()
    {
        var quick = CallsInAnHour(TimeSpan.FromMilliseconds(20));

        CallsInAnHour(TimeSpan.FromSeconds(2.1)).Should().BeLessThanOrEqualTo(quick);

        static long CallsInAnHour(TimeSpan latency)
        {
            var calls = 0L;
            World.Run(
                async world =>
                {
                    await world.PassAsync(TimeSpan.FromHours(1), _second);

                    world.Losses.Should().Be(0);
                    world.State.Should().Match<EngineState>(state => state.Status == EngineStatus.Healthy && state.Containers.Length == 70 && state.IsEligible);
                    calls = Enum.GetValues<EngineOperation>().Sum(operation => (long)world.Host.CallCount(operation));
                },
                latency: latency,
                containers: 70);
            return calls;
        }
    }

    /// <summary>Once, and again within the ten seconds in which it would not be taken back otherwise.</summary>
    [Test]
    public void An_engine_that_was_killed_is_taken_back_within_three_seconds_of_its_new_start([Values(0.05, 0.4, 1, 3.9, 4.1, 10, 17, 61.3)] double down, [Range(1, 3)] int seed) => World.Run(
        async world =>
        {
            for (var i = 0; i < 3; i++)
            {
                world.Host.PowerOff();
                await world.PassAsync(TimeSpan.FromSeconds(down));
                world.Host.PowerOn();

                (await world.PassUntilAsync(EngineStatus.Healthy)).Should().BeLessThanOrEqualTo(3 * _second);
                await world.PassAsync(_second);
            }
        },
        latency: TimeSpan.FromMilliseconds(20),
        containers: 3,
        seed: seed);

    [Test]
    public void One_that_lost_everything_has_to_say_so_twice_and_is_taken_back_within_five_seconds([Values(0.4, 10, 61.3)] double down, [Range(1, 3)] int seed) => World.Run(
        async world =>
        {
            world.Host.PowerOff();
            await world.PassAsync(TimeSpan.FromSeconds(down));
            world.Host.Wipe();
            world.Host.PowerOn();

            (await world.PassUntilAsync(EngineStatus.Healthy)).Should().BeLessThanOrEqualTo(5 * _second);
            world.State.Containers.Should().BeEmpty();
        },
        latency: TimeSpan.FromMilliseconds(20),
        containers: 3,
        seed: seed);

    [Test]
    public void A_daemon_that_thaws_is_taken_back_within_three_seconds([Values(9, 30, 61.3)] double frozen) => World.Run(
        async world =>
        {
            world.Host.Hang();
            await world.PassAsync(TimeSpan.FromSeconds(frozen));
            world.Host.Resume();

            (await world.PassUntilAsync(EngineStatus.Healthy)).Should().BeLessThanOrEqualTo(3 * _second);
        },
        latency: TimeSpan.FromMilliseconds(20),
        containers: 3);

    [Test]
    public void An_engine_whose_stream_breaks_again_and_again_is_taken_back_and_read_once_in_ten_seconds() => World.Run(
        async world =>
        {
            var (lists, returns, since) = (world.Host.CallCount(EngineOperation.ListContainers), world.Returns, world.Elapsed);
            while (world.Elapsed < since + (10 * _minute))
            {
                world.Host.BreakEventStreams();
                await world.PassAsync(3 * _second);
            }

            (world.Returns - returns).Should().BeInRange(20, 61);
            (world.Host.CallCount(EngineOperation.ListContainers) - lists).Should().BeLessThanOrEqualTo(61);
            world.ShortestReturn.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(9.9));
            await world.PassAsync(20 * _second);
            world.State.Status.Should().Be(EngineStatus.Healthy);
        },
        containers: 20);

    [Test]
    public void One_break_of_the_stream_is_mended_at_once() => World.Run(
        async world =>
        {
            world.Host.BreakEventStreams();
            await world.PassUntilAsync(EngineStatus.Unhealthy);

            (await world.PassUntilAsync(EngineStatus.Healthy)).Should().BeLessThanOrEqualTo(_second);
        });

    /// <summary>What becomes of a ping.</summary>
    public enum PingFate
    {
        /// <summary>Nothing.</summary>
        Silence,

        /// <summary>Nobody listens.</summary>
        Refused,

        /// <summary>The connection breaks.</summary>
        Reset,
    }

    private sealed class World
    {
        private readonly Simulation _simulation;
        private readonly TappedConnector _connector;
        private readonly SwarmCluster _cluster;
        private EngineStatus _status;
        private TimeSpan? _returnedAt;

        private World(Simulation simulation, InMemoryEngine host, TimeSpan inspectionInterval)
        {
            _simulation = simulation;
            Host = host;
            _connector = new TappedConnector(simulation.Engines);
            _cluster = SwarmCluster.Create(
                new SwarmOptions { Seed = simulation.Seed, InspectionInterval = inspectionInterval },
                new SwarmPlugins { Discovery = new InMemoryDiscovery(simulation.Engines.Addresses), Connector = _connector, TimeProvider = simulation.Time });
        }

        public InMemoryEngine Host { get; }

        public TappedEngine Tap => _connector.Engines[^1];

        public TimeProvider Time => _simulation.Time;

        public TimeSpan Elapsed => _simulation.Elapsed;

        public EngineState State => _cluster.Engines.List()[0];

        public int Losses { get; private set; }

        public int Returns { get; private set; }

        /// <summary>Gets the shortest time between two returns.</summary>
        public TimeSpan ShortestReturn { get; private set; } = TimeSpan.MaxValue;

        public static void Run(Func<World, Task> body, TimeSpan latency = default, int containers = 0, long seed = 1, TimeSpan? inspectionInterval = null) => Simulation.Run(seed, async simulation =>
        {
            var host = simulation.AddEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Latency = latency });
            for (var i = 0; i < containers; i++)
            {
                await host.Local.Containers.CreateAsync(TestCluster.Spec(), CancellationToken.None);
            }

            var world = new World(simulation, host, inspectionInterval ?? 10 * _minute);
            await using var cluster = world._cluster;
            await cluster.StartAsync();
            await world.PassUntilAsync(() => world.State.Status == EngineStatus.Healthy);
            world._status = EngineStatus.Healthy;
            var isOver = false;
            simulation.AfterEachStep(() =>
            {
                if (!isOver)
                {
                    world.Note();
                }
            });
            try
            {
                await body(world);
            }
            finally
            {
                isOver = true;
            }
        });

        public Task MeetAsync(PingFate fate, CancellationToken token) => fate switch
        {
            PingFate.Silence => Task.Delay(Timeout.InfiniteTimeSpan, Time, token),
            PingFate.Refused => throw new EngineUnreachableException(Host.Address, "ping", "connection refused", notSent: true),
            _ => throw new EngineUnreachableException(Host.Address, "ping", "the connection was reset"),
        };

        public async Task PassAsync(TimeSpan time, TimeSpan? step = null)
        {
            // Timers know whole milliseconds.
            for (var end = Elapsed + time; Elapsed < end;)
            {
                var next = end - Elapsed < (step ?? time) ? end - Elapsed : step ?? time;
                await _simulation.DelayAsync(TimeSpan.FromMilliseconds(Math.Ceiling(next.TotalMilliseconds)));
            }
        }

        /// <summary>Lets time pass until the engine stands so.</summary>
        /// <returns>How long that took.</returns>
        public Task<TimeSpan> PassUntilAsync(EngineStatus status) => PassUntilAsync(() => State.Status == status);

        public async Task<TimeSpan> PassUntilAsync(Func<bool> condition)
        {
            var since = Elapsed;
            while (!condition())
            {
                (Elapsed - since).Should().BeLessThan(2 * _minute, "it is to happen some day");
                await _simulation.DelayAsync(_step);
            }

            return Elapsed - since;
        }

        private void Note()
        {
            if (State.Status == _status)
            {
                return;
            }

            _status = State.Status;
            if (_status == EngineStatus.Healthy)
            {
                Returns++;
                ShortestReturn = _returnedAt is { } before && Elapsed - before < ShortestReturn ? Elapsed - before : ShortestReturn;
                _returnedAt = Elapsed;
            }
            else
            {
                Losses++;
            }
        }
    }
}
