using System.Collections.Immutable;
using System.Text;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Refuses container requests that ask for more than the host allows, before anything is made of them. Costs no more than reading the request once.</summary>
internal sealed class SpecCheck(SpecLimits limits)
{
    private readonly SpecLimits _limits = limits.Copy();

    /// <summary>Checks a configuration as its caller gave it.</summary>
    /// <exception cref="InvalidRequestException">It goes beyond a limit.</exception>
    public void Check(ContainerConfig config)
    {
        var spec = config.Typed;
        var name = config.Name;
        Require(name, "body", "bytes of body", nameof(SpecLimits.MaxBodyBytes), config.Body.Length, _limits.MaxBodyBytes);
        var counts = config.Counts;
        Require(name, LabelField(spec.Labels, counts), "labels and annotations", nameof(SpecLimits.MaxLabels), (long)spec.Labels.Count + counts.Annotations, _limits.MaxLabels);
        Require(name, "Env", "entries of the environment", nameof(SpecLimits.MaxEnvironmentEntries), spec.Environment.Length, _limits.MaxEnvironmentEntries);
        Require(name, "ExposedPorts", "exposed ports", nameof(SpecLimits.MaxExposedPorts), ExposedAlone(spec, _limits.MaxExposedPorts), _limits.MaxExposedPorts);
        Require(name, "HostConfig.PortBindings", "host ports", nameof(SpecLimits.MaxPortBindings), (long)spec.PortBindings.Length + config.UnboundPorts, _limits.MaxPortBindings);
        Require(name, "NetworkingConfig", "networks, aliases and links", nameof(SpecLimits.MaxNetworkNames), counts.NetworkNames, _limits.MaxNetworkNames);
        Require(name, MountField(spec, counts), "volumes and mounts", nameof(SpecLimits.MaxMounts), (long)spec.Binds.Length + counts.Mounts, _limits.MaxMounts);
        CheckDependencies(name, spec);
        CheckPorts(name, spec);
        CheckCommand(name, spec, counts);
        CheckLabels(name, spec.Labels, counts);
        CheckEntries(name, config.Body.Span);
    }

    /// <summary>Checks the body of an update.</summary>
    /// <exception cref="InvalidRequestException">It goes beyond a limit.</exception>
    public void Check(ContainerUpdate update, string container)
    {
        Require(container, "body", "bytes of body", nameof(SpecLimits.MaxBodyBytes), update.Body.Length, _limits.MaxBodyBytes);
        CheckEntries(container, update.Body.Span);
    }

    /// <summary>Checks the command of a process that is to run in a container.</summary>
    /// <exception cref="InvalidRequestException">It is too long.</exception>
    public void CheckCommand(ImmutableArray<string> command, string container) =>
        Require(container, "Cmd", "bytes of command", nameof(SpecLimits.MaxCommandBytes), BytesOf(command), _limits.MaxCommandBytes);

    /// <summary>Checks what a configuration wants of its node, wherever it says so, before any of it is read.</summary>
    /// <exception cref="InvalidRequestException">It goes beyond a limit.</exception>
    public void Check(ContainerConfig config, SchedulingLists lists)
    {
        var name = config.Name;
        Require(
            name,
            SwarmLabels.Constraints,
            "constraints, affinities and whitelists",
            nameof(SpecLimits.MaxExpressions),
            (long)lists.Constraints.Length + lists.Affinities.Length + lists.Whitelists.Length,
            _limits.MaxExpressions);
        if (lists.Environment.Length != config.Typed.Environment.Length)
        {
            // They move to labels.
            CheckLabels(name, LabelSet.Create([.. config.Typed.Labels, .. lists.Labels()]), config.Counts);
        }
    }

    /// <summary>Checks the tolerations.</summary>
    /// <exception cref="InvalidRequestException">There are too many.</exception>
    public void CheckTolerations(string? container, int count) =>
        Require(container, SwarmLabels.Tolerations, "tolerations", nameof(SpecLimits.MaxTolerations), count, _limits.MaxTolerations);

    /// <summary>Checks the named resources.</summary>
    /// <exception cref="InvalidRequestException">There are too many.</exception>
    public void CheckNamedResources(string? container, int count) =>
        Require(container, SwarmLabels.Resources, "named resources", nameof(SpecLimits.MaxNamedResources), count, _limits.MaxNamedResources);

    // Engines know more lists than this library does, and later ones will know others.
    private void CheckEntries(string? name, ReadOnlySpan<byte> body)
    {
        var found = BodyEntries.FindTooMany(body, _limits.MaxEntries);
        Require(name, found.Path.Length == 0 ? "body" : found.Path, "entries in one list or map", nameof(SpecLimits.MaxEntries), found.Count, _limits.MaxEntries);
    }

