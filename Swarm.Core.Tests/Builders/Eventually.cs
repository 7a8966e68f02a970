namespace Swarm.Core.Builders;

/// <summary>Waits for a condition that other tasks bring about. The deadline is a guard against hanging, not a measure.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    public static async Task IsTrueAsync(Func<bool> condition, string because, Action? meanwhile = null)
    {
        using var limit = new CancellationTokenSource(_deadline);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"Still not true after {_deadline}: {because}.");
            }

            meanwhile?.Invoke();
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
