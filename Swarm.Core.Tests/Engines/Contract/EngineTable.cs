using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Swarm.Core.Docker;

namespace Swarm.Core.Engines.Contract;

/// <summary>The traits of the engines that the contract runs on, for the documentation: what the contract holds each of them to.</summary>
internal static class EngineTable
{
    private static readonly EngineRelease[] _releases = [EngineRelease.Installed, .. EngineReleases.Names.Select(EngineReleases.Named)];

    public static IEnumerable<PropertyInfo> Traits => typeof(EngineTraits).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(trait => trait.CanWrite);

    public static string Text
    {
        get
        {
            var text = new StringBuilder();
            text.AppendJoin("", _releases.Select(release => $"| {release.Title} ")).Insert(0, "| what it does ").Append("|\n|---");
            text.Insert(text.Length, "|---", _releases.Length).Append("|\n");
            foreach (var trait in Traits)
            {
                var values = _releases.Select(release => $"| {Shown(trait.GetValue(release.Traits))} ");
                text.Append(CultureInfo.InvariantCulture, $"| {trait.GetCustomAttribute<EngineFeatureAttribute>()?.Text} {string.Concat(values)}|\n");
            }

            return text.ToString();
        }
    }

    private static string Shown(object? value) => value switch
    {
        true => "yes",
        false => "no",
        string words => $"`{words.Trim()}`",
        IReadOnlyList<string> { Count: 0 } => "none",
        IReadOnlyList<string> words => string.Join(", ", words.Select(word => $"`{word}`")),
        HttpStatusCode status => ((int)status).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A trait of type {value?.GetType()} cannot be shown.", nameof(value)),
    };
}
