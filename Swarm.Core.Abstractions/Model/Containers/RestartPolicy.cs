namespace Swarm.Core.Model;

/// <summary>When the engine starts a container again by itself.</summary>
/// <param name="Name"><c>no</c>, <c>always</c>, <c>unless-stopped</c> or <c>on-failure</c>.</param>
/// <param name="MaximumRetries">How often at most, for <c>on-failure</c>; 0 for without limit.</param>
public sealed record RestartPolicy(string Name, int MaximumRetries = 0)
{
    /// <summary>Gets the policy that restarts a container whenever it ends, and when the daemon starts.</summary>
    public static RestartPolicy Always { get; } = new("always");

    /// <summary>Gets the policy that restarts a container unless somebody stopped it.</summary>
    public static RestartPolicy UnlessStopped { get; } = new("unless-stopped");

    /// <summary>Returns the policy as the docker command line writes it, for example <c>on-failure:3</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => MaximumRetries == 0 ? Name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}:{MaximumRetries}");
}
