namespace Swarm.Core.Engines;

/// <summary>What the docker command finds around it.</summary>
/// <param name="Variable">Gives a variable of the environment; <see langword="null"/> or empty when it is not set.</param>
/// <param name="Home">The home folder of the user; empty when there is none.</param>
/// <param name="IsWindows">Whether this is a Windows machine.</param>
internal sealed record DockerSurroundings(Func<string, string?> Variable, string Home, bool IsWindows)
{
    /// <summary>Gets those of this process.</summary>
    public static DockerSurroundings OfProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        OperatingSystem.IsWindows());
}
