using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>What a container is to be: the create body exactly as the engine takes it, and the name, which the engine takes apart from the body.</summary>
/// <remarks>
/// The document is the truth: it reaches the engine byte for byte, whether this library knows a field or not. <see cref="Typed"/> is a lens on
/// it. Keys are matched as the engine matches them, without regard to case where the engine has none, so that nothing the engine honours
/// escapes scheduling; keys given twice are refused. The <c>With…</c> methods splice a few bytes and leave every other byte as it was.
/// Immutable and safe for concurrent use. Two configurations are not compared by content: compare <see cref="Typed"/> or <see cref="Body"/>.
/// </remarks>
public sealed class ContainerConfig
{
    private const int LongestName = 128;

    private readonly byte[] _bytes;
    private readonly CreateBody _read;

    // The labels that were written from the types of a spec and not as text: nobody but the program itself can have meant them.
    private readonly ImmutableSortedDictionary<string, string?> _saidInTypes;

    private ContainerConfig(byte[] bytes, string? name, ImmutableSortedDictionary<string, string?> saidInTypes)
    {
        _bytes = bytes;
        Name = name;
        _read = CreateBodyReader.Read(bytes, name);
        _saidInTypes = saidInTypes;
        Typed = saidInTypes.IsEmpty ? _read.Spec : _read.Spec.WithSaidInTypes(saidInTypes);
    }

    /// <summary>Gets the create body, UTF-8, exactly as it goes to the engine.</summary>
    public ReadOnlyMemory<byte> Body => _bytes;

    /// <summary>Gets the name without a leading <c>/</c>, or <see langword="null"/> when the engine shall choose one.</summary>
    public string? Name { get; }

    /// <summary>Gets what scheduling and ordinary callers read from the document. A field that is absent or null has its empty value.</summary>
    /// <remarks>
    /// Limits in the layout of API versions up to 1.18, at the top of the body, count as in classic Swarm: where they are set they overrule
    /// <c>HostConfig</c>. Where there is no <c>HostConfig</c> at all, its other fields are read from the top too, because engines up to 20.10 do so.
    /// </remarks>
    public ContainerSpec Typed { get; }

    /// <summary>Reads a create body.</summary>
    /// <param name="createBody">The body: one JSON object in UTF-8, at most 4 MiB and 64 levels deep.</param>
    /// <param name="name">The name; a leading <c>/</c> is taken off. <see langword="null"/> or empty when the engine shall choose one.</param>
    /// <returns>The configuration; it owns a copy of the body.</returns>
    /// <exception cref="InvalidRequestException">The body or the name is wrong: not JSON, not UTF-8, a key given twice, a field of the wrong type.</exception>
    public static ContainerConfig Parse(ReadOnlySpan<byte> createBody, string? name = null) => new(createBody.ToArray(), CheckName(name), ContainerSpec.NothingInTypes);

