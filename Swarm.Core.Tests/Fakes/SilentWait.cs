using Swarm.Core.Engines;

namespace Swarm.Core.Fakes;

/// <summary>A question when a container ends that is accepted and never answered, as Podman does when a container was too quick for it.</summary>
internal sealed class SilentWait : IContainerWait
{
    public async Task<ContainerExit> GetExitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("It has ended.");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
