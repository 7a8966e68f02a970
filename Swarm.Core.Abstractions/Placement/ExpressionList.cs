using System.Collections.Immutable;
using Swarm.Core.Expressions;

namespace Swarm.Core.Placement;

/// <summary>The expressions of one kind that a request carries, or the reason why they cannot be read.</summary>
/// <remarks>
/// Classic Swarm notices a bad key, value or operator only when the filter runs; such a list is kept with its <see cref="Error"/> and every
/// node is rejected then. What classic Swarm crashes on or silently misreads throws when the request is made.
/// </remarks>
public sealed class ExpressionList
{
    private const int MostInKey = 64;

    /// <summary>Creates a list of expressions that were read.</summary>
    /// <param name="items">The expressions, in the order they were given.</param>
    public ExpressionList(params ImmutableArray<Expression> items)
    {
        Items = items;
        HasSoft = items.Any(expression => expression.IsSoft);
    }

    // What the list says, in one text: lists with the same key mean the same. Null when it is too long to be worth a text.
    internal string? Key => Items.Length > MostInKey ? null : field ??= Error is { } error ? $"!{error}" : IsEmpty ? "" : string.Concat(Items.Select(item => item.Identity));

    private ExpressionList(string error)
    {
        Items = [];
        Error = error;
    }

    /// <summary>Gets the list without expressions.</summary>
    public static ExpressionList Empty { get; } = new([]);

    /// <summary>Gets the expressions, in the order they were given; empty when <see cref="Error"/> is set.</summary>
    public ImmutableArray<Expression> Items { get; }

    /// <summary>Gets why the list cannot be read, in classic Swarm's words; <see langword="null"/> when it can.</summary>
    public string? Error { get; }

    /// <summary>Gets whether there is nothing to check.</summary>
    public bool IsEmpty => Items.IsEmpty && Error is null;

    /// <summary>Gets whether one of the expressions is only a wish.</summary>
    public bool HasSoft { get; }

    /// <summary>Makes a list that cannot be read.</summary>
    /// <param name="error">The reason, in classic Swarm's words.</param>
    /// <returns>The list.</returns>
    public static ExpressionList Unreadable(string error)
    {
        ArgumentException.ThrowIfNullOrEmpty(error);
        return new ExpressionList(error);
    }

    /// <summary>Returns the list without its soft expressions.</summary>
    /// <returns>The same list when it has none.</returns>
    public ExpressionList WithoutSoft() => HasSoft ? new ExpressionList(Items.RemoveAll(expression => expression.IsSoft)) : this;
}
