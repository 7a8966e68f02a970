namespace Swarm.Core.Vectors;

/// <summary>What classic Swarm did, recorded, is what this library does, but for the differences that are written down.</summary>
public sealed class VectorTests
{
    private const int ShownFailures = 10;

    [Test]
    public void Expressions_are_read_and_matched_as_recorded() => Run("expressions", ExpressionVectors.Check);

    [Test]
    public void Configurations_are_built_as_recorded() => Run("config", ConfigVectors.Check);

    [Test]
    public void Filters_accept_and_describe_as_recorded() => Run("filters", FilterVectors.Check);

    [Test]
    public void Strategies_rank_and_nodes_reckon_as_recorded() => Run("strategies", StrategyVectors.Check);

    [Test]
    public void Requests_are_scheduled_as_recorded() => Run("scheduler", SchedulerVectors.Check);

    [Test]
    public void Sequences_of_requests_are_scheduled_as_recorded() => Run("sequences", SequenceVectors.Check);

    [TestCase("names")]
    public void Files_without_a_checker_are_named(string file) =>
        Assert.Ignore($"vectors {file}: 0 passed, 0 failed, 0 skipped, {VectorFile.Read(file).Count} open");

    private static void Run(string file, Func<VectorCase, string?> check)
    {
        var vectors = VectorFile.Read(file);
        var due = vectors.Where(vector => !vector.IsSkipped).ToList();
        var failures = due
            .Select(vector => (vector.Id, Difference: check(vector)))
            .Where(result => result.Difference is not null)
            .Select(result => $"{result.Id}: {result.Difference}")
            .ToList();

        TestContext.Progress.WriteLine($"vectors {file}: {due.Count - failures.Count} passed, {failures.Count} failed, {vectors.Count - due.Count} skipped");
        due.Should().NotBeEmpty();
        if (failures.Count > 0)
        {
            Assert.Fail($"{failures.Count} of {due.Count} lines differ:\n{string.Join('\n', failures.Take(ShownFailures))}");
        }
    }
}
