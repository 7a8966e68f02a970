namespace Swarm.Core.Testing;

/// <summary>A program inside a simulation that can be killed at any moment, as a process is: nothing of it runs on from then, not even its <c>finally</c> blocks. Made by <see cref="Simulation.StartProcess"/>.</summary>
/// <remarks>
/// What is started by <see cref="RunAsync{T}"/> belongs to it, with everything that awaits in there and every timer set on its <see cref="Time"/>. What runs on the
/// simulation's own clock, such as engines, lives on. Connections do not close by themselves: whoever kills it disposes of what it had open, as its operating system would.
/// </remarks>
public sealed class SimulationProcess
{
    private readonly Simulation _simulation;
    private readonly HashSet<ICall> _calls = [];

    internal SimulationProcess(Simulation simulation)
    {
        _simulation = simulation;
        Time = simulation.TimeOf(this);
    }

    private interface ICall
    {
        void Kill();
    }

    /// <summary>Gets the virtual clock, with timers that die with the process.</summary>
    public TimeProvider Time { get; }

    /// <summary>Gets whether it was not killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Runs something inside.</summary>
    /// <typeparam name="T">What it comes to.</typeparam>
    /// <param name="work">What to run.</param>
    /// <returns>A task for whoever is outside.</returns>
    /// <exception cref="SimulationProcessKilledException">The process was killed before it ended.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsAlive)
        {
            throw new SimulationProcessKilledException();
        }

        var call = new Call<T>();
        _calls.Add(call);
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_simulation.ContextOf(this));
        try
        {
            _ = call.RunAsync(work);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        try
        {
            return await call.Task;
        }
        finally
        {
            _calls.Remove(call);
        }
    }

    /// <summary>Kills it. Those who wait outside for something inside get a <see cref="SimulationProcessKilledException"/>.</summary>
    public void Kill()
    {
        IsAlive = false;
        foreach (var call in _calls.ToArray())
        {
            call.Kill();
        }
    }

    private sealed class Call<T> : TaskCompletionSource<T>, ICall
    {
        public async Task RunAsync(Func<Task<T>> work)
        {
            try
            {
                TrySetResult(await work());
            }
            catch (Exception exception)
            {
                TrySetException(exception);
            }
        }

        public void Kill() => TrySetException(new SimulationProcessKilledException());
    }
}
