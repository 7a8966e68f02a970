using System.Globalization;

namespace Swarm.Core.Builders;

/// <summary>Waits for a condition that other tasks bring about. The deadline is a guard against hanging, not a measure: other processes may keep the machine busy.</summary>
internal static class Eventually
{
    /// <summary>The variable that says how many seconds to wait, for runs in which what is waited for need not come.</summary>
    public const string PatienceVariable = "SWARM_TEST_PATIENCE";

    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable(PatienceVariable) is { Length: > 0 } seconds ? double.Parse(seconds, CultureInfo.InvariantCulture) : 60);

    public static async Task IsTrueAsync(Func<bool> condition, string because, Action? meanwhile = null, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? _deadline);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"Still not true after {patience ?? _deadline}: {because}.");
            }

            meanwhile?.Invoke();
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
