using System.Collections.Immutable;
using Swarm.Core.Expressions;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>What a caller may decide about one placement beside what the container's configuration says.</summary>
/// <remarks>
/// <para>
/// <see cref="Constraints"/>, <see cref="RequiredLabels"/> and <see cref="ForbiddenEngines"/> are conditions of the host program: they count in addition to
/// those of the configuration, whichever filters the cluster runs, and nothing in a configuration weakens them. They are looked at again when the
/// container's room is reserved. Nothing of them is written into the container, so that whoever wrote the configuration neither sees nor changes them;
/// reasons and explanations do name them, but for <see cref="PlacementResult.ForTenant"/> and <see cref="PlacementException.ForTenant"/>. Hence only the
/// host program knows them, and gives them again for a container that is made anew.
/// </para>
/// <para>
/// They are as good as what they look at. An engine says itself what it is called and which labels it has; what a host program relies on it says in an
/// <see cref="EngineOverlay"/>, which wins over the engine's own labels, or it goes by the ID or the address.
/// </para>
/// </remarks>
public sealed record PlacementOptions
{
    /// <summary>Gets the name of the strategy to use; <see langword="null"/> for the cluster's own.</summary>
    public string? Strategy { get; init; }

    /// <summary>Gets which of several equally good nodes is chosen; <see langword="null"/> for the cluster's own way.</summary>
    public TieBreak? TieBreak { get; init; }

    /// <summary>Gets what soft rules do to the decision; <see langword="null"/> for the cluster's own way.</summary>
    public SoftRuleMode? SoftRules { get; init; }

    /// <summary>Gets constraints on the node, in addition to those of the configuration. Empty by default.</summary>
    /// <value>
    /// A soft one is a wish of the host program's: it is given up after the wishes of the configuration, never for them, and where soft rules are counted it
    /// counts before them.
    /// </value>
    /// <exception cref="ArgumentException">One of them is <see langword="null"/>.</exception>
    public ImmutableArray<Expression> Constraints
    {
        get;
        init => field = Checked(value);
    } = [];

    /// <summary>Gets labels that the node must have, each with exactly that value. Empty by default.</summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public LabelSet RequiredLabels
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value));
    } = LabelSet.Empty;

    /// <summary>Gets what taints of a node are put up with, in addition to what the configuration tolerates. Empty by default.</summary>
    /// <exception cref="ArgumentException">One of them is <see langword="null"/>.</exception>
    public ImmutableArray<Toleration> Tolerations
    {
        get;
        init => field = Checked(value);
    } = [];

    /// <summary>Gets the engines that must not be chosen: each by ID, by name or by address (in any form that <see cref="EngineAddress.Parse"/> reads), whole, whatever the case of its letters. Empty by default.</summary>
    /// <value>The ID of a daemon forbids every engine that shows it. Who forbids an engine by name trusts it to keep that.</value>
    /// <exception cref="ArgumentException">One of them is <see langword="null"/> or empty.</exception>
    public ImmutableArray<string> ForbiddenEngines
    {
        get;
        init => field = Checked(value).Contains("") ? throw new ArgumentException("An engine is forbidden by its ID, name or address, not by an empty text.", nameof(value)) : value.IsDefault ? [] : value;
    } = [];

    private static ImmutableArray<T> Checked<T>(ImmutableArray<T> value)
        where T : class =>
        value.IsDefault ? [] : value.Contains(null!) ? throw new ArgumentException("One of the items is null.", nameof(value)) : value;
}