    /// <summary>Writes the configuration of a spec: a body with what is set in it and nothing else.</summary>
    /// <param name="typed">The spec.</param>
    /// <returns>The configuration; its <see cref="Typed"/> equals <paramref name="typed"/>.</returns>
    /// <exception cref="InvalidRequestException">The name is wrong, a text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public static ContainerConfig FromContainerSpec(ContainerSpec typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return new ContainerConfig(CreateBodyWriter.Write(typed), CheckName(typed.Name), typed.SaidInTypes);
    }

    /// <summary>Writes the configuration of a spec; the same as <see cref="FromContainerSpec"/>.</summary>
    /// <param name="typed">The spec.</param>
    public static implicit operator ContainerConfig(ContainerSpec typed) => FromContainerSpec(typed);

    /// <summary>Returns the configuration under another name.</summary>
    /// <param name="name">The name; a leading <c>/</c> is taken off. <see langword="null"/> or empty when the engine shall choose one.</param>
    /// <returns>The configuration; the body is the same.</returns>
    /// <exception cref="InvalidRequestException">The name is wrong.</exception>
    public ContainerConfig WithName(string? name)
    {
        var checkedName = CheckName(name);
        return string.Equals(Name, checkedName, StringComparison.Ordinal) ? this : new ContainerConfig(_bytes, checkedName, _saidInTypes);
    }

    /// <summary>Returns the configuration with a label, which replaces one of the same key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>The configuration; this one when it has just that label.</returns>
    /// <exception cref="InvalidRequestException">A text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public ContainerConfig WithLabel(string key, string value) => WithLabels([KeyValuePair.Create(key, value)]);

    /// <summary>Returns the configuration with labels, which replace those of the same keys. Of two with one key the last counts.</summary>
    /// <param name="labels">The labels.</param>
    /// <returns>The configuration; this one when it has just those labels.</returns>
    /// <exception cref="InvalidRequestException">A text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public ContainerConfig WithLabels(IEnumerable<KeyValuePair<string, string>> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var splices = new List<Splice>();
        var added = new List<(string Key, byte[] Value)>();
        foreach (var (key, value) in LabelSet.Create(labels))
        {
            var bytes = Quote($"Labels['{key}']", value);
            if (_read.Labels?.Find(key) is not { } member)
            {
                added.Add((CreateBodyWriter.Checked("Labels", key), bytes));
            }
            else if (member.IsNull || !string.Equals(Typed.Labels[key], value, StringComparison.Ordinal))
            {
                splices.Add(Splice.Replace(member, bytes));
            }
        }

        if (added.Count > 0)
        {
            splices.Add(_read.Labels is { } map ? Append(map, added) : Set(_read.Top, "Labels", WriteObject(added)));
        }

        return Apply(splices);
    }

    /// <summary>Returns the configuration without a label.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The configuration; this one when it has no such label.</returns>
    public ContainerConfig WithoutLabel(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return WithoutLabels([key]);
    }

    /// <summary>Returns the configuration without some labels, at the cost of one edit however many they are.</summary>
    internal ContainerConfig WithoutLabels(IReadOnlyCollection<string> keys)
    {
        if (keys.Count == 0 || _read.Labels is not { } map)
        {
            return this;
        }

        var (members, gone) = (map.Members, keys.ToHashSet(StringComparer.Ordinal));
        var splices = new List<Splice>();
        for (var first = 0; first < members.Count; first++)
        {
            if (!gone.Contains(members[first].Key))
            {
                continue;
            }

            // Neighbours that go as well go with it, and one comma with all of them.
            var next = first + 1;
            while (next < members.Count && gone.Contains(members[next].Key))
            {
                next++;
            }

            var start = next == members.Count && first > 0 ? members[first - 1].End : members[first].NameStart;
            var end = next < members.Count ? members[next].NameStart : members[next - 1].End;
            splices.Add(new Splice(start, end - start, []));
            first = next;
        }

        return Apply(splices);
    }

    /// <summary>Returns the configuration with another environment in place of the whole present one.</summary>
    /// <param name="environment">The entries, as <c>KEY=value</c>.</param>
    /// <returns>The configuration; this one when it has just that environment.</returns>
    /// <exception cref="InvalidRequestException">A text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public ContainerConfig WithEnvironment(IReadOnlyList<string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment.SequenceEqual(Typed.Environment, StringComparer.Ordinal))
        {
            return this;
        }

        var bytes = JsonText.Write(environment, static (json, items) =>
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                json.WriteStringValue(CreateBodyWriter.Checked("Env", item));
            }

            json.WriteEndArray();
        });
        return Apply([Set(_read.Top, "Env", bytes)]);
    }

    /// <summary>Returns the configuration with another network mode.</summary>
    /// <param name="networkMode">The network mode, for example <c>container:4bcc…</c>.</param>
    /// <returns>The configuration; this one when it has just that network mode.</returns>
    /// <exception cref="InvalidRequestException">The text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public ContainerConfig WithNetworkMode(string networkMode)
    {
        ArgumentNullException.ThrowIfNull(networkMode);
        return string.Equals(Typed.NetworkMode, networkMode, StringComparison.Ordinal)
            ? this
            : Apply([.. SetHost([("NetworkMode", Quote("HostConfig.NetworkMode", networkMode))])]);
    }

    /// <summary>Returns the configuration with other CPU shares.</summary>
    /// <param name="cpuShares">The shares; 0 for the engine's default.</param>
    /// <returns>The configuration; this one when it has just those shares.</returns>
    /// <exception cref="InvalidRequestException">The body would exceed 4 MiB.</exception>
    public ContainerConfig WithCpuShares(long cpuShares)
    {
        if (_read.HostLimits.CpuShares == cpuShares && _read.Limits.CpuShares == cpuShares)
        {
            return this;
        }

        var bytes = Number(cpuShares);
        var splices = SetHost([("CpuShares", bytes)]);

        // Old-style shares at the top would go on overruling them.
        if (_read.Top.Find("cpushares") is { IsNull: false } old)
        {
            splices.Add(Splice.Replace(old, bytes));
        }

        return Apply(splices);
    }

    /// <summary>Tells whether the value of a label was said in the types of a spec: text can be somebody else's, types are the program's own.</summary>
    internal bool IsSaidInTypes(string label, string value) => _saidInTypes.TryGetValue(label, out var said) && string.Equals(said, value, StringComparison.Ordinal);

    /// <summary>Returns the configuration with another number in <c>HostConfig</c>, for one that has no old-style limits at the top.</summary>
    internal ContainerConfig WithHostNumber(string name, long value) => Apply(SetHost([(name, Number(value))]));

    /// <summary>Returns the configuration with other host ports in place of all present ones.</summary>
    internal ContainerConfig WithPortBindings(ImmutableArray<PortBinding> bindings) => Apply(SetHost([("PortBindings", CreateBodyWriter.PortBindings(bindings))]));

    /// <summary>Returns the configuration with its old-style limits also in <c>HostConfig</c>.</summary>
    /// <returns>The configuration; this one when <c>HostConfig</c> says the same as <see cref="Typed"/>.</returns>
    /// <remarks>
    /// API versions up to 1.18 had memory, swap, CPU shares and CPU set at the top of the body. Classic Swarm lets them overrule
    /// <c>HostConfig</c>, and so does <see cref="Typed"/>; an engine prefers <c>HostConfig</c>, or does not know them any more. With this the
    /// engine enforces what scheduling counted.
    /// </remarks>
    /// <exception cref="InvalidRequestException">The body would exceed 4 MiB.</exception>
    public ContainerConfig WithConsolidatedLimits()
    {
        if (_read.HostConfig is null ? !HasHostFieldsAtTop && Typed.CpusetCpus.Length == 0 : _read.Limits == _read.HostLimits)
        {
            return this;
        }

        var (limits, present) = (_read.Limits, _read.HostLimits);
        var fields = new List<(string, byte[])>();
        if (limits.Memory != present.Memory)
        {
            fields.Add(("Memory", Number(limits.Memory)));
        }

        if (limits.MemorySwap != present.MemorySwap)
        {
            fields.Add(("MemorySwap", Number(limits.MemorySwap)));
        }

        if (limits.CpuShares != present.CpuShares)
        {
            fields.Add(("CpuShares", Number(limits.CpuShares)));
        }

        if (!string.Equals(limits.CpusetCpus, present.CpusetCpus, StringComparison.Ordinal))
        {
            fields.Add(("CpusetCpus", Quote("HostConfig.CpusetCpus", limits.CpusetCpus)));
        }

        return Apply(SetHost(fields));
    }

    /// <summary>Returns the name and the image.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Typed.ToString();

    // An empty name is none, as in the engine's query parameter.
    internal static string? BareName(string? name)
    {
        var bare = name is ['/', .. var rest] ? rest : name;
        return string.IsNullOrEmpty(name) ? null : bare;
    }

    /// <summary>Returns a name without a leading <c>/</c>; <see langword="null"/> when it is empty.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    internal static string? CheckName(string? name)
    {
        var bare = BareName(name);
        if (bare is null || (bare.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(bare[0])
            && bare.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')))
        {
            return bare;
        }

        throw new InvalidRequestException(
            "name",
            bare.Length > LongestName
                ? $"The container name '{CleanText.Of(bare, LongestName)}' is longer than {LongestName} characters."
                : $"The container name '{CleanText.Of(bare)}' is not made of letters, digits, '_', '.' and '-', beginning with a letter or digit.");
    }

    // How much the container is given beside what the lens shows.
    internal CreateBodyCounts Counts => _read.Counts;

    // How many container ports stand among the bindings without one.
    internal int UnboundPorts => _read.UnboundPorts;

    private bool HasHostFieldsAtTop => _read.Top.Members.Exists(member => !member.IsNull && CreateBodyShape.IsHostField(member.Key));

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Quote(string field, string text) =>
        JsonText.Write(CreateBodyWriter.Checked(field, text), static (json, value) => json.WriteStringValue(value));

    private static byte[] WriteObject(IEnumerable<(string Key, byte[] Value)> members) => JsonText.Write(members, static (json, pairs) =>
    {
        json.WriteStartObject();
        foreach (var (key, value) in pairs)
        {
            json.WritePropertyName(key);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        json.WriteEndObject();
    });

    // Puts a field of the struct, which is kept under its folded name, to a value.
    private static Splice Set(JsonObjectMap map, string name, byte[] value) =>
        map.Find(GoJson.Fold(name)) is { } member ? Splice.Replace(member, value) : Append(map, [(name, value)]);

    private static Splice Append(JsonObjectMap map, IReadOnlyList<(string Key, byte[] Value)> members)
    {
        // The text between the braces of an object that holds just these.
        var inner = WriteObject(members).AsSpan()[1..^1];
        return map.Members.Count == 0
            ? new Splice(map.Start + 1, 0, inner.ToArray())
            : new Splice(map.Members[^1].End, 0, [(byte)',', .. inner]);
    }

    private List<Splice> SetHost(IReadOnlyList<(string Name, byte[] Value)> fields)
    {
        if (_read.HostConfig is { } host)
        {
            var added = fields.Where(field => host.Find(GoJson.Fold(field.Name)) is null).ToList();
            var splices = fields.Except(added).Select(field => Set(host, field.Name, field.Value)).ToList();
            if (added.Count > 0)
            {
                splices.Add(Append(host, added));
            }

            return splices;
        }

        // A HostConfig would hide the old-style fields at the top from an engine that reads them, so it takes them along.
        var replaced = fields.Select(field => GoJson.Fold(field.Name)).ToHashSet(StringComparer.Ordinal);
        var old = _read.Top.Members
            .Where(member => !member.IsNull && CreateBodyShape.IsHostField(member.Key) && !replaced.Contains(member.Key))
            .Select(member => (NameAt(member), _bytes[member.ValueStart..member.End]));
        return [Set(_read.Top, "HostConfig", WriteObject([.. old, .. fields]))];
    }

    private string NameAt(JsonObjectMap.Member member)
    {
        var reader = new Utf8JsonReader(_bytes.AsSpan(member.NameStart, member.ValueStart - member.NameStart), isFinalBlock: false, default);
        reader.Read();
        return JsonText.GetString(ref reader);
    }

    private ContainerConfig Apply(List<Splice> splices)
    {
        if (splices.Count == 0)
        {
            return this;
        }

        splices.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var buffer = new ArrayBufferWriter<byte>(_bytes.Length + splices.Sum(splice => splice.Bytes.Length));
        var position = 0;
        foreach (var splice in splices)
        {
            buffer.Write(_bytes.AsSpan(position, splice.Start - position));
            buffer.Write(splice.Bytes);
            position = splice.Start + splice.Length;
        }

        buffer.Write(_bytes.AsSpan(position));
        return new ContainerConfig(buffer.WrittenSpan.ToArray(), Name, _saidInTypes);
    }

    private readonly record struct Splice(int Start, int Length, byte[] Bytes)
    {
        public static Splice Replace(JsonObjectMap.Member member, byte[] bytes) => new(member.ValueStart, member.End - member.ValueStart, bytes);
    }
}
