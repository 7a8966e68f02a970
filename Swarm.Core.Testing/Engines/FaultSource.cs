namespace Swarm.Core.Testing;

/// <summary>Draws what goes wrong, and counts it. Thread-safe; in a simulation the same calls draw the same faults.</summary>
internal sealed class FaultSource
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[Enum.GetValues<EngineFault>().Length];
    private readonly HashSet<string> _denied = new(StringComparer.Ordinal);
    private EngineFaultRates? _rates;
    private Random? _random;

    public void Set(EngineFaultRates? rates, Random? random)
    {
        lock (_gate)
        {
            (_rates, _random) = (rates, random);
            _denied.Clear();
        }
    }

    public long Count(EngineFault fault)
    {
        lock (_gate)
        {
            return _counts[(int)fault];
        }
    }

    /// <summary>Draws the fate of a call.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="subject">The container that it is about, as far as faults tell containers apart.</param>
    /// <returns>The fault, with the time it takes where it takes time; <see langword="null"/> for none.</returns>
    public (EngineFault Fault, TimeSpan Delay)? DrawCall(EngineOperation operation, string? subject = null)
    {
        lock (_gate)
        {
            if (_rates is not { } rates)
            {
                return null;
            }

            var draw = _random!.NextDouble();
            return Is(rates.SlowCalls, ref draw) ? Met(EngineFault.SlowCall, rates.LongestDelay)
                : Is(rates.LateAnswers, ref draw) ? Met(EngineFault.LateAnswer, rates.LongestDelay)
                : Is(rates.HungCalls, ref draw) ? Met(EngineFault.HungCall)
                : Is(rates.LostRequests, ref draw) ? Met(EngineFault.LostRequest)
                : Is(rates.LostAnswers, ref draw) ? Met(EngineFault.LostAnswer)
                : Is(rates.ServerErrors, ref draw) ? Met(EngineFault.ServerError)
                : Is(rates.GatewayErrors, ref draw) ? Met(EngineFault.GatewayError, rates.LongestRequestDelay)
                : Changes(operation) && Is(rates.SlowWork, ref draw) ? Met(EngineFault.SlowWork, rates.LongestWorkTime)
                : Changes(operation) && Is(rates.LateRequests, ref draw) ? Met(EngineFault.LateRequest, rates.LongestRequestDelay)
                : operation is EngineOperation.InspectContainer && Is(rates.Denials, ref draw) && _denied.Add(subject ?? "") ? Met(EngineFault.Denial)
                : null;
        }
    }

    /// <summary>Draws the fate of an event on its way to one stream.</summary>
    public (EngineFault Fault, TimeSpan Delay)? DrawEvent()
    {
        lock (_gate)
        {
            if (_rates is not { } rates)
            {
                return null;
            }

            var draw = _random!.NextDouble();
            return Is(rates.DroppedEvents, ref draw) ? Met(EngineFault.DroppedEvent)
                : Is(rates.DoubledEvents, ref draw) ? Met(EngineFault.DoubledEvent)
                : Is(rates.LateEvents, ref draw) ? Met(EngineFault.LateEvent, rates.LongestEventDelay)
                : null;
        }
    }

    /// <summary>Draws the fate of a stream that was opened.</summary>
    public (EngineFault Fault, TimeSpan Delay)? DrawStream()
    {
        lock (_gate)
        {
            if (_rates is not { } rates)
            {
                return null;
            }

            var draw = _random!.NextDouble();
            return Is(rates.SlowStreams, ref draw) ? Met(EngineFault.SlowStream, rates.LongestDelay)
                : Is(rates.BrokenStreams, ref draw) ? Met(EngineFault.BrokenStream, rates.LongestStreamTime)
                : null;
        }
    }

    /// <summary>Tells whether a call changes a container: then it may be carried out although nobody waits for it any more.</summary>
    public static bool Changes(EngineOperation operation) => operation is EngineOperation.CreateContainer or EngineOperation.StartContainer
        or EngineOperation.StopContainer or EngineOperation.KillContainer or EngineOperation.RemoveContainer or EngineOperation.RestartContainer
        or EngineOperation.PauseContainer or EngineOperation.UnpauseContainer or EngineOperation.RenameContainer or EngineOperation.UpdateContainer;

    private static bool Is(double rate, ref double draw)
    {
        if (draw < rate)
        {
            return true;
        }

        draw -= rate;
        return false;
    }

    private (EngineFault Fault, TimeSpan Delay)? Met(EngineFault fault, TimeSpan longest = default)
    {
        _counts[(int)fault]++;
        return (fault, longest > TimeSpan.Zero ? longest * _random!.NextDouble() : TimeSpan.Zero);
    }
}
