using System.Text.Json;
using Swarm.Core.Expressions;
using Swarm.Core.Model;

namespace Swarm.Core.Vectors;

/// <summary>Compares what came out of an operation with what a vector wants. Every check returns what differs, or null.</summary>
internal static class Expectation
{
    /// <summary>Runs an operation. An error of the library stands for its kind, so that a vector that wants the kind is met by it and no other one is.</summary>
    public static string? Check(VectorCase vector, Func<string?> compare)
    {
        string? difference;
        try
        {
            difference = compare();
        }
        catch (SwarmException error)
        {
            var kind = KindOf(error);
            return string.Equals(kind, vector.ErrorKind, StringComparison.Ordinal) ? null : $"wanted {Wanted(vector)}, got {kind}: {error.Message}";
        }

        return vector.ErrorKind is { } wanted ? $"wanted {wanted}, got a result" : difference;
    }

    public static string KindOf(SwarmException error) => error switch
    {
        InvalidExpressionException => "invalid_expression",
        InvalidRequestException => "invalid_request",
        InvalidLabelException => "invalid_label",
        InvalidAddressException => "invalid_address",
        _ => error.GetType().Name,
    };

    /// <summary>Compares an error text, or its absence, with <c>error</c> or <c>error_any_of</c>.</summary>
    public static string? Error(JsonElement wanted, string? actual)
    {
        if (wanted.Has("error_any_of"))
        {
            var any = wanted.Texts("error_any_of");
            return actual is not null && any.Contains(actual, StringComparer.Ordinal) ? null : $"wanted one of {string.Join(" / ", any)}, got {Show(actual)}";
        }

        return Same("error", wanted.Has("error") ? wanted.Text("error") : null, actual);
    }

    public static bool IsError(JsonElement wanted) => wanted.Has("error") || wanted.Has("error_any_of");

    public static string? Same(string what, string? wanted, string? actual) =>
        string.Equals(wanted, actual, StringComparison.Ordinal) ? null : $"{what}: wanted {Show(wanted)}, got {Show(actual)}";

    public static string? Same<T>(string what, T wanted, T actual)
        where T : struct => EqualityComparer<T>.Default.Equals(wanted, actual) ? null : $"{what}: wanted {wanted}, got {actual}";

    public static string? Same(string what, IEnumerable<string> wanted, IEnumerable<string> actual) =>
        wanted.SequenceEqual(actual, StringComparer.Ordinal) ? null : $"{what}: wanted [{string.Join(", ", wanted)}], got [{string.Join(", ", actual)}]";

    public static string? Same(string what, IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> actual) =>
        Same(what, Lines(wanted), Lines(actual));

    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, string> map) =>
        map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");

    private static string Wanted(VectorCase vector)
    {
        var text = vector.Expected.GetRawText();
        return text.Length <= 300 ? text : text[..300] + "…";
    }

    private static string Show(string? text) => text is null ? "nothing" : $"'{text}'";
}
