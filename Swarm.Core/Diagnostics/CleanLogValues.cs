using System.Collections;
using System.Globalization;
using System.Text;

namespace Swarm.Core.Diagnostics;

/// <summary>The values of a log message, cleaned, and the message that its template makes of them.</summary>
/// <remarks>Only made where a value is not clean: nearly every message is handed on as it was.</remarks>
internal sealed class CleanLogValues : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string TemplateKey = "{OriginalFormat}";

    private readonly KeyValuePair<string, object?>[] _values;

    private CleanLogValues(KeyValuePair<string, object?>[] values) => _values = values;

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <summary>Tells whether some value is not fit to be shown.</summary>
    public static bool AreNeededFor(IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Key != TemplateKey && !IsClean(values[i].Value))
            {
                return true;
            }
        }

        return false;
    }

    public static CleanLogValues Of(IReadOnlyList<KeyValuePair<string, object?>> values) =>
        new([.. values.Select(each => each.Key == TemplateKey || IsClean(each.Value) ? each : KeyValuePair.Create<string, object?>(each.Key, CleanText.Of(TextOf(each.Value))))]);

    /// <summary>Writes the message, as the platform writes it of values that are clean.</summary>
    public override string ToString()
    {
        var template = Array.Find(_values, each => each.Key == TemplateKey).Value as string;
        if (template is null)
        {
            return string.Join(", ", _values.Select(each => $"{each.Key}: {TextOf(each.Value)}"));
        }

        var text = new StringBuilder();
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            text.Append(template, at, open - at);
            var name = template[(open + 1)..close];
            text.Append(TextOf(Array.Find(_values, each => each.Key == name).Value));
            at = close + 1;
        }

        return text.Append(template, at, template.Length - at).ToString();
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Numbers and times cannot be anything else.
    private static bool IsClean(object? value) => value switch
    {
        null or ValueType => true,
        string text => CleanText.IsClean(text),
        _ => CleanText.IsClean(TextOf(value)),
    };

    private static string TextOf(object? value) => value switch
    {
        null => "(null)",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