    private void CheckDependencies(string? name, ContainerSpec spec)
    {
        var shared = (IsShared(spec.NetworkMode) ? 1 : 0) + (IsShared(spec.IpcMode) ? 1 : 0) + (IsShared(spec.PidMode) ? 1 : 0);
        Require(
            name,
            spec.Links.Length > spec.VolumesFrom.Length ? "HostConfig.Links" : "HostConfig.VolumesFrom",
            "containers it depends on",
            nameof(SpecLimits.MaxDependencies),
            (long)spec.VolumesFrom.Length + spec.Links.Length + shared,
            _limits.MaxDependencies);
        CheckReferences(name, "HostConfig.VolumesFrom", spec.VolumesFrom);
        CheckReferences(name, "HostConfig.Links", spec.Links);
        CheckReference(name, "HostConfig.NetworkMode", spec.NetworkMode);
        CheckReference(name, "HostConfig.IpcMode", spec.IpcMode);
        CheckReference(name, "HostConfig.PidMode", spec.PidMode);

        static bool IsShared(string mode) => mode.StartsWith(PlacementRequestFactory.ContainerMode, StringComparison.Ordinal);
    }

    // What a node is rejected for is compared once for each node.
    private void CheckPorts(string? name, ContainerSpec spec)
    {
        CheckReferences(name, "ExposedPorts", spec.ExposedPorts);
        foreach (var binding in spec.PortBindings)
        {
            CheckReference(name, "HostConfig.PortBindings", binding.ContainerPort);
            CheckReference(name, "HostConfig.PortBindings", binding.HostIp);
            CheckReference(name, "HostConfig.PortBindings", binding.HostPort);
        }
    }

    // What is bound as well counts there. A body that was written of types exposes all it binds.
    private static int ExposedAlone(ContainerSpec spec, int most)
    {
        if (spec.ExposedPorts.Length <= most)
        {
            return spec.ExposedPorts.Length;
        }

        var bound = spec.PortBindings.Select(binding => HostPortTable.Normalize(binding.ContainerPort)).ToHashSet(StringComparer.Ordinal);
        return spec.ExposedPorts.Count(port => !bound.Contains(HostPortTable.Normalize(port)));
    }

    private void CheckReferences(string? name, string field, ImmutableArray<string> references)
    {
        foreach (var reference in references)
        {
            CheckReference(name, field, reference);
        }
    }

    private void CheckReference(string? name, string field, string reference) =>
        Require(name, field, "characters of one reference, mode or port", nameof(SpecLimits.MaxReferenceLength), reference.Length, _limits.MaxReferenceLength);

    private void CheckCommand(string? name, ContainerSpec spec, CreateBodyCounts counts)
    {
        var (command, entrypoint, test) = (BytesOf(spec.Command), BytesOf(spec.Entrypoint), counts.HealthcheckBytes + counts.HealthcheckWords);
        var longest = Math.Max(command, Math.Max(entrypoint, test));
        Require(
            name,
            longest == command ? "Cmd" : longest == entrypoint ? "Entrypoint" : "Healthcheck.Test",
            "bytes of command",
            nameof(SpecLimits.MaxCommandBytes),
            command + entrypoint + test,
            _limits.MaxCommandBytes);
    }

    // Each word has an end as well, or any number of empty ones would be no command at all.
    private static long BytesOf(ImmutableArray<string> words)
    {
        var bytes = 0L;
        foreach (var word in words.IsDefault ? [] : words)
        {
            bytes += Encoding.UTF8.GetByteCount(word ?? "") + 1;
        }

        return bytes;
    }

    private static string LabelField(LabelSet labels, CreateBodyCounts counts) => counts.Annotations > labels.Count ? "HostConfig.Annotations" : "Labels";

    private static string MountField(ContainerSpec spec, CreateBodyCounts counts) => spec.Binds.Length > counts.Mounts ? "HostConfig.Binds" : "HostConfig.Mounts";

    private void CheckLabels(string? name, LabelSet labels, CreateBodyCounts counts)
    {
        Require(name, "HostConfig.Annotations", "bytes of one annotation", nameof(SpecLimits.MaxLabelBytes), counts.LongestAnnotation, _limits.MaxLabelBytes);
        var total = counts.AnnotationBytes;
        foreach (var (key, value) in labels)
        {
            var bytes = (long)Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
            Require(name, "Labels", "bytes of one label", nameof(SpecLimits.MaxLabelBytes), bytes, _limits.MaxLabelBytes);
            total += bytes;
        }

        Require(name, LabelField(labels, counts), "bytes of labels and annotations", nameof(SpecLimits.MaxTotalLabelBytes), total, _limits.MaxTotalLabelBytes);
    }

    private static void Require(string? container, string field, string what, string limit, long found, long allowed)
    {
        if (found <= allowed)
        {
            return;
        }

        var option = SpecLimits.OptionOf(limit);
        var who = container is null ? "A container without a name" : $"Container {container}";
        throw new InvalidRequestException(
            field,
            new ExceededLimit(option, found, allowed, container),
            FormattableString.Invariant($"{who} has {found:N0} {what}; at most {allowed:N0} are allowed ({option})."));
    }
}
