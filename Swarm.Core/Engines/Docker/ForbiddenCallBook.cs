using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>The calls of one engine that were last refused by what stands before it, of those that it takes to create, run and remove containers. Safe for concurrent use.</summary>
/// <remarks>Learned from what is asked anyway. Nothing is tried out: whoever judges calls judges their bodies too, so one that is to change nothing tells little of one that is.</remarks>
internal sealed class ForbiddenCallBook
{
    private static readonly ImmutableSortedSet<string> _needed = ImmutableSortedSet.Create(
        StringComparer.Ordinal,
        "DELETE /containers/{id}",
        "GET /containers/{id}/json",
        "POST /containers/create",
        "POST /containers/{id}/attach",
        "POST /containers/{id}/kill",
        "POST /containers/{id}/start",
        "POST /containers/{id}/stop",
        "POST /containers/{id}/wait",
        "POST /images/create");

    private ImmutableSortedSet<string> _calls = _needed.Clear();

    /// <summary>Gets them, in order.</summary>
    public ImmutableArray<string> All => [.. Volatile.Read(ref _calls)];

    /// <summary>Tells whether work needs a call, and not just an operation that somebody may never ask for.</summary>
    public static bool IsNeeded(string call) => _needed.Contains(call);

    /// <summary>Notes that a call was forbidden.</summary>
    public void Add(string call)
    {
        if (IsNeeded(call))
        {
            ImmutableInterlocked.Update(ref _calls, static (calls, call) => calls.Add(call), call);
        }
    }

    /// <summary>Notes that a call came through, whatever its engine said.</summary>
    public void CameThrough(HttpRequestMessage request)
    {
        // Nearly always there is nothing to take back.
        if (!Volatile.Read(ref _calls).IsEmpty)
        {
            ImmutableInterlocked.Update(ref _calls, static (calls, call) => calls.Remove(call), ForbiddenCall.NameOf(request));
        }
    }
}
