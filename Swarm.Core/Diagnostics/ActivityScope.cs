using System.Diagnostics;

namespace Swarm.Core.Diagnostics;

/// <summary>An activity that may have begun; disposing of it ends it. Whatever its listeners throw reaches nobody, and what was current before is so again.</summary>
internal readonly struct ActivityScope : IDisposable
{
    private readonly Activity? _before;
    private readonly HostFailures? _failures;

    private ActivityScope(Activity? activity, Activity? before, HostFailures? failures)
    {
        Activity = activity;
        _before = before;
        _failures = failures;
    }

    /// <summary>Gets the activity; <see langword="null"/> when nobody wants to know.</summary>
    public Activity? Activity { get; }

    /// <summary>Begins an activity.</summary>
    public static ActivityScope Start(ActivitySource source, string name, ActivityKind kind, HostFailures? failures)
    {
        if (!source.HasListeners())
        {
            return default;
        }

        var before = Activity.Current;
        try
        {
            return new ActivityScope(source.StartActivity(name, kind), before, failures);
        }
        catch (Exception exception)
        {
            failures?.Note(HostPart.Activity, exception);
            Restore(before, failures);
            return default;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Activity is null)
        {
            return;
        }

        try
        {
            Activity.Dispose();
        }
        catch (Exception exception)
        {
            _failures?.Note(HostPart.Activity, exception);
            Restore(_before, _failures);
        }
    }

    // A listener that throws leaves the activity current, which it is told of before that is put back.
    private static void Restore(Activity? before, HostFailures? failures)
    {
        try
        {
            Activity.Current = before;
        }
        catch (Exception exception)
        {
            failures?.Note(HostPart.Activity, exception);
        }
    }
}
