using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>What a container is to be, in types: what ordinary callers write, and what scheduling reads from a create body.</summary>
/// <remarks>
/// A plain record: set what you need, leave the rest. It covers what scheduling and most callers look at, not everything an engine can do;
/// the whole document is <see cref="ContainerConfig"/>, and a spec converts to one. Immutable. Two specs are equal when they would write the
/// same document. A text that is not set is empty, never <see langword="null"/>; the same goes for lists.
/// </remarks>
public sealed record ContainerSpec
{
    private readonly string? _name;
    private readonly string _image = "";
    private readonly ImmutableArray<string> _command = [];
    private readonly ImmutableArray<string> _entrypoint = [];
    private readonly ImmutableArray<string> _environment = [];
    private readonly LabelSet _labels = LabelSet.Empty;

    // What the scheduling properties wrote, by label; null takes a label away. Kept apart so that the order of an initializer does not matter.
    private readonly ImmutableSortedDictionary<string, string?> _scheduling = NothingInTypes;

    private readonly string _workingDirectory = "";
    private readonly string _user = "";
    private readonly string _hostname = "";
    private readonly ImmutableArray<string> _exposedPorts = [];
    private readonly ImmutableArray<PortBinding> _portBindings = [];
    private readonly string _cpusetCpus = "";
    private readonly string _networkMode = "";
    private readonly string _ipcMode = "";
    private readonly string _pidMode = "";
    private readonly ImmutableArray<string> _volumesFrom = [];
    private readonly ImmutableArray<string> _links = [];
    private readonly ImmutableArray<string> _binds = [];
    private readonly RestartPolicy? _restartPolicy;
    private readonly string _stopSignal = "";

    /// <summary>Gets the name without a leading <c>/</c>; <see langword="null"/> when the engine shall choose one. A leading <c>/</c> is taken off, an empty name counts as none.</summary>
    public string? Name
    {
        get => _name;
        init => _name = ContainerConfig.BareName(value);
    }

    /// <summary>Gets the image reference, for example <c>busybox:1.36</c>.</summary>
    public string Image
    {
        get => _image;
        init => _image = value ?? "";
    }

    /// <summary>Gets the command (<c>Cmd</c>); empty for the image's own. A body may give a single string instead of a list; it reads as a list of one.</summary>
    public ImmutableArray<string> Command
    {
        get => _command;
        init => _command = Texts(value);
    }

    /// <summary>Gets the entry point; empty for the image's own. One empty string switches the image's off.</summary>
    public ImmutableArray<string> Entrypoint
    {
        get => _entrypoint;
        init => _entrypoint = Texts(value);
    }

    /// <summary>Gets the environment as <c>KEY=value</c>, with classic Swarm's entries such as <c>constraint:storage==ssd</c> where they were given.</summary>
    /// <remarks>A cluster honours those entries only as far as its option <c>BodyRules</c> says.</remarks>
    public ImmutableArray<string> Environment
    {
        get => _environment;
        init => _environment = Texts(value);
    }

    /// <summary>Gets the labels, the scheduling labels included.</summary>
    /// <remarks>Those that begin with <see cref="SwarmLabels.Prefix"/> are text here, which a cluster honours only as far as its option <c>BodyRules</c> says. What <see cref="Constraints"/>, <see cref="Affinities"/>, <see cref="Whitelists"/>, <see cref="Tolerations"/> and <see cref="NamedResources"/> were set to wins over the same label given here.</remarks>
    public LabelSet Labels
    {
        get
        {
            if (_scheduling.IsEmpty)
            {
                return _labels;
            }

            var written = _scheduling.Where(label => label.Value is not null).Select(label => KeyValuePair.Create(label.Key, label.Value!));
            return LabelSet.Create([.. _labels.Where(label => !_scheduling.ContainsKey(label.Key)), .. written]);
        }

        init => _labels = value ?? LabelSet.Empty;
    }

    /// <summary>Gets the working directory.</summary>
    public string WorkingDirectory
    {
        get => _workingDirectory;
        init => _workingDirectory = value ?? "";
    }

    /// <summary>Gets the user, for example <c>1000:1000</c>.</summary>
    public string User
    {
        get => _user;
        init => _user = value ?? "";
    }

    /// <summary>Gets the host name inside the container.</summary>
    public string Hostname
    {
        get => _hostname;
        init => _hostname = value ?? "";
    }

