namespace Swarm.Core.Builders;

/// <summary>
/// The secret that the whole suite carries: in environments, in bodies, in credentials. <see cref="Diagnostics.SecretWatch"/> sees to it that
/// nothing the library says repeats it. A test that throws an error with a secret of its own making uses another text, and looks itself.
/// </summary>
internal static class Canary
{
    public const string Secret = "canary-3b1f7c52e08d";

    /// <summary>An environment entry that holds the secret.</summary>
    public const string Environment = "SWARM_TEST_CANARY=" + Secret;
}
