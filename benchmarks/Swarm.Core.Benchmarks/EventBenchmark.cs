using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Benchmarks;

/// <summary>A daemon's events from the bytes of its answer to the engine's state: through the reader, the monitor and the loop. Inspections are answered from memory.</summary>
internal static class EventBenchmark
{
    /// <summary>Measures a mix of events that are looked at and events of commands in containers, which are not.</summary>
    /// <param name="events">How many events.</param>
    /// <param name="containers">How many containers they are about, in turn.</param>
    /// <param name="interestingPercent">How many of a hundred are looked at.</param>
    /// <returns>Events per second of processor time, all threads together, and bytes allocated per event; both with the state's work included.</returns>
    public static async Task<(double PerSecond, double BytesPerEvent, int Inspections)> RunAsync(int events, int containers, int interestingPercent)
    {
        using var engine = new Daemon(Enumerable.Range(0, containers).Select(Container).ToImmutableArray(), Script(events, containers, interestingPercent));
        var time = TimeProvider.System;
        var timings = new EngineTimings();
        var identifiers = IdentifierSource.Create(1);
        using var metrics = new SwarmMetrics(factory: null, "");
        var loop = new ManagedEngine(engine.Address, engine, new EventsMonitor(timings, time, identifiers), new Owner(), timings, new EngineIntake(new EngineLimits()), time, identifiers, metrics, NullLogger.Instance);
        loop.Start();
        await engine.Subscribed;
        while (loop.State.Status != EngineStatus.Healthy)
        {
            await Task.Delay(1);
        }

        GC.Collect();
        var inspections = engine.Inspections;
        var bytes = GC.GetTotalAllocatedBytes();
        var processor = Environment.CpuUsage.TotalTime;
        engine.Go();

        // The last event removes a container, which shows when everything before it was dealt with.
        while (loop.State.Containers.Length == containers)
        {
            await Task.Delay(1);
        }

        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetTotalAllocatedBytes() - bytes;
        inspections = engine.Inspections - inspections;
        await loop.DisposeAsync();
        return (events / processor.TotalSeconds, (double)bytes / events, inspections);
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:x64}");

    private static ContainerView Container(int number)
    {
        var spec = Workload.Common(number);
        return new ContainerView
        {
            Id = Id(number),
            Names = ["/" + spec.Name],
            Labels = spec.Labels,
            Resources = new ResourceVector { MemoryBytes = spec.MemoryBytes, NanoCpus = spec.NanoCpus, Slots = 1 },
        };
    }

    private static byte[] Script(int events, int containers, int interestingPercent)
    {
        var script = new StringBuilder();
        for (var i = 0; i < events - 1; i++)
        {
            var action = i % 100 >= interestingPercent ? (i % 3) switch { 0 => "exec_create: sh -c true", 1 => "exec_start: sh -c true", _ => "exec_die" } : "update";
            Append(script, action, i % (containers - 1), i);
        }

        Append(script, "destroy", containers - 1, events);
        return Encoding.ASCII.GetBytes(script.ToString());
    }

    private static void Append(StringBuilder script, string action, int container, int number)
    {
        var id = Id(container);
        script.Append(
            CultureInfo.InvariantCulture,
            $$$"""{"status":"{{{action}}}","id":"{{{id}}}","from":"registry.example.com/app/web:1.0","Type":"container","Action":"{{{action}}}","Actor":{"ID":"{{{id}}}","Attributes":{"com.example.app":"web","com.example.tier":"frontend","image":"registry.example.com/app/web:1.0","name":"web-{{{container}}}"}},"scope":"local","time":1795416648,"timeNano":{{{1795416648000000000 + number}}}}""");
        script.Append('\n');
    }

    private sealed class Owner : IEngineOwner
    {
        private long _moment;

        public Task<(string? Id, string? Reason)> AdmitAsync(ManagedEngine engine, EngineReading reading, CancellationToken cancellationToken) =>
            Task.FromResult<(string? Id, string? Reason)>((reading.Specs.DaemonId, null));

        public long NextMoment() => Interlocked.Increment(ref _moment);

        public void Report(ManagedEngine engine, EngineTransition transition)
        {
        }

        public void ReportWhole(ManagedEngine engine)
        {
        }

        public ImmutableArray<string> AwaitedContainers(ManagedEngine engine) => [];

        public ImmutableArray<string> UnshownContainers(ManagedEngine engine, long startedTimestamp) => [];

        public void ShareFell()
        {
        }

        public EngineOverlay ResolveOverlay(EngineAddress address, string id, string name, EngineCertificate? certificate) => EngineOverlay.Empty;

        public void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread, bool isComplete)
        {
        }

