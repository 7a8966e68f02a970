namespace Swarm.Core.Model;

public sealed class HealthIndicatorTests
{
    [TestCase(EngineStatus.Healthy, 0, 3, 100)]
    [TestCase(EngineStatus.Healthy, 1, 3, 67)]
    [TestCase(EngineStatus.Healthy, 2, 3, 34)]
    [TestCase(EngineStatus.Healthy, 3, 3, 0)]
    [TestCase(EngineStatus.Healthy, 4, 3, 0)]
    [TestCase(EngineStatus.Pending, 0, 3, 0)]
    [TestCase(EngineStatus.Unhealthy, 0, 3, 0)]
    [TestCase(EngineStatus.Disconnected, 0, 3, 0)]
    public void Each_failure_costs_its_part_and_the_limit_all(EngineStatus status, int failures, int limit, int health) =>
        HealthIndicator.Of(status, failures, limit).Should().Be(health);
}
