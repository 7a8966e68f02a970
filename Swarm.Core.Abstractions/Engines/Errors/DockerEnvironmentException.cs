using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What the environment says of the docker command's engine cannot be used.</summary>
public sealed class DockerEnvironmentException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="setting">The variable or the file at fault.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public DockerEnvironmentException(string setting, string reason, Exception? innerException = null)
        : base($"{CleanText.Of(setting)}: {CleanText.Of(reason)}.", innerException)
    {
        Setting = CleanText.Of(setting);
        Reason = CleanText.Of(reason);
    }

    /// <summary>Gets the variable, such as <c>DOCKER_HOST</c>, or the path of the file at fault. Cleaned.</summary>
    public string Setting { get; }

    /// <summary>Gets what is wrong with it, as a clause without a full stop.</summary>
    public string Reason { get; }
}
