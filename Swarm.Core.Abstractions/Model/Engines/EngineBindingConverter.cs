using System.ComponentModel;
using System.Globalization;

namespace Swarm.Core.Model;

/// <summary>Lets a configuration give a binding as a text.</summary>
internal sealed class EngineBindingConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => EngineBinding.Read(value as string ?? "");
}
