using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>Writes amounts of resources for people. Rounded towards zero, so that "at most" stays true.</summary>
internal static class AmountText
{
    private static readonly string[] _units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Of(string? resource, long amount) => resource switch
    {
        ResourceNames.Memory => Bytes(amount),
        ResourceNames.Cpu => Decimal(amount / (decimal)ResourceVector.NanoCpusPerCpu, 3),
        _ => amount.ToString(CultureInfo.InvariantCulture),
    };

    private static string Bytes(long value)
    {
        var amount = (decimal)value;
        var unit = 0;
        while (Math.Abs(amount) >= 1024)
        {
            amount /= 1024;
            unit++;
        }

        return $"{Decimal(amount, 2)} {_units[unit]}";
    }

    private static string Decimal(decimal amount, int places) =>
        Math.Round(amount, places, MidpointRounding.ToZero).ToString("0.###", CultureInfo.InvariantCulture);
}
