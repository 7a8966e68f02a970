using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Expressions;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>What the host program itself demands of a node, or wishes, whatever the configuration of the container says. Immutable.</summary>
internal sealed class HostConditions
{
    private const int MostInKey = 64;

    private readonly ImmutableArray<(Expression Expression, string Text)> _constraints;
    private readonly ImmutableArray<(Expression Expression, string Text)> _wishes;
    private readonly ImmutableArray<(string Key, string Value, string Text)> _labels;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _forbidden;
    private readonly bool _obeysWishes;

    private HostConditions(
        ImmutableArray<(Expression Expression, string Text)> constraints,
        ImmutableArray<(Expression Expression, string Text)> wishes,
        ImmutableArray<(string Key, string Value, string Text)> labels,
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? forbidden,
        ImmutableArray<Toleration> tolerations,
        bool obeysWishes = false)
    {
        _constraints = constraints;
        _wishes = wishes;
        _labels = labels;
        _forbidden = forbidden;
        _obeysWishes = obeysWishes;
        Tolerations = tolerations;
    }

    /// <summary>What a node is rejected for that is forbidden.</summary>
    public const string Forbidden = "engine is forbidden";

    /// <summary>Gets what taints are put up with.</summary>
    public ImmutableArray<Toleration> Tolerations { get; }

    /// <summary>Gets what is demanded, in one text: conditions with the same key demand the same of every node. <see langword="null"/> when there are too many to be worth a text.</summary>
    public string? Key => _constraints.Length + _wishes.Length + _labels.Length + (_forbidden?.Set.Count ?? 0) > MostInKey ? null : field ??= string.Concat(
        [
            .. _constraints.Select(each => $"c{each.Expression.Identity}"),
            .. (_obeysWishes ? _wishes : []).Select(each => $"c{each.Expression.Identity}"),
            .. _labels.Select(label => $"l{Sized(label.Key)}{Sized(label.Value)}"),
            .. (_forbidden?.Set ?? []).Order(StringComparer.Ordinal).Select(engine => $"f{Sized(engine)}"),
        ]);

    /// <summary>Gets whether there are wishes.</summary>
    public bool HasWishes => !_wishes.IsEmpty;

    /// <summary>Makes the conditions that options hold.</summary>
    /// <returns>The conditions; <see langword="null"/> for none.</returns>
    public static HostConditions? Of(PlacementOptions? options)
    {
        if (options is null || (options.Constraints.IsEmpty && options.RequiredLabels.Count == 0 && options.Tolerations.IsEmpty && options.ForbiddenEngines.IsEmpty))
        {
            return null;
        }

        return new HostConditions(
            [.. options.Constraints.Where(each => !each.IsSoft).Select(Named)],
            [.. options.Constraints.Where(each => each.IsSoft).Select(Named)],
            [.. options.RequiredLabels.Select(label => (label.Key, label.Value, $"label {label.Key}={label.Value}"))],
            options.ForbiddenEngines.IsEmpty ? null : options.ForbiddenEngines.SelectMany(Spellings).ToHashSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>(),
            options.Tolerations);

        // Nodes say their addresses in the canonical form only.
        static IEnumerable<string> Spellings(string reference) =>
            EngineAddress.TryParse(reference, out var address) ? [reference, address.ToString()] : [reference];

        static (Expression Expression, string Text) Named(Expression expression) => (expression, $"constraint {expression.Condition}");
    }

    /// <summary>Finds the first condition that a node does not meet. Allocates nothing.</summary>
    /// <returns>The condition, for people; <see langword="null"/> when all are met.</returns>
    public string? FindUnmet(NodeView node)
    {
        if (_forbidden is { } forbidden && IsForbidden(node, forbidden))
        {
            return Forbidden;
        }

        foreach (var (key, value, text) in _labels)
        {
            if (!node.Labels.TryGetValue(key, out var has) || !string.Equals(has, value, StringComparison.Ordinal))
            {
                return text;
            }
        }

        return FindUnmet(node, _constraints) ?? (_obeysWishes ? FindUnmet(node, _wishes) : null);
    }

    /// <summary>Returns how many wishes a node does not meet.</summary>
    public int CountUnmetWishes(NodeView node)
    {
        var unmet = 0;
        foreach (var (expression, _) in _wishes)
        {
            unmet += NodeConstraint.IsMet(node, expression) ? 0 : 1;
        }

        return unmet;
    }

    /// <summary>Returns the same conditions with the wishes among them.</summary>
    public HostConditions ObeyingWishes() => HasWishes ? new(_constraints, _wishes, _labels, _forbidden, Tolerations, obeysWishes: true) : this;

    /// <summary>Returns the same conditions without one of them.</summary>
    /// <param name="text">The condition as <see cref="FindUnmet(NodeView)"/> names it.</param>
    public HostConditions Without(string? text) => new(
        _constraints.RemoveAll(each => each.Text == text),
        _wishes.RemoveAll(each => each.Text == text),
        _labels.RemoveAll(each => each.Text == text),
        text == Forbidden ? null : _forbidden,
        Tolerations,
        _obeysWishes);

    /// <summary>Returns what is left when the nodes that do not meet the conditions are not there at all.</summary>
    public HostConditions? OnlyTolerations() => Tolerations.IsEmpty ? null : new([], [], [], null, Tolerations);

    private static string Sized(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}");

    private static string? FindUnmet(NodeView node, ImmutableArray<(Expression Expression, string Text)> constraints)
    {
        foreach (var (expression, text) in constraints)
        {
            if (!NodeConstraint.IsMet(node, expression))
            {
                return text;
            }
        }

        return null;
    }

    // A node that shares its daemon's ID with another goes by the ID, a bar and its address; the bare ID still means it.
    private static bool IsForbidden(NodeView node, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> forbidden)
    {
        var bar = node.Id.IndexOf('|', StringComparison.Ordinal);
        return forbidden.Contains(node.Id)
            || (bar >= 0 && forbidden.Contains(node.Id.AsSpan(0, bar)))
            || (node.Name.Length > 0 && forbidden.Contains(node.Name))
            || (node.Address is { } address && forbidden.Contains(address.ToString()));
    }
}
