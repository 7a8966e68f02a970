namespace Swarm.Core.Docker;

/// <summary>What becomes of a test that needs something the machine does not have.</summary>
internal static class MissingPart
{
    /// <summary>Skips the test; on a build server it fails, for it would hide that nothing was tested.</summary>
    /// <param name="reason">What is missing: a sentence.</param>
    /// <param name="mayBeMissing">Whether a build server may lack it too.</param>
    public static void Skip(string reason, bool mayBeMissing = false)
    {
        if (!mayBeMissing && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }

    /// <summary>Tells whether there is a command.</summary>
    public static bool HasCommand(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
