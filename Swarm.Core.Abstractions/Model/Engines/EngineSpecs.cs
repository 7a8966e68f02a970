namespace Swarm.Core.Model;

/// <summary>What an engine says of itself and its machine.</summary>
public sealed record EngineSpecs
{
    /// <summary>Gets the daemon's ID, as the daemon gives it; where it gives none that lasts, one made of its host name.</summary>
    public required string DaemonId { get; init; }

    /// <summary>Gets whether the daemon keeps its ID. Podman does not: it makes up another for each answer.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool HasLastingId { get; init; } = true;

    /// <summary>Gets the host name of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the CPU time of the machine, in nano-CPUs.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Gets the memory of the machine, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Gets the named resources the daemon declares.</summary>
    public NamedResources NamedResources { get; init; } = NamedResources.Empty;

    /// <summary>Gets the engine's labels: <c>storagedriver</c>, <c>kernelversion</c>, <c>operatingsystem</c> and <c>ostype</c> where known, then the daemon's own.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets the operating system family, for example <c>linux</c>.</summary>
    public string OsType { get; init; } = "";

    /// <summary>Gets the machine architecture, for example <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Gets the version of the daemon, for example <c>20.10.24</c>.</summary>
    public string ServerVersion { get; init; } = "";

    /// <summary>Gets the API version in use with this engine, for example <c>1.41</c>.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>Gets what was odd in the engine's answer but does not keep it out, for example a malformed label.</summary>
    public System.Collections.Immutable.ImmutableArray<string> Warnings { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(EngineSpecs? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && string.Equals(DaemonId, other.DaemonId, StringComparison.Ordinal)
            && HasLastingId == other.HasLastingId
            && string.Equals(Name, other.Name, StringComparison.Ordinal)
            && NanoCpus == other.NanoCpus
            && MemoryBytes == other.MemoryBytes
            && NamedResources.Equals(other.NamedResources)
            && Labels.Equals(other.Labels)
            && string.Equals(OsType, other.OsType, StringComparison.Ordinal)
            && string.Equals(Architecture, other.Architecture, StringComparison.Ordinal)
            && string.Equals(ServerVersion, other.ServerVersion, StringComparison.Ordinal)
            && string.Equals(ApiVersion, other.ApiVersion, StringComparison.Ordinal)
            && Warnings.AsSpan().SequenceEqual(other.Warnings.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DaemonId, Name, NanoCpus, MemoryBytes, Labels, ServerVersion);
}
