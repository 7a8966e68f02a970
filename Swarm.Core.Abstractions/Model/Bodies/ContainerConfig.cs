using System.Collections.Immutable;
using System.Globalization;
using System.Text;
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

    private ContainerConfig(byte[] bytes, CreateBody says)
    {
        _bytes = bytes;
        Says = says;
    }

    /// <summary>Gets the create body, UTF-8, exactly as it goes to the engine.</summary>
    public ReadOnlyMemory<byte> Body => _bytes;

    /// <summary>Gets the name without a leading <c>/</c>, or <see langword="null"/> when the engine shall choose one.</summary>
    public string? Name => Typed.Name;

    /// <summary>Gets what scheduling and ordinary callers read from the document. A field that is absent or null has its empty value.</summary>
    /// <remarks>
    /// Limits in the layout of API versions up to 1.18, at the top of the body, count as in classic Swarm: where they are set they overrule
    /// <c>HostConfig</c>. Where there is no <c>HostConfig</c> at all, its other fields are read from the top too, because engines up to 20.10 do so.
    /// </remarks>
    public ContainerSpec Typed => Says.Spec;

    /// <summary>Reads a create body.</summary>
    /// <param name="createBody">The body: one JSON object in UTF-8, at most 4 MiB and 64 levels deep.</param>
    /// <param name="name">The name; a leading <c>/</c> is taken off. <see langword="null"/> or empty when the engine shall choose one.</param>
    /// <returns>The configuration; it owns a copy of the body.</returns>
    /// <exception cref="InvalidRequestException">The body or the name is wrong: not JSON, not UTF-8, a key given twice, a field of the wrong type.</exception>
    public static ContainerConfig Parse(ReadOnlySpan<byte> createBody, string? name = null)
    {
        var bytes = createBody.ToArray();
        return new ContainerConfig(bytes, CreateBodyReader.Read(bytes, CheckName(name)));
    }

    /// <summary>Writes the configuration of a spec: a body with what is set in it and nothing else.</summary>
    /// <param name="typed">The spec.</param>
    /// <returns>The configuration; its <see cref="Typed"/> equals <paramref name="typed"/>.</returns>
    /// <exception cref="InvalidRequestException">The name is wrong, a text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public static ContainerConfig FromContainerSpec(ContainerSpec typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return Make(CreateBodyWriter.Write(typed), CreateBody.Of(typed, CheckName(typed.Name)));
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
        return string.Equals(Name, checkedName, StringComparison.Ordinal) ? this : new ContainerConfig(_bytes, Says with { Spec = Typed with { Name = checkedName } });
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
        var given = LabelSet.Create(labels);
        var edit = new CreateBodyEdit(_bytes);
        edit.SetLabels(Typed.Labels, given);
        return Apply(edit, given, static (says, given) => says with { Spec = says.Spec with { Labels = says.Spec.Labels.With(given) } });
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
        if (keys.Count == 0)
        {
            return this;
        }

        var gone = keys.ToHashSet(StringComparer.Ordinal);
        var edit = new CreateBodyEdit(_bytes);
        edit.RemoveLabels(gone);
        return Apply(edit, gone, static (says, gone) => says with { Spec = says.Spec with { Labels = says.Spec.Labels.Without(gone) } });
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
        var edit = new CreateBodyEdit(_bytes);
        edit.Set("Env", bytes);
        return Apply(edit, environment, static (says, items) => says with { Spec = says.Spec with { Environment = [.. items] } });
    }

    /// <summary>Returns the configuration with another network mode.</summary>
    /// <param name="networkMode">The network mode, for example <c>container:4bcc…</c>.</param>
    /// <returns>The configuration; this one when it has just that network mode.</returns>
    /// <exception cref="InvalidRequestException">The text holds half a surrogate pair, or the body would exceed 4 MiB.</exception>
    public ContainerConfig WithNetworkMode(string networkMode)
    {
        ArgumentNullException.ThrowIfNull(networkMode);
        if (string.Equals(Typed.NetworkMode, networkMode, StringComparison.Ordinal))
        {
            return this;
        }

        var edit = new CreateBodyEdit(_bytes);
        edit.SetHost(("NetworkMode", Quote("HostConfig.NetworkMode", networkMode)));
        return ApplyToHost(edit, networkMode, static (says, mode) => says with { Spec = says.Spec with { NetworkMode = mode } });
    }

    /// <summary>Returns the configuration with other CPU shares.</summary>
    /// <param name="cpuShares">The shares; 0 for the engine's default.</param>
    /// <returns>The configuration; this one when it has just those shares.</returns>
    /// <exception cref="InvalidRequestException">The body would exceed 4 MiB.</exception>
    public ContainerConfig WithCpuShares(long cpuShares)
    {
        if (Says.HostLimits.CpuShares == cpuShares && Says.Limits.CpuShares == cpuShares)
        {
            return this;
        }

        var bytes = Number(cpuShares);
        var edit = new CreateBodyEdit(_bytes);
        edit.SetHost(("CpuShares", bytes));
        edit.Replace("CpuShares", bytes); // old-style shares at the top would go on overruling them
        return ApplyToHost(edit, cpuShares, static (says, shares) => says with
        {
            Spec = says.Spec with { CpuShares = shares },
            Limits = says.Limits with { CpuShares = shares },
            HostLimits = says.HostLimits with { CpuShares = shares },
        });
    }

    /// <summary>Tells whether the value of a label was said in the types of a spec: text can be somebody else's, types are the program's own.</summary>
    internal bool IsSaidInTypes(string label, string value) => Typed.SaidInTypes.TryGetValue(label, out var said) && string.Equals(said, value, StringComparison.Ordinal);

    /// <summary>Returns the configuration with another number in <c>HostConfig</c>, for one that has no old-style limits at the top.</summary>
    internal ContainerConfig WithHostNumber(string name, long value)
    {
        var edit = new CreateBodyEdit(_bytes);
        edit.SetHost((name, Number(value)));
        return ApplyAndRead(edit);
    }

    /// <summary>Returns the configuration with other host ports in place of all present ones.</summary>
    internal ContainerConfig WithPortBindings(ImmutableArray<PortBinding> bindings)
    {
        var edit = new CreateBodyEdit(_bytes);
        edit.SetHost(("PortBindings", CreateBodyWriter.PortBindings(bindings)));
        return ApplyToHost(edit, bindings, static (says, bindings) => says with { Spec = says.Spec with { PortBindings = bindings }, UnboundPorts = 0 });
    }

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
        if (Says.HasHostConfig ? Says.Limits == Says.HostLimits : !Says.HasHostFieldsAtTop && Typed.CpusetCpus.Length == 0)
        {
            return this;
        }

        var (limits, present) = (Says.Limits, Says.HostLimits);
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

        var edit = new CreateBodyEdit(_bytes);
        edit.SetHost(fields);
        return ApplyToHost(edit, 0, static (says, _) => says with { HostLimits = says.Limits });
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

    /// <summary>Gets what the document says: always what would be read from it.</summary>
    internal CreateBody Says { get; }

    // How much the container is given beside what the lens shows.
    internal CreateBodyCounts Counts => Says.Counts;

    // How many container ports stand among the bindings without one.
    internal int UnboundPorts => Says.UnboundPorts;

    private static ContainerConfig Make(byte[] bytes, CreateBody says)
    {
        BodyReader.CheckSize(bytes.Length, CreateBodyReader.What);
        return new ContainerConfig(bytes, says);
    }

    private static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Quote(string field, string text) =>
        JsonText.Write(CreateBodyWriter.Checked(field, text), static (json, value) => json.WriteStringValue(value));

    private ContainerConfig Apply<T>(CreateBodyEdit edit, T given, Func<CreateBody, T, CreateBody> derive) =>
        edit.IsEmpty ? this : Make(edit.Write(), derive(Says, given));

    // What fields at the top mean changes with a HostConfig that was not there: then all is read again.
    private ContainerConfig ApplyToHost<T>(CreateBodyEdit edit, T given, Func<CreateBody, T, CreateBody> derive) =>
        Says.HasHostConfig ? Apply(edit, given, derive) : ApplyAndRead(edit);

    private ContainerConfig ApplyAndRead(CreateBodyEdit edit)
    {
        var bytes = edit.Write();
        var says = CreateBodyReader.Read(bytes, Name);
        return new ContainerConfig(bytes, says with { Spec = says.Spec.WithSaidInTypes(Typed.SaidInTypes) });
    }
}
