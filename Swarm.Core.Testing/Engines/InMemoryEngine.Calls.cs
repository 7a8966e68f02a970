using System.Net;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

public sealed partial class InMemoryEngine
{
    private Task MachineLink
    {
        get
        {
            lock (_gate)
            {
                return _machineLink.Task;
            }
        }
    }

    /// <summary>Carries a call to the daemon and its answer back.</summary>
    internal async Task<T> CallAsync<T>(
        InMemoryEngineHandle handle, EngineOperation operation, Func<Task<T>> work, CancellationToken cancellationToken, TimeSpan duration = default, string? subject = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(handle.IsDisposed, handle);
        var (link, latency) = SetOut(handle, operation);
        var call = new InMemoryCall(handle.Address, operation, link, cancellationToken);
        var chance = handle.IsLocal ? null : _chance.DrawCall(operation, subject);
        if ((latency / 2) + (chance is { Fault: EngineFault.SlowCall } slow ? slow.Delay : TimeSpan.Zero) is { Ticks: > 0 } wayThere)
        {
            call.Arrive(await call.TravelAsync(Time, wayThere));
        }

        Task<T>? underWay = null;
        while (Hanging is { } hang)
        {
            if (!handle.IsLocal && FaultSource.Changes(operation) && _freeze.TryKeep(work, MachineLink) is { } kept)
            {
                underWay = kept;
                break;
            }

            await call.WaitAsync(hang);
        }

        if (!handle.IsLocal && _faults.FindWeakness(operation, subject) is { } weakness)
        {
            if (weakness.Hangs)
            {
                await call.WaitAsync(NewSignal().Task);
            }

            throw new EngineApiException(handle.Address, EngineOperationNames.NameOf(operation), HttpStatusCode.InternalServerError, "layer does not exist");
        }

        var fault = handle.IsLocal ? null : _faults.Take(operation);
        if (fault?.Exception is { } ordered)
        {
            throw ordered;
        }

        switch (underWay is null ? chance : null)
        {
            case { Fault: EngineFault.HungCall }:
                await call.WaitAsync(NewSignal().Task);
                break;
            case { Fault: EngineFault.LostRequest }:
                throw call.Broken();
            case { Fault: EngineFault.LateRequest, Delay: var late }:
                _ = CarryOutLater(work, late);
                throw call.Broken();
            case { Fault: EngineFault.GatewayError, Delay: var later }:
                if (later.Ticks % 3 == 1)
                {
                    await LateWork.ObserveAsync(work);
                }
                else if (later.Ticks % 3 == 2 && FaultSource.Changes(operation))
                {
                    _ = CarryOutLater(work, later);
                }

                throw new EngineApiException(handle.Address, EngineOperationNames.NameOf(operation), HttpStatusCode.BadGateway + (int)(later.Ticks / 3 % 3), "the gateway has no answer");
            case { Fault: EngineFault.SlowWork, Delay: var workTime }:
                underWay = CarryOutLater(work, workTime);
                break;
            case { Fault: EngineFault.ServerError }:
                throw new EngineApiException(handle.Address, EngineOperationNames.NameOf(operation), HttpStatusCode.InternalServerError, "the daemon is out of sorts");
            case { Fault: EngineFault.Denial }:
                throw new EngineApiException(handle.Address, EngineOperationNames.NameOf(operation), HttpStatusCode.NotFound, $"No such container: {subject}");
            default:
                break;
        }

        if (duration > TimeSpan.Zero)
        {
            call.Arrive(await call.TravelAsync(Time, duration));
        }

        T? answer = default;
        EngineException? refusal = null;
        try
        {
            var task = underWay ?? work();
            await call.WaitAsync(task);
            answer = await task;
        }
        catch (DaemonErrorException error)
        {
            refusal = error.Registry is { } registry ? new RegistryAccessDeniedException(handle.Address, EngineOperationNames.NameOf(operation), error.Status, registry, error.Image!, error.Message)
                : error.Image is { } image ? new ImageNotFoundException(handle.Address, EngineOperationNames.NameOf(operation), image, error.Message)
                : new EngineApiException(handle.Address, EngineOperationNames.NameOf(operation), error.Status, error.Message);
        }

        if (fault is not null || chance is { Fault: EngineFault.LostAnswer })
        {
            throw call.Broken();
        }

        if ((latency / 2) + (chance is { Fault: EngineFault.LateAnswer } slowly ? slowly.Delay : TimeSpan.Zero) is { Ticks: > 0 } wayBack)
        {
            call.Arrive(await call.TravelAsync(Time, wayBack));
        }

        return refusal is null ? answer! : throw refusal;
    }

    private (Task Link, TimeSpan Latency) SetOut(InMemoryEngineHandle handle, EngineOperation operation)
    {
        lock (_gate)
        {
            if (!handle.IsLocal)
            {
                _calls[(int)operation]++;
            }

            var reason = !_isPoweredOn ? "no route to host"
                : !handle.IsLocal && !_isConnected ? "network is unreachable"
                : !_isDaemonUp ? "connection refused"
                : null;
            return reason is null
                ? handle.IsLocal ? (_machineLink.Task, TimeSpan.Zero) : (_networkLink.Task, _latency)
                : throw new EngineUnreachableException(handle.Address, EngineOperationNames.NameOf(operation), reason, notSent: true);
        }
    }

    // The daemon has the request, so a network that is cut does not matter; but one that goes down never carries it out.
    private Task<T> CarryOutLater<T>(Func<Task<T>> work, TimeSpan delay)
    {
        var (done, begin) = LateWork.Prepare(work, MachineLink);
        new Alarm(begin).Set(Time, delay);
        return done;
    }
}
