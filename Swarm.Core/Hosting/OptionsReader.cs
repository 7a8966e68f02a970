using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Swarm.Core.Clustering;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Hosting;

/// <summary>Reads options from a configuration, and says of each key that it cannot read what it is and why.</summary>
/// <remarks>
/// The platform's binder leaves out, without a word, elements of lists and dictionaries that it cannot convert, texts where lists or objects belong, and keys
/// that it does not know. Of a whitelist, or of a taint, that must not happen.
/// </remarks>
internal sealed class OptionsReader
{
    // The types whose properties are options. Named one by one, so that trimming keeps what is read here.
    private static readonly Dictionary<Type, Shape> _shapes = Shapes(
        Of<SwarmOptions>(),
        Of<EngineConnectionOptions>(),
        Of<EngineTlsOptions>(),
        Of<EngineTlsRule>(),
        Of<EngineLimits>(),
        Of<EngineOverlay>(),
        Of<BodyRules>(),
        Of<SpecLimits>());

    private readonly List<string> _mistakes = [];

    /// <summary>Sets what a configuration says of the options; what it does not mention stays as it is.</summary>
    /// <param name="options">The options.</param>
    /// <param name="configuration">The configuration, or the section of it that is about the options.</param>
    /// <returns>The mistakes, each a sentence that names the key; none when everything could be read.</returns>
    public static IReadOnlyList<string> Read(SwarmOptions options, IConfiguration configuration)
    {
        var reader = new OptionsReader();
        if (configuration is IConfigurationSection { Value.Length: > 0 } section)
        {
            reader.Refuse(section, "it must be an object");
        }

        reader.ReadProperties(options, _shapes[typeof(SwarmOptions)], configuration);
        return reader._mistakes;
    }

    private static Dictionary<Type, Shape> Shapes(params Shape[] shapes) => shapes.ToDictionary(shape => shape.Type);

