using Swarm.Core.Model;

namespace Swarm.Core.Testing;

public sealed class SimulationTests
{
    [Test]
    public void Time_passes_without_waiting()
    {
        var result = Simulation.Run(1, simulation => simulation.DelayAsync(TimeSpan.FromDays(30)));

        result.Elapsed.Should().Be(TimeSpan.FromDays(30));
    }

    [Test]
    public void The_same_seed_gives_the_same_result() => Race(5).Should().Be(Race(5));

    [Test]
    public void Seeds_try_different_orders() =>
        Enumerable.Range(0, 20).Select(seed => Race(seed).Winner).Distinct().Should().BeEquivalentTo([0, 1, 2]);

    [Test]
    public void What_waits_is_queued_and_not_run_within_the_call_that_completes_it()
    {
        Simulation.Run(1, async simulation =>
        {
            var signal = new TaskCompletionSource();
            var goesOn = false;
            var waiter = WaitAsync();
            await Task.Yield();

            signal.SetResult();

            goesOn.Should().BeFalse();
            await waiter;

            async Task WaitAsync()
            {
                await signal.Task;
                goesOn = true;
            }
        });
    }

    [Test]
    public void A_body_that_waits_for_ever_is_told_what_for()
    {
        var run = () => Simulation.Run(3, _ => WaitForNothingAsync());

        run.Should().Throw<SimulationException>().WithMessage("Seed 3,*Nothing is left to do*SimulationTests.WaitForNothingAsync*").Which.Seed.Should().Be(3);
    }

    [Test]
    public void What_escapes_from_the_simulation_is_named()
    {
        var run = () => Simulation.Run(1, async simulation =>
        {
            await EscapeAsync();
            await simulation.DelayAsync(TimeSpan.FromSeconds(1));
        });

        run.Should().Throw<SimulationException>().WithMessage("*SimulationTests.EscapeAsync comes back from another thread*");
    }

    [Test]
    public void Virtual_time_has_a_limit()
    {
        var run = () => Simulation.Run(1, WaitInLittleStepsAsync, TimeSpan.FromHours(1));

        run.Should().Throw<SimulationException>().WithMessage("*Virtual time is up*WaitInLittleStepsAsync*").Which.Elapsed.Should().BeGreaterThan(TimeSpan.FromHours(1));
    }

    [Test]
    public void A_failure_carries_the_seed_the_time_and_what_was_noted()
    {
        var run = () => Simulation.Run(11, async simulation =>
        {
            await simulation.DelayAsync(TimeSpan.FromMinutes(2));
            simulation.Note("about to fail");
            throw new FormatException("so it goes");
        });

        var failure = run.Should().Throw<SimulationException>().WithMessage("Seed 11, step *, 00:02:00 of virtual time: so it goes*about to fail*").Which;
        failure.InnerException.Should().BeOfType<FormatException>();
    }

