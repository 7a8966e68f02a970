using Swarm.Core.Docker;

namespace Swarm.Core;

/// <summary>Ends the shared daemons after the last test.</summary>
[SetUpFixture]
internal sealed class DockerDaemonsTeardown
{
    [OneTimeTearDown]
    public static Task StopDaemons() => DockerDaemons.StopAsync();
}