        public void CameAndWent(ManagedEngine engine, ContainerView container)
        {
        }
    }

    /// <summary>A daemon that says what is in the script, in pieces as a connection gives them, and knows its containers by heart.</summary>
    private sealed class Daemon : IEngineConnector, IDisposable
    {
        private readonly ImmutableArray<ContainerView> _containers;
        private readonly ImmutableDictionary<string, Task<ContainerInspection>> _inspections;
        private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ScriptStream _stream;
        private readonly IEngine _engine;
        private int _inspected;

        public Daemon(ImmutableArray<ContainerView> containers, byte[] script)
        {
            _containers = containers;
            _inspections = containers.ToImmutableDictionary(each => each.Id, each => Task.FromResult(new ContainerInspection(ReadOnlyMemory<byte>.Empty, each)), StringComparer.Ordinal);
            _stream = new ScriptStream(script, _go.Task);
            _engine = Face.Of<IEngine>(Answer);
        }

        public int Inspections => Volatile.Read(ref _inspected);

        public Task Subscribed => _subscribed.Task;

        public EngineAddress Address { get; } = EngineAddress.Parse("10.0.0.1:2375");

        public void Go() => _go.SetResult();

        public void Dispose() => _stream.Dispose();

        public Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken) => Task.FromResult(_engine);

        private object? Answer(MethodInfo method, object?[] arguments)
        {
            switch (method.Name)
            {
                case "get_Address":
                    return Address;
                case "get_System":
                    return Face.Of<IEngineSystem>(Answer);
                case "get_Containers":
                    return Face.Of<IEngineContainers>(Answer);
                case "get_Images":
                    return Face.Of<IEngineImages>(Answer);
                case "get_Networks":
                    return Face.Of<IEngineNetworks>(Answer);
                case "get_Volumes":
                    return Face.Of<IEngineVolumes>(Answer);
                case nameof(IEngineSystem.PingAsync):
                    return Task.CompletedTask;
                case nameof(IEngineSystem.GetSpecsAsync):
                    return Task.FromResult(new EngineSpecs { DaemonId = "daemon", Name = "host", NanoCpus = 64 * ResourceVector.NanoCpusPerCpu, MemoryBytes = 256L << 30 });
                case nameof(IEngineSystem.OpenEventsAsync):
                    _subscribed.TrySetResult();
                    return Task.FromResult<IEngineEventStream>(new DockerEventStream(Address, new HttpResponseMessage(), _stream));
                case nameof(IEngineContainers.InspectAsync):
                    Interlocked.Increment(ref _inspected);
                    return _inspections[(string)arguments[0]!];
                case nameof(IEngineContainers.ListAsync) when method.DeclaringType == typeof(IEngineContainers):
                    // The container that went last is in no list then, should its event have been one too many to follow.
                    return Task.FromResult(_containers.Take(_containers.Length - (_stream.IsOver ? 1 : 0)).Select(each => Listed(each.Id)).ToImmutableArray());
                case nameof(IEngineImages.ListAsync) when method.DeclaringType == typeof(IEngineImages):
                    return Task.FromResult(ImmutableArray<ImageView>.Empty);
                case nameof(IEngineNetworks.ListAsync) when method.DeclaringType == typeof(IEngineNetworks):
                    return Task.FromResult(ImmutableArray<NetworkView>.Empty);
                case nameof(IEngineVolumes.ListAsync) when method.DeclaringType == typeof(IEngineVolumes):
                    return Task.FromResult(ImmutableArray<VolumeView>.Empty);
                case nameof(IAsyncDisposable.DisposeAsync):
                    return ValueTask.CompletedTask;
                default:
                    throw new NotSupportedException($"This daemon knows no {method.Name}.");
            }
        }

        private static ContainerSummary Listed(string id)
        {
            var summary = new ContainerSummary { Id = id };
            return summary with { Entry = ListEntries.Of(summary) };
        }
    }

    /// <summary>Gives some bytes in reads of a few kilobytes, then nothing until it is given up.</summary>
    private sealed class ScriptStream(byte[] script, Task go) : Stream
    {
        private volatile int _position;

        /// <summary>Gets whether everything was said.</summary>
        public bool IsOver => _position == script.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!go.IsCompleted || IsOver)
            {
                return WaitAsync(buffer, cancellationToken);
            }

            var read = Math.Min(buffer.Length, script.Length - _position);
            script.AsSpan(_position, read).CopyTo(buffer.Span);
            _position += read;
            return new ValueTask<int>(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            await go.WaitAsync(cancellationToken);
            if (IsOver)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return await ReadAsync(buffer, cancellationToken);
        }
    }
}
