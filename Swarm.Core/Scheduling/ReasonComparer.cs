namespace Swarm.Core.Scheduling;

/// <summary>Tells nodes that were rejected for one reason from others, whatever their numbers.</summary>
/// <remarks>
/// There is one for each node, and the subject is a text of whoever wrote the request, mostly the same instance each time: it is compared by
/// reference first, and no more of it is read for the hash than its ends.
/// </remarks>
internal sealed class ReasonComparer : IEqualityComparer<RejectedNode>
{
    private const int End = 64;

    public static ReasonComparer Instance { get; } = new();

    public bool Equals(RejectedNode x, RejectedNode y) =>
        x.Filter == y.Filter
        && string.Equals(x.Rejection.Filter, y.Rejection.Filter, StringComparison.Ordinal)
        && string.Equals(x.Rejection.Code, y.Rejection.Code, StringComparison.Ordinal)
        && string.Equals(x.Rejection.Subject, y.Rejection.Subject, StringComparison.Ordinal);

    public int GetHashCode(RejectedNode obj)
    {
        var subject = obj.Rejection.Subject.AsSpan();
        return HashCode.Combine(
            obj.Filter,
            obj.Rejection.Code.Length,
            subject.Length,
            string.GetHashCode(subject[..Math.Min(End, subject.Length)]),
            string.GetHashCode(subject[Math.Max(0, subject.Length - End)..]));
    }
}
