namespace Swarm.Core.Diagnostics;

/// <summary>While it lasts, the watch over the whole run does not listen to activities: for tests of what happens when nobody does.</summary>
internal sealed class Silence : IDisposable
{
    private static readonly AsyncLocal<bool> _isKept = new();

    public Silence() => _isKept.Value = true;

    public static bool IsKept => _isKept.Value;

    public void Dispose() => _isKept.Value = false;
}
