using System.Diagnostics;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

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

    private void CountReceived(EventsSignal signal)
    {
        if (signal is EventReceived received)
        {
            _metrics.EngineEventReceived(received.Event.Type switch
            {
                EngineEventType.Container => "container",
                EngineEventType.Image => "image",
                EngineEventType.Network => "network",
                EngineEventType.Volume => "volume",
                EngineEventType.Daemon => "daemon",
                _ => "other",
            });
        }
    }

    private void CountDropped() => _metrics.EngineEventDropped(AddressText);

    // A flood drops many times a second.
    private void LogEventsDropped()
    {
        if (_droppedLog.TryPass())
        {
            Log.EventsDropped(_logger, Address);
        }
    }

    // A monitor that fails and fails is news when it costs the engine its health, and the first time.
    private void LogMonitorFailed(Exception exception, int failures)
    {
        if (failures == 1 || State.Status == EngineStatus.Healthy)
        {
            Log.MonitorFailed(_logger, exception, Address);
        }
    }
}
