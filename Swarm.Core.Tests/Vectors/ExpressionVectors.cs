using Swarm.Core.Expressions;

namespace Swarm.Core.Vectors;

internal static class ExpressionVectors
{
    public static string? Check(VectorCase vector) => vector.Kind switch
    {
        "parse" => Expectation.Check(vector, () => Parse(vector)),
        "match" => Expectation.Check(vector, () => Match(vector)),
        _ => $"unknown kind {vector.Kind}",
    };

    private static string? Parse(VectorCase vector)
    {
        var parsed = new List<Expression>();
        foreach (var text in vector.Input.Texts("exprs"))
        {
            if (!Expression.TryParse(text, out var expression, out var error))
            {
                return Expectation.Error(vector.Expected, error);
            }

            parsed.Add(expression);
        }

        return Expectation.Error(vector.Expected, null) ?? Expectation.Same(
            "parsed",
            vector.Expected.Items("parsed").Select(item => $"{item.Text("key")} {item.Text("op")} {item.Text("value")} {item.Flag("soft")}"),
            parsed.Select(item => $"{item.Key} {(item.IsNegated ? "!=" : "==")} {item.Value} {item.IsSoft}"));
    }

    private static string? Match(VectorCase vector)
    {
        if (!Expression.TryParse(vector.Input.Text("expr"), out var expression, out var error))
        {
            return Expectation.Error(vector.Expected, error);
        }

        var candidates = vector.Input.Texts("candidates");
        return Expectation.Error(vector.Expected, null)
            ?? Expectation.Same(
                "each",
                candidates.Zip(vector.Expected.Items("each"), (candidate, wanted) => $"{candidate}:{wanted.GetBoolean()}"),
                candidates.Select(candidate => $"{candidate}:{expression.Matches(candidate)}"))
            ?? Expectation.Same("together", vector.Expected.Flag("together"), expression.Matches(candidates.AsSpan()))
            ?? Expectation.Same("none", vector.Expected.Flag("none"), expression.Matches([]));
    }
}
