using System.ComponentModel;
using System.Globalization;

namespace Swarm.Core.Model;

/// <summary>Lets a configuration give a secret as a text. The way back gives asterisks.</summary>
internal sealed class SecretConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string { Length: > 0 } text ? new Secret(text) : null;
}
