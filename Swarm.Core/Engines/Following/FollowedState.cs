using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Owns the state of one engine: its loop changes it, everybody else reads the latest. Each change is made to fit the memory there is and reported once, in order.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="memory">What the engine may take of the memory.</param>
/// <param name="owner">The cluster around it, to which changes are reported.</param>
internal sealed class FollowedState(EngineAddress address, MemoryAccount memory, ILoopOwner owner)
{
    private readonly RecentlyGone _gone = new();
    private readonly TaskCompletionSource _firstOutcome = Completion.Create();
    private EngineState _state = new() { Address = address, Overlay = owner.ResolveOverlay("", "", null) };
    private TaskCompletionSource _spell = Completion.Create();
    private int _isShrinkAsked;

    /// <summary>Gets the latest state.</summary>
    public EngineState Current => Volatile.Read(ref _state);

    /// <summary>Gets a task that ends when the engine next stops answering, or leaves: a stream that was opened before may be silent because of it.</summary>
    public Task Spell => Volatile.Read(ref _spell).Task;

    /// <summary>Gets a task that ends when the engine was admitted, kept waiting or has failed for the first time.</summary>
    public Task FirstOutcome => _firstOutcome.Task;

    /// <summary>Changes the state by what the loop learned.</summary>
    public void Apply(EngineSignal signal)
    {
        var transition = _state.Apply(signal);
        if (transition.IsEmpty)
        {
            return;
        }

        if (transition.Before.Wanted != transition.After.Wanted && memory.State(transition.After.Wanted.Total))
        {
            owner.ShareFell();
        }

        if (transition.After.CanFit(memory.Allowance))
        {
            transition = transition.Fit(memory.Allowance);
        }

        foreach (var change in transition.Containers)
        {
            if (change is { Before: { } before, After: null })
            {
                _gone.Add(before.Id);
            }
        }

        Volatile.Write(ref _state, transition.After);
        if (transition is { Before.Status: EngineStatus.Healthy, After.Status: not EngineStatus.Healthy })
        {
            EndSpell();
        }

        if (!transition.IsQuiet)
        {
            owner.Report(transition);
        }
    }

    /// <summary>Changes the state because the engine could not be reached, or did not answer.</summary>
    public void Fail(Exception exception)
    {
        Apply(new EngineSignal.Failed(ExceptionText.MessageOf(exception)));
        ReachFirstOutcome();
    }

    /// <summary>Asks the host program anew what it says of the engine.</summary>
    /// <param name="id">The ID under which the engine takes part, or is to.</param>
    /// <param name="name">The name of the engine.</param>
    public void UpdateOverlay(string id, string name)
    {
        var overlay = owner.ResolveOverlay(id, name, Current.Certificate);
        if (!overlay.Equals(Current.Overlay))
        {
            Apply(new EngineSignal.Overlaid(overlay));
        }
    }

    /// <summary>Counts what is kept of an engine that is kept waiting, beside its state; 0 when it takes part.</summary>
    public void HoldBytes(long bytes)
    {
        if (memory.Held(bytes))
        {
            owner.ShareFell();
        }
    }

    /// <summary>Remembers that a container is gone.</summary>
    /// <returns>Whether that was not known: it came and went before it could be looked at, or while nobody listened.</returns>
    public bool RememberGone(string containerId) => _gone.Add(containerId);

    /// <summary>Says whether a container is known to be gone, as far as that is remembered.</summary>
    public bool IsGone(string containerId) => _gone.Contains(containerId);

    /// <summary>Says whether the loop is to be asked to <see cref="Shrink"/>: more is kept than may be, and it was not asked yet. Safe for concurrent use.</summary>
    public bool TryAskToShrink() => Current.CanFit(memory.Allowance) && Interlocked.Exchange(ref _isShrinkAsked, 1) == 0;

    /// <summary>Keeps less of the engine, should that still be more than it may.</summary>
    public void Shrink()
    {
        Volatile.Write(ref _isShrinkAsked, 0);
        if (Current.CanFit(memory.Allowance))
        {
            Apply(new EngineSignal.Fitted(memory.Allowance));
        }
    }

    /// <summary>Ends <see cref="FirstOutcome"/>.</summary>
    public void ReachFirstOutcome() => _firstOutcome.TrySetResult();

    /// <summary>Ends <see cref="Spell"/>, and begins the next.</summary>
    public void EndSpell() => Interlocked.Exchange(ref _spell, Completion.Create()).TrySetResult();
}