    [Test]
    public void A_check_runs_after_each_step()
    {
        var run = () => Simulation.Run(1, async simulation =>
        {
            simulation.AfterEachStep(() => simulation.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5)));
            await simulation.DelayAsync(TimeSpan.FromSeconds(4));
            await simulation.DelayAsync(TimeSpan.FromSeconds(4));
        });

        run.Should().Throw<SimulationException>().Which.Elapsed.Should().Be(TimeSpan.FromSeconds(8));
    }

    [Test]
    public void What_runs_beside_the_body_fails_the_simulation()
    {
        var run = () => Simulation.Run(1, async simulation =>
        {
            _ = simulation.StartAsync(async () =>
            {
                await simulation.DelayAsync(TimeSpan.FromSeconds(1));
                throw new FormatException("beside");
            });
            await simulation.DelayAsync(TimeSpan.FromDays(1));
        });

        run.Should().Throw<SimulationException>().Which.Elapsed.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Test]
    public void A_periodic_timer_ticks_until_it_is_disposed_of()
    {
        var ticks = 0;

        Simulation.Run(1, async simulation =>
        {
            using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), simulation.Time))
            {
                while (ticks < 3 && await timer.WaitForNextTickAsync())
                {
                    ticks++;
                }
            }

            await simulation.DelayAsync(TimeSpan.FromHours(1));
        }).Elapsed.Should().Be(TimeSpan.FromSeconds(30) + TimeSpan.FromHours(1));

        ticks.Should().Be(3);
    }

    [Test]
    public void A_cluster_runs_inside_with_engines_that_fail()
    {
        Simulation.Run(2, async simulation =>
        {
            var engine = simulation.AddEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Latency = TimeSpan.FromMilliseconds(5) });
            await using var cluster = simulation.CreateCluster(new InMemoryDiscovery(simulation.Engines.Addresses));
            await cluster.StartAsync();
            var container = await cluster.Containers.RunAsync(new ContainerSpec { Image = "busybox", Command = ["sleep", "1000"] });

            engine.PowerOff();
            await cluster.Engines.WaitUntilAsync(engines => engines[0].Status == EngineStatus.Unhealthy);
            engine.PowerOn();
            await cluster.Engines.WaitUntilAsync(engines => engines[0].Status == EngineStatus.Healthy);

            cluster.Containers.Get(container.Id).State.Should().Be(ContainerState.Exited);
        }).Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Test]
    public void Nothing_of_a_killed_process_runs_on()
    {
        var steps = new List<string>();

        Simulation.Run(1, async simulation =>
        {
            var process = simulation.StartProcess();
            var call = process.RunAsync(async () =>
            {
                try
                {
                    steps.Add("begins");
                    await Task.Delay(TimeSpan.FromSeconds(10), process.Time);
                    steps.Add("goes on");
                }
                finally
                {
                    steps.Add("ends");
                }

                return true;
            });
            await simulation.DelayAsync(TimeSpan.FromSeconds(5));

            process.Kill();

            await FluentActions.Awaiting(() => call).Should().ThrowAsync<SimulationProcessKilledException>();
            await simulation.DelayAsync(TimeSpan.FromMinutes(1));
        });

        steps.Should().Equal("begins");
    }

    [Test]
    public void What_a_killed_process_waits_for_outside_does_not_wake_it()
    {
        var isWoken = false;

        Simulation.Run(1, async simulation =>
        {
            var signal = new TaskCompletionSource();
            var process = simulation.StartProcess();
            _ = IgnoreAsync(process.RunAsync(async () =>
            {
                await signal.Task;
                return isWoken = true;
            }));
            await simulation.DelayAsync(TimeSpan.FromSeconds(1));
            process.Kill();

            signal.SetResult();

            await simulation.DelayAsync(TimeSpan.FromSeconds(1));
        });

        isWoken.Should().BeFalse();

        static async Task IgnoreAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Test]
    public void A_process_gives_its_result_to_who_is_outside()
    {
        var result = 0;

        Simulation.Run(1, async simulation =>
        {
            var process = simulation.StartProcess();
            result = await process.RunAsync(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), process.Time);
                return 7;
            });
        });

        result.Should().Be(7);
    }

    [Test]
    public void Others_run_in_the_middle_of_code_that_lets_them()
    {
        var seen = Enumerable.Range(0, 20).Select(seed =>
        {
            var (count, before, after) = (0, 0, 0);
            Simulation.Run(seed, async simulation =>
            {
                var others = Enumerable.Range(0, 3).Select(async _ =>
                {
                    await Task.Yield();
                    count++;
                }).ToList();
                await Task.Yield();
                before = count;
                simulation.Interleave(3);
                after = count;
                await Task.WhenAll(others);
            });
            return after - before;
        });

        seen.Should().Contain(0).And.Contain(2, "how many it is follows from the seed");
    }

    [Test]
    public void Time_passes_and_others_go_on_while_a_thread_is_held_up()
    {
        var seen = new List<(int Second, bool IsHeldUp)>();
        var result = Simulation.Run(1, async simulation =>
        {
            var isHeldUp = false;
            var other = CountAsync();
            await Task.Yield();
            isHeldUp = true;
            simulation.Block(TimeSpan.FromSeconds(2.5));
            isHeldUp = false;
            await other;

            async Task CountAsync()
            {
                for (var second = 1; second <= 4; second++)
                {
                    await simulation.DelayAsync(TimeSpan.FromSeconds(1));
                    seen.Add((second, isHeldUp));
                }
            }
        });

        seen.Should().Equal((1, true), (2, true), (3, false), (4, false));
        result.Elapsed.Should().Be(TimeSpan.FromSeconds(4));
    }

    [Test]
    public void What_fails_while_a_thread_is_held_up_fails_the_simulation()
    {
        var run = () => Simulation.Run(1, async simulation =>
        {
            _ = simulation.StartAsync(async () =>
            {
                await simulation.DelayAsync(TimeSpan.FromSeconds(1));
                throw new FormatException("so it goes");
            });
            await Task.Yield();
            simulation.Block(TimeSpan.FromSeconds(2));
        });

        run.Should().Throw<SimulationException>().WithMessage("*so it goes*");
    }

    [Test]
    public void What_fails_in_between_fails_the_simulation_even_if_it_is_swallowed()
    {
        var isBetween = false;
        var run = () => Simulation.Run(1, async simulation =>
        {
            simulation.AfterEachStep(() => _ = isBetween ? throw new FormatException("so it goes") : 0);
            for (var i = 0; i < 10; i++)
            {
                var other = YieldAsync();
                try
                {
                    isBetween = true;
                    simulation.Interleave(10);
                }
                catch (FormatException)
                {
                    // As a scheduler does with what plug-ins throw.
                }

                isBetween = false;
                await other;
            }
        });

        run.Should().Throw<SimulationException>().WithMessage("*so it goes*");

        static async Task YieldAsync() => await Task.Yield();
    }

    private static (ulong Hash, int Winner) Race(long seed)
    {
        var winner = -1;
        var result = Simulation.Run(seed, _ => Task.WhenAll(Enumerable.Range(0, 3).Select(async runner =>
        {
            await Task.Yield();
            winner = winner < 0 ? runner : winner;
        })));
        return (result.Hash, winner);
    }

    private static async Task WaitForNothingAsync() => await new TaskCompletionSource().Task;

    private static async Task EscapeAsync() => await Task.Run(() => Thread.Sleep(1));

    private static async Task WaitInLittleStepsAsync(Simulation simulation)
    {
        while (true)
        {
            await simulation.DelayAsync(TimeSpan.FromMinutes(7));
        }
    }
}
