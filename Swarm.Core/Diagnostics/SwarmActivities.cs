using System.Diagnostics;

namespace Swarm.Core.Diagnostics;

/// <summary>Starts and ends activities. Without a listener nothing here allocates.</summary>
/// <remarks>An activity says what kind of error ended it, never in which words: those can be anybody's.</remarks>
internal static class SwarmActivities
{
    private static readonly ActivitySource _source = new(SwarmDiagnostics.ActivitySourceName, SwarmMetrics.Version);

    /// <summary>Starts the activity of something the host asked for.</summary>
    public static Activity? StartOperation(string operation, string cluster)
    {
        var activity = _source.StartActivity(SwarmDiagnostics.OperationActivity);
        if (activity is not null)
        {
            activity.DisplayName = operation;
            activity.SetTag(SwarmDiagnostics.ClusterTag, cluster);
            activity.SetTag(SwarmDiagnostics.OperationTag, operation);
        }

        return activity;
    }

    /// <summary>Starts the activity of one step.</summary>
    public static Activity? StartStep(string name) => _source.StartActivity(name);

    /// <summary>Starts the activity of a call to an engine.</summary>
    public static Activity? StartEngineCall(string operation)
    {
        var activity = _source.StartActivity(SwarmDiagnostics.EngineCallActivity, ActivityKind.Client);
        if (activity is not null)
        {
            var name = OperationNames.Of(operation);
            activity.DisplayName = name;
            activity.SetTag(SwarmDiagnostics.OperationTag, name);
        }

        return activity;
    }

    /// <summary>Marks an activity as failed.</summary>
    public static void Fail(Activity? activity, string errorType)
    {
        activity?.SetTag(SwarmDiagnostics.ErrorTypeTag, errorType);
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Does something that outlives the activity of whoever asked for it: what it does later belongs to nobody's activity.</summary>
    public static void Outside(Action work)
    {
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            work();
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
