using System.Globalization;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Placement;

/// <summary>Why one node was rejected. A small value: the text is made only when somebody reads it.</summary>
/// <param name="Filter">The name of the filter that rejected the node, or <see cref="RejectionCodes.AdmissionFilter"/> for the scheduler's own check of room and ports.</param>
/// <param name="Code">A stable code for programs, for example <see cref="RejectionCodes.Constraint"/>. Filters of a host choose their own.</param>
/// <param name="Subject">What it is about, as it was given: the constraint, the port, the resource; <see langword="null"/> when the code says it all.</param>
/// <param name="Needed">How much was needed, in the unit of the subject; 0 when numbers do not apply.</param>
/// <param name="Free">How much was free, in the same unit; 0 when numbers do not apply.</param>
public readonly record struct Rejection(string Filter, string Code, string? Subject = null, long Needed = 0, long Free = 0)
{
    /// <summary>Returns the reason as a clause for people, for example <c>constraint region==eu is not met</c>.</summary>
    /// <returns>The text, cleaned.</returns>
    public override string ToString() => Code switch
    {
        RejectionCodes.Unhealthy => "the engine is not healthy",
        RejectionCodes.Ineligible => Subject is null ? "the node takes no new work" : $"the node takes no new work: {CleanText.Of(Subject)}",
        RejectionCodes.Taint => $"taint {CleanText.Of(Subject)} is not tolerated",
        RejectionCodes.Constraint => $"constraint {CleanText.Of(Subject)} is not met",
        RejectionCodes.Affinity => $"affinity {CleanText.Of(Subject)} is not met",
        RejectionCodes.Host => $"the host program demands otherwise: {CleanText.Of(Subject)}",
        RejectionCodes.Whitelist => $"whitelist {CleanText.Of(Subject)} does not name it",
        RejectionCodes.Dependency => $"{CleanText.Of(Subject)} is not on it",
        RejectionCodes.Unreadable => $"the {CleanText.Of(Filter)} expressions cannot be read: {CleanText.Of(Subject)}",
        RejectionCodes.Port => $"port {CleanText.Of(Subject)} is taken",
        RejectionCodes.TooExpensive => string.Create(CultureInfo.InvariantCulture, $"the decision takes more than {Free:N0} steps of work ({CleanText.Of(Subject)})"),
        RejectionCodes.Name => $"name {CleanText.Of(Subject)} is taken",
        RejectionCodes.Slots => string.Create(CultureInfo.InvariantCulture, $"no container slot is free (needed {Needed}, free {Free})"),
        RejectionCodes.Resources => $"not enough {CleanText.Of(Subject)} (needed {AmountText.Of(Subject, Needed)}, free {AmountText.Of(Subject, Free)})",
        _ => Subject is null ? CleanText.Of(Code) : $"{CleanText.Of(Code)}: {CleanText.Of(Subject)}",
    };
}