    private static Shape Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>()
        where T : class, new() => new(
            typeof(T),
            () => new T(),
            typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase));

    private static Kind KindOf(Type type) =>
        typeof(IEnumerable<string>).IsAssignableFrom(type) && type != typeof(string) ? Kind.Texts
        : type == typeof(IReadOnlyList<Taint>) ? Kind.Taints
        : type == typeof(IReadOnlyDictionary<string, string?>) ? Kind.Labels
        : type == typeof(IDictionary<string, EngineOverlay>) ? Kind.Overlays
        : type == typeof(IList<EngineTlsRule>) ? Kind.Rules
        : IsScalar(Nullable.GetUnderlyingType(type) ?? type) ? Kind.Scalar
        : Kind.Unknown;

    private static bool IsScalar(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(decimal) || type == typeof(double) || type == typeof(TimeSpan) || type == typeof(Secret) || type == typeof(EngineBinding);

    private void ReadProperties(object target, Shape shape, IConfiguration section)
    {
        foreach (var child in section.GetChildren())
        {
            if (!shape.Properties.TryGetValue(child.Key, out var property))
            {
                _mistakes.Add($"{AddressText.Of(child.Path)}: there is no such option; there are {string.Join(", ", shape.Properties.Keys.Order(StringComparer.Ordinal))}.");
                continue;
            }

            try
            {
                ReadProperty(target, property, child);
            }
            catch (TargetInvocationException error) when (error.InnerException is ArgumentException reason)
            {
                _mistakes.Add($"{AddressText.Of(child.Path)}: {CleanText.Of(reason.Message)}");
            }
        }
    }

    private void ReadProperty(object target, PropertyInfo property, IConfigurationSection section)
    {
        var type = property.PropertyType;
        if (_shapes.TryGetValue(type, out var shape))
        {
            if (!IsObject(section))
            {
                return;
            }

            var inner = property.GetValue(target) ?? shape.Make();
            ReadProperties(inner, shape, section);
            property.SetValue(target, inner);
            return;
        }

        switch (KindOf(type))
        {
            case Kind.Texts:
                ReadTexts(target, property, section);
                break;
            case Kind.Taints:
                property.SetValue(target, Texts(section)?.Select(Taint.Read).ToImmutableArray() ?? []);
                break;
            case Kind.Labels:
                property.SetValue(target, Leaves(section).ToImmutableSortedDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal));
                break;
            case Kind.Overlays:
                ReadOverlays((IDictionary<string, EngineOverlay>)property.GetValue(target)!, section);
                break;
            case Kind.Rules:
                ReadRules((IList<EngineTlsRule>)property.GetValue(target)!, section);
                break;
            case Kind.Scalar:
                ReadScalar(target, property, section);
                break;
            default:
                Refuse(section, "only the program can give it");
                break;
        }
    }

    private void ReadScalar(object target, PropertyInfo property, IConfigurationSection section)
    {
        if (section.GetChildren().Any())
        {
            _mistakes.Add($"{AddressText.Of(section.Path)} is an object or a list; it must be one value.");
            return;
        }

        var nullable = Nullable.GetUnderlyingType(property.PropertyType);
        if (section.Value is null)
        {
            if (nullable is null && property.PropertyType.IsValueType)
            {
                Refuse(section, $"it must be {Wanted(property.PropertyType)}");
            }
            else
            {
                property.SetValue(target, null);
            }

            return;
        }

        var type = nullable ?? property.PropertyType;
        if (type == typeof(Secret))
        {
            property.SetValue(target, Secret(section));
        }
        else if (Parse(type, section.Value) is { } value)
        {
            property.SetValue(target, value);
        }
        else
        {
            Refuse(section, $"it must be {Wanted(type)}");
        }
    }

    private Secret? Secret(IConfigurationSection section)
    {
        try
        {
            return string.IsNullOrEmpty(section.Value) ? null : new Secret(section.Value);
        }
        catch (ArgumentException)
        {
            _mistakes.Add($"{AddressText.Of(section.Path)}: it holds half a surrogate pair, which is no text."); // without the value
            return null;
        }
    }

    private static object? Parse(Type type, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(EngineBinding))
        {
            return EngineBinding.Read(text);
        }

        if (type.IsEnum)
        {
            // A number would be taken for whatever it stands for.
            return !text.Any(char.IsAsciiDigit) && Enum.TryParse(type, text, ignoreCase: true, out var named) ? named : null;
        }

        return type == typeof(bool) ? bool.TryParse(text, out var flag) ? flag : null
            : type == typeof(int) ? int.TryParse(text, NumberStyles.Integer, invariant, out var small) ? small : null
            : type == typeof(long) ? long.TryParse(text, NumberStyles.Integer, invariant, out var large) ? large : null
            : type == typeof(decimal) ? decimal.TryParse(text, NumberStyles.Float, invariant, out var exact) ? exact : null
            : type == typeof(double) ? double.TryParse(text, NumberStyles.Float, invariant, out var number) ? number : null
            : TimeSpan.TryParse(text, invariant, out var span) ? (object)span
            : null;
    }

    private static string Wanted(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(TimeSpan) ? "a time such as 00:00:30"
        : type == typeof(string) ? "a text"
        : "a number";

    // One text may be a list: that is how an environment variable gives one.
    private List<string>? Texts(IConfigurationSection section, bool areAddresses = false)
    {
        var children = section.GetChildren().ToList();
        if (section.Value is not null && children.Count > 0)
        {
            Refuse(section, "it has parts as well, and it must be one or the other");
            return null;
        }

        if (IsNothing(section))
        {
            return null;
        }

        if (section.Value is { } text)
        {
            return [.. (areAddresses ? NetworkList.Split(text) : text.Split(',')).Select(part => part.Trim())];
        }

        var texts = new List<string>();
        foreach (var child in children)
        {
            if (child.Value is null || child.GetChildren().Any() || !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                Refuse(child, "it must be a text in a list");
                return null;
            }

            texts.Add(child.Value);
        }

        return texts;
    }

    private void ReadTexts(object target, PropertyInfo property, IConfigurationSection section)
    {
        if (Texts(section, areAddresses: property.PropertyType == typeof(NetworkList)) is not { } texts)
        {
            return;
        }

        if (property.GetValue(target) is ICollection<string> { IsReadOnly: false } collection)
        {
            collection.Clear();
            texts.ForEach(collection.Add);
        }
        else if (property.PropertyType.IsAssignableFrom(typeof(ImmutableArray<string>)))
        {
            property.SetValue(target, texts.ToImmutableArray());
        }
        else
        {
            Refuse(section, "only the program can give it");
        }
    }

    // Of a list of what is allowed nothing would mean everything.
    private bool IsNothing(IConfigurationSection section)
    {
        if (!string.IsNullOrWhiteSpace(section.Value) || section.GetChildren().Any())
        {
            return false;
        }

        Refuse(section, "it must be a list that is not empty; leave the key out for what there is without it");
        return true;
    }

    private void ReadRules(IList<EngineTlsRule> rules, IConfigurationSection section)
    {
        if (!IsObject(section) || IsNothing(section))
        {
            return;
        }

        rules.Clear();
        foreach (var child in section.GetChildren())
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                Refuse(child, "it must be an object in a list");
            }
            else if (IsObject(child))
            {
                var rule = new EngineTlsRule();
                ReadProperties(rule, _shapes[typeof(EngineTlsRule)], child);
                rules.Add(rule);
            }
        }
    }

    private void ReadOverlays(IDictionary<string, EngineOverlay> overlays, IConfigurationSection section)
    {
        if (!IsObject(section))
        {
            return;
        }

        foreach (var (engine, entry) in Entries(section, ""))
        {
            if (!IsObject(entry))
            {
                continue;
            }

            var overlay = overlays.TryGetValue(engine, out var given) && given is not null ? given with { } : new EngineOverlay();
            ReadProperties(overlay, _shapes[typeof(EngineOverlay)], entry);
            overlays[engine] = overlay;
        }
    }

    // A configuration takes the colon of an address for the end of a key.
    private IEnumerable<(string Engine, IConfigurationSection Entry)> Entries(IConfigurationSection section, string prefix)
    {
        foreach (var child in section.GetChildren())
        {
            var below = child.GetChildren().ToList();
            if (child.Value is { Length: > 0 } && below.Count > 0)
            {
                Refuse(child, "it has parts as well, and it must be an object");
            }

            var isEntry = below.Count == 0 || below.Any(each => _shapes[typeof(EngineOverlay)].Properties.ContainsKey(each.Key));
            foreach (var entry in isEntry ? [(prefix + child.Key, child)] : Entries(child, $"{prefix}{child.Key}:"))
            {
                yield return entry;
            }
        }
    }

    private IEnumerable<KeyValuePair<string, string?>> Leaves(IConfigurationSection section)
    {
        if (!IsObject(section))
        {
            return [];
        }

        return section.GetChildren().SelectMany(child => Leaves(child, child.Key));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Leaves(IConfigurationSection section, string key)
    {
        var below = section.GetChildren().ToList();
        return below.Count == 0 ? [KeyValuePair.Create(key, section.Value)]
            : section.Value is { } value ? [KeyValuePair.Create(key, (string?)value), .. below.SelectMany(child => Leaves(child, $"{key}:{child.Key}"))]
            : below.SelectMany(child => Leaves(child, $"{key}:{child.Key}"));
    }

    private bool IsObject(IConfigurationSection section)
    {
        if (section.Value is { Length: > 0 })
        {
            Refuse(section, "it must be an object or a list");
            return false;
        }

        return true;
    }

    private void Refuse(IConfigurationSection section, string wanted) =>
        _mistakes.Add(section.Value is { } value
            ? $"{AddressText.Of(section.Path)} is '{AddressText.Of(value)}'; {wanted}."
            : $"{AddressText.Of(section.Path)} has no value; {wanted}.");

    private enum Kind
    {
        Unknown,
        Scalar,
        Texts,
        Taints,
        Labels,
        Overlays,
        Rules,
    }

    /// <summary>How options of one type are made and what they are.</summary>
    private sealed record Shape(Type Type, Func<object> Make, Dictionary<string, PropertyInfo> Properties);
}
