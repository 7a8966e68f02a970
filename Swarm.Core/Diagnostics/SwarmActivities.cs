using System.Diagnostics;
namespace Swarm.Core.Diagnostics;

/// <summary>Starts and ends activities. Without a listener nothing here allocates.</summary>
/// <remarks>An activity says what kind of error ended it, never in which words: those can be anybody's.</remarks>
internal static class SwarmActivities
{
    private static readonly ActivitySource _source = new(SwarmDiagnostics.ActivitySourceName, SwarmMetrics.Version);

    /// <summary>Starts the activity of something the host asked for.</summary>
    public static ActivityScope StartOperation(string operation, string cluster, HostFailures? failures = null)
    {
        var scope = ActivityScope.Start(_source, SwarmDiagnostics.OperationActivity, ActivityKind.Internal, failures);
        if (scope.Activity is { } activity)
        {
            activity.DisplayName = operation;
            activity.SetText(SwarmDiagnostics.ClusterTag, cluster);
            activity.SetText(SwarmDiagnostics.OperationTag, operation);
        }

        return scope;
    }

    /// <summary>Starts the activity of one step.</summary>
    public static ActivityScope StartStep(string name, HostFailures? failures = null) => ActivityScope.Start(_source, name, ActivityKind.Internal, failures);

    /// <summary>Starts the activity of a call to an engine.</summary>
    public static ActivityScope StartEngineCall(string operation, HostFailures? failures = null)
    {
        var scope = ActivityScope.Start(_source, SwarmDiagnostics.EngineCallActivity, ActivityKind.Client, failures);
        if (scope.Activity is { } activity)
        {
            var name = OperationNames.Of(operation);
            activity.DisplayName = name;
            activity.SetText(SwarmDiagnostics.OperationTag, name);
        }

        return scope;
    }

    /// <summary>Sets a tag to words that may be an engine's or a tenant's.</summary>
    public static void SetText(this Activity activity, string tag, string? text) => activity.SetTag(tag, text is null ? null : CleanText.Of(text));

    /// <summary>Marks an activity as failed.</summary>
    public static void Fail(Activity? activity, string errorType)
    {
        activity?.SetText(SwarmDiagnostics.ErrorTypeTag, errorType);
        activity?.SetStatus(ActivityStatusCode.Error);
    }
}