    /// <summary>Gets whether the container has a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Gets whether its standard input stays open.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Gets whether the standard input ends with the first client that was attached to it and closes it.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Gets the exposed ports such as <c>80/tcp</c>, each once. Those of <see cref="PortBindings"/> need not be repeated here.</summary>
    public ImmutableArray<string> ExposedPorts
    {
        get => _exposedPorts;
        init => _exposedPorts = value.IsDefault || value.Length < 2 ? Texts(value) : [.. Texts(value).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Gets the host ports asked for, bindings of one container port together. Unless the container shares the network of its host, what is bound here is exposed in the body that is written: engines publish no other port.</summary>
    public ImmutableArray<PortBinding> PortBindings
    {
        get => _portBindings;
        init => _portBindings = value.IsDefault || value.Length < 2 ? Bindings(value) : [.. Bindings(value).GroupBy(binding => binding.ContainerPort, StringComparer.Ordinal).SelectMany(group => group)];
    }

    /// <summary>Gets whether the engine publishes every exposed port on a host port of its own choice.</summary>
    public bool PublishAllPorts { get; init; }

    /// <summary>Gets the memory limit, in bytes; 0 for none. What scheduling counts unless the cluster counts reservations.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Gets the memory the engine tries to leave the container under pressure, in bytes; 0 for none. What scheduling counts in a cluster that counts reservations.</summary>
    public long MemoryReservationBytes { get; init; }

    /// <summary>Gets memory and swap together, in bytes; 0 for the engine's default, -1 for no limit of swap.</summary>
    public long MemorySwapBytes { get; init; }

    /// <summary>Gets the CPU limit, in billionths of a CPU; 0 for none. What scheduling counts.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Gets the weight against other containers when the CPU is short; 0 for the engine's default. A number of CPUs, as classic Swarm took it, in a cluster that counts shares as CPUs.</summary>
    public long CpuShares { get; init; }

    /// <summary>Gets the CPU time per period, in microseconds; 0 or less for no limit. Scheduling counts it where <see cref="NanoCpus"/> is 0.</summary>
    public long CpuQuota { get; init; }

    /// <summary>Gets the period of <see cref="CpuQuota"/>, in microseconds; 0 for the default of 100,000.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Gets the CPUs the container may run on, for example <c>0-2,7</c>.</summary>
    public string CpusetCpus
    {
        get => _cpusetCpus;
        init => _cpusetCpus = value ?? "";
    }

    /// <summary>Gets the network mode, for example <c>bridge</c>, <c>host</c>, <c>container:web</c> or the name of a network.</summary>
    public string NetworkMode
    {
        get => _networkMode;
        init => _networkMode = value ?? "";
    }

    /// <summary>Gets the IPC mode, for example <c>private</c> or <c>container:web</c>.</summary>
    public string IpcMode
    {
        get => _ipcMode;
        init => _ipcMode = value ?? "";
    }

    /// <summary>Gets the PID mode, for example <c>host</c> or <c>container:web</c>.</summary>
    public string PidMode
    {
        get => _pidMode;
        init => _pidMode = value ?? "";
    }

    /// <summary>Gets the containers whose volumes it shares, as <c>name</c> or <c>name:mode</c>.</summary>
    public ImmutableArray<string> VolumesFrom
    {
        get => _volumesFrom;
        init => _volumesFrom = Texts(value);
    }

    /// <summary>Gets the containers it is linked to, as <c>name</c> or <c>name:alias</c>.</summary>
    public ImmutableArray<string> Links
    {
        get => _links;
        init => _links = Texts(value);
    }

    /// <summary>Gets the bind mounts, as <c>source:target</c> or <c>source:target:options</c>.</summary>
    public ImmutableArray<string> Binds
    {
        get => _binds;
        init => _binds = Texts(value);
    }

    /// <summary>Gets when the engine starts the container again by itself; <see langword="null"/> for never.</summary>
    public RestartPolicy? RestartPolicy
    {
        get => _restartPolicy;
        init => _restartPolicy = value switch
        {
            { Name: "" or null, MaximumRetries: 0 } => null,
            { Name: null } => value with { Name = "" },
            _ => value,
        };
    }

    /// <summary>Gets whether the engine removes the container when it ends.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Gets whether the container has the powers of the host's root.</summary>
    public bool Privileged { get; init; }

    /// <summary>Gets the signal that asks it to stop; empty for the image's own.</summary>
    public string StopSignal
    {
        get => _stopSignal;
        init => _stopSignal = value ?? "";
    }

    /// <summary>Gets how many seconds to wait after that signal before it is killed; <see langword="null"/> for the engine's default.</summary>
    public int? StopTimeoutSeconds { get; init; }

    /// <summary>Gets the node constraints, for example <c>storage==ssd</c>; kept in the label <see cref="SwarmLabels.Constraints"/>. Empty when that label is absent or no JSON list of strings.</summary>
    public ImmutableArray<string> Constraints
    {
        get => ReadList(SwarmLabels.Constraints);
        init => _scheduling = WriteList(SwarmLabels.Constraints, value);
    }

    /// <summary>Gets the affinities to containers and images, for example <c>container!=web*</c>; kept in the label <see cref="SwarmLabels.Affinities"/>. Empty when that label is absent or no JSON list of strings.</summary>
    public ImmutableArray<string> Affinities
    {
        get => ReadList(SwarmLabels.Affinities);
        init => _scheduling = WriteList(SwarmLabels.Affinities, value);
    }

    /// <summary>Gets the node whitelists, for example <c>node==n1|n2</c>; kept in the label <see cref="SwarmLabels.Whitelists"/>. Empty when that label is absent or no JSON list of strings.</summary>
    public ImmutableArray<string> Whitelists
    {
        get => ReadList(SwarmLabels.Whitelists);
        init => _scheduling = WriteList(SwarmLabels.Whitelists, value);
    }

    /// <summary>Gets the taints the container tolerates; kept in the label <see cref="SwarmLabels.Tolerations"/>. Empty when that label is absent or no JSON list of tolerations.</summary>
    public ImmutableArray<Toleration> Tolerations
    {
        get
        {
            var tolerations = ImmutableArray.CreateBuilder<Toleration>();
            foreach (var text in ReadList(SwarmLabels.Tolerations))
            {
                if (!Toleration.TryParse(text, out var toleration))
                {
                    return [];
                }

                tolerations.Add(toleration);
            }

            return tolerations.DrainToImmutable();
        }

        init => _scheduling = WriteList(SwarmLabels.Tolerations, value.IsDefault ? [] : [.. value.Select(toleration => toleration.ToString())]);
    }

    /// <summary>Gets the named resources the container takes; kept in the label <see cref="SwarmLabels.Resources"/>. Empty when that label is absent or no JSON object of whole numbers.</summary>
    public NamedResources NamedResources
    {
        get => Labels.TryGetValue(SwarmLabels.Resources, out var text) && GoJson.TryReadAmounts(text, out var amounts) ? amounts : NamedResources.Empty;
        init => _scheduling = _scheduling.SetItem(SwarmLabels.Resources, value is { Count: > 0 } ? GoJson.WriteAmounts(value) : null);
    }

    /// <summary>Gets the ports that a body exposes: those exposed and, since Docker publishes no other, those bound to a host port. On the network of the host nothing is published.</summary>
    internal ImmutableArray<string> WrittenPorts
    {
        get
        {
            if (_portBindings.IsEmpty || string.Equals(_networkMode, "host", StringComparison.Ordinal))
            {
                return _exposedPorts;
            }

            var exposed = _exposedPorts.Select(HostPortTable.Normalize).ToHashSet(StringComparer.Ordinal);
            return [.. _exposedPorts, .. _portBindings.Select(binding => binding.ContainerPort).Where(port => !string.IsNullOrEmpty(port) && exposed.Add(HostPortTable.Normalize(port)))];
        }
    }

    internal static ImmutableSortedDictionary<string, string?> NothingInTypes { get; } = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    /// <summary>Gets the labels that were written from the types, here or in the configuration the spec was read from.</summary>
    internal ImmutableSortedDictionary<string, string?> SaidInTypes => _scheduling.IsEmpty ? SaidBefore : SaidBefore.SetItems(_scheduling);

    private ImmutableSortedDictionary<string, string?> SaidBefore { get; init; } = NothingInTypes;

    private ImmutableSortedDictionary<string, string?> Scheduling
    {
        init => _scheduling = value;
    }

    internal ContainerSpec WithSaidInTypes(ImmutableSortedDictionary<string, string?> said) => said.IsEmpty ? this : this with { SaidBefore = said };

    /// <summary>Returns what is read from the body that is written of this one.</summary>
    internal ContainerSpec AsWritten(string? name) => this with { Name = name, Labels = Labels, SaidBefore = SaidInTypes, Scheduling = NothingInTypes, ExposedPorts = WrittenPorts };

    /// <summary>Gets the limits that may count as demand.</summary>
    internal ContainerLimits Limits => new(MemoryBytes, MemoryReservationBytes, NanoCpus, CpuQuota, CpuPeriod, CpuShares);

    /// <inheritdoc/>
    public bool Equals(ContainerSpec? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && string.Equals(Name, other.Name, StringComparison.Ordinal)
            && string.Equals(Image, other.Image, StringComparison.Ordinal)
            && Command.AsSpan().SequenceEqual(other.Command.AsSpan())
            && Entrypoint.AsSpan().SequenceEqual(other.Entrypoint.AsSpan())
            && Environment.AsSpan().SequenceEqual(other.Environment.AsSpan())
            && Equals(Labels, other.Labels)
            && string.Equals(WorkingDirectory, other.WorkingDirectory, StringComparison.Ordinal)
            && string.Equals(User, other.User, StringComparison.Ordinal)
            && string.Equals(Hostname, other.Hostname, StringComparison.Ordinal)
            && Tty == other.Tty
            && OpenStdin == other.OpenStdin
            && StdinOnce == other.StdinOnce
            && WrittenPorts.AsSpan().SequenceEqual(other.WrittenPorts.AsSpan())
            && PortBindings.AsSpan().SequenceEqual(other.PortBindings.AsSpan())
            && PublishAllPorts == other.PublishAllPorts
            && MemoryBytes == other.MemoryBytes
            && MemoryReservationBytes == other.MemoryReservationBytes
            && MemorySwapBytes == other.MemorySwapBytes
            && NanoCpus == other.NanoCpus
            && CpuShares == other.CpuShares
            && CpuQuota == other.CpuQuota
            && CpuPeriod == other.CpuPeriod
            && string.Equals(CpusetCpus, other.CpusetCpus, StringComparison.Ordinal)
            && string.Equals(NetworkMode, other.NetworkMode, StringComparison.Ordinal)
            && string.Equals(IpcMode, other.IpcMode, StringComparison.Ordinal)
            && string.Equals(PidMode, other.PidMode, StringComparison.Ordinal)
            && VolumesFrom.AsSpan().SequenceEqual(other.VolumesFrom.AsSpan())
            && Links.AsSpan().SequenceEqual(other.Links.AsSpan())
            && Binds.AsSpan().SequenceEqual(other.Binds.AsSpan())
            && Equals(RestartPolicy, other.RestartPolicy)
            && AutoRemove == other.AutoRemove
            && Privileged == other.Privileged
            && string.Equals(StopSignal, other.StopSignal, StringComparison.Ordinal)
            && StopTimeoutSeconds == other.StopTimeoutSeconds);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Image, Labels, Environment.Length, MemoryBytes, NanoCpus, PortBindings.Length, Command.Length);

    /// <summary>Returns the name and the image. Nothing else: environments hold secrets.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Name is null ? Image : $"{Name} ({Image})";

    private static ImmutableArray<string> Texts(ImmutableArray<string> value) => value switch
    {
        { IsDefault: true } => [],
        _ when value.Contains(null!) => [.. value.Select(text => text ?? "")],
        _ => value,
    };

    private static ImmutableArray<PortBinding> Bindings(ImmutableArray<PortBinding> value)
    {
        if (value.IsDefault)
        {
            return [];
        }

        foreach (var (containerPort, hostIp, hostPort) in value)
        {
            if (containerPort is null || hostIp is null || hostPort is null)
            {
                return [.. value.Select(binding => new PortBinding(binding.ContainerPort ?? "", binding.HostIp ?? "", binding.HostPort ?? ""))];
            }
        }

        return value;
    }

    private ImmutableArray<string> ReadList(string label) =>
        Labels.TryGetValue(label, out var text) && GoJson.TryReadStringList(text, out var items) ? items : [];

    private ImmutableSortedDictionary<string, string?> WriteList(string label, ImmutableArray<string> items) =>
        _scheduling.SetItem(label, items.IsDefaultOrEmpty ? null : GoJson.WriteStringList(items));
}
