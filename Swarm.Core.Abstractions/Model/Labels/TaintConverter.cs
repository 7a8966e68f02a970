using System.ComponentModel;
using System.Globalization;

namespace Swarm.Core.Model;

/// <summary>Lets a configuration give a taint as a text.</summary>
internal sealed class TaintConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => Taint.Read(value as string ?? "");
}
