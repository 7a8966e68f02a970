namespace Swarm.Core.Model;

/// <summary>Condenses how well an engine answers into the number that filters and strategies look at.</summary>
internal static class HealthIndicator
{
    /// <summary>Works out the health of an engine.</summary>
    /// <param name="status">Where the engine stands.</param>
    /// <param name="failures">The failed calls in a row.</param>
    /// <param name="limit">The number of failed calls that makes an engine unhealthy; positive.</param>
    /// <returns>100 without failures, 0 when the engine is unusable.</returns>
    public static int Of(EngineStatus status, int failures, int limit) =>
        status != EngineStatus.Healthy || failures >= limit ? 0 : (int)(100 - (failures * 100L / limit));
}
