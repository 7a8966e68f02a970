using System.ComponentModel;
using System.Globalization;

namespace Swarm.Core.Engines;

/// <summary>Lets a configuration give networks in one text, separated by commas. Empty parts stay: they are mistakes to tell of.</summary>
internal sealed class NetworkListConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        var networks = new NetworkList();
        if (value is string { Length: > 0 } text)
        {
            foreach (var part in NetworkList.Split(text))
            {
                networks.Add(part.Trim());
            }
        }

        return networks;
    }
}
