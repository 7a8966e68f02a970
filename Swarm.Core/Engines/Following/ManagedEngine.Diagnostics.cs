using System.Diagnostics;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Engines;

internal sealed partial class ManagedEngine
{
    private string? _addressText;

    private string AddressText => _addressText ??= Address.ToString();

    private ActivityScope StartCall(string operation)
    {
        var scope = SwarmActivities.StartEngineCall(operation, _failures);
        if (scope.Activity is { } activity)
        {
            var state = State;
            activity.SetText(SwarmDiagnostics.EngineAddressTag, AddressText);
            activity.SetText(SwarmDiagnostics.EngineIdTag, state.Id);
            activity.SetText(SwarmDiagnostics.EngineNameTag, state.Name);
        }

        return scope;
    }

    // Run as the filter of a handler that handles nothing.
    private static bool Note(Activity? activity, Exception exception)
    {
        if (activity is not null)
        {
            SwarmActivities.Fail(activity, EngineErrorTypes.Of(exception));
        }

        return false;
    }
}
