using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>What an in-memory engine is to be. The defaults make a machine with 4 CPUs, 8 GiB of memory and a <c>busybox:latest</c> image.</summary>
public sealed record InMemoryEngineOptions
{
    /// <summary>Gets the address the engine answers at.</summary>
    public required EngineAddress Address { get; init; }

    /// <summary>Gets the daemon's ID; <see langword="null"/> to derive one from <see cref="Seed"/>. Two engines given the same ID are like two cloned machines.</summary>
    public string? DaemonId { get; init; }

    /// <summary>Gets the host name of the machine; <see langword="null"/> for the host part of the address, with dots turned into dashes.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the certificate that the engine shows; <see langword="null"/> for an engine without TLS.</summary>
    public EngineCertificate? Certificate { get; init; }

    /// <summary>Gets the certificate that the engine is shown; <see langword="null"/> for none.</summary>
    public EngineCertificate? ClientCertificate { get; init; }

    /// <summary>Gets the CPUs of the machine.</summary>
    public int Cpus { get; init; } = 4;

    /// <summary>Gets the memory of the machine, in bytes.</summary>
    public long MemoryBytes { get; init; } = 8L << 30;

    /// <summary>Gets the named resources the daemon declares.</summary>
    public NamedResources NamedResources { get; init; } = NamedResources.Empty;

    /// <summary>Gets the daemon's own labels.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets the images present from the start.</summary>
    public ImmutableArray<InMemoryImage> Images { get; init; } = [InMemoryImage.BusyBox];

    /// <summary>Gets the images that the registry has, so that they can be pulled.</summary>
    public ImmutableArray<InMemoryImage> Registry { get; init; } = [];

    /// <summary>Gets how long a pull takes by <see cref="Time"/>.</summary>
    public TimeSpan PullTime { get; init; }

    /// <summary>Gets how long a removal takes by <see cref="Time"/>: for the first half of it the container is shown as being removed, then it is gone, and its name is free at the end. Zero removes at once.</summary>
    public TimeSpan RemovalTime { get; init; }

    /// <summary>Gets how long a call takes by <see cref="Time"/>, half of it on the way there and half on the way back; zero answers within the call. <see cref="InMemoryEngine.SetLatency"/> changes it.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Gets what identifiers are derived from; <see langword="null"/> to derive them from the address, so that engines differ by default.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Gets the clock and the timers of the engine; give a fake one for virtual time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets how far the machine's own clock is ahead of <see cref="Time"/>.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Gets the version of the daemon.</summary>
    public string ServerVersion { get; init; } = "20.10.24";
}
