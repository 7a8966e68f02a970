using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DaemonExecsTests
{
    private static readonly ExecConfig _job = new() { Command = ["job"] };

    private readonly FakeTimeProvider _time = new();
    private readonly DaemonRuntime _runtime;
    private readonly DaemonExecs _execs;
    private readonly InMemoryContainer _container = new()
    {
        Id = new string('c', 64),
        Name = "web",
        Created = default,
        Sequence = 0,
        Body = default,
        Config = [],
        Host = [],
        Labels = LabelSet.Empty,
        ImageReference = "web",
        ImageId = "",
        Command = ["web"],
        Image = new InMemoryImage("web") { Commands = [new("job", InMemoryProcess.Job(TimeSpan.FromSeconds(5), exitCode: 3))] },
        Process = InMemoryProcess.Server,
        StopSignal = Signals.Term,
        Mounts = [],
    };

    public DaemonExecsTests()
    {
        var chance = new FaultSource();
        _runtime = new DaemonRuntime(_time, TimeSpan.Zero);
        _execs = new DaemonExecs(_runtime, new DaemonEvents(_runtime, chance), new DaemonConnections(_runtime, chance), new IdSource(1), _ => _container);
    }

    [Test]
    public void An_exec_runs_as_long_as_its_process_and_keeps_how_it_ended()
    {
        var id = _execs.Create("web", _job);
        _execs.Start(null!, id, isDetached: true).Should().BeNull("nobody is attached");

        _execs.Inspect(id).IsRunning.Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(5));

        _execs.Inspect(id).Should().Match<ExecState>(state => !state.IsRunning && state.ExitCode == 3);
    }

    [Test]
    public void An_exec_is_started_once()
    {
        var id = _execs.Create("web", _job);
        _execs.Start(null!, id, isDetached: true);

        var again = () => _execs.Start(null!, id, isDetached: true);

        again.Should().Throw<DaemonErrorException>().WithMessage("*running already*");
    }

    [Test]
    public void What_waits_for_the_start_of_an_exec_is_let_go_when_its_container_ends()
    {
        var id = _execs.Create("web", _job);
        var resize = _execs.Resize(id);

        _runtime.Do(() => _execs.Forget(_container));

        resize.IsCompletedSuccessfully.Should().BeTrue();
        _execs.Invoking(execs => execs.Inspect(id)).Should().Throw<DaemonErrorException>().WithMessage("No such exec instance*");
    }

    [Test]
    public void Only_execs_that_run_are_counted_as_processes_of_a_container()
    {
        _execs.Create("web", _job);
        _execs.Start(null!, _execs.Create("web", _job), isDetached: true);

        _runtime.Do(() => _execs.RunningIn(_container)).Should().Be(1);
    }
}
