using System.Net;

namespace Swarm.Core.Engines.Contract;

/// <summary>A connection to an engine for each test, which must end in time; what a test made is removed after it.</summary>
/// <param name="deadline">How long a test, and the cleaning up after it, may take.</param>
public abstract class EngineContractFixture(TimeSpan deadline) : IDisposable
{
    private readonly CancellationTokenSource _bound = new(deadline);

    /// <summary>Gets the IDs of the containers to remove after the test.</summary>
    protected IList<string> Made { get; } = [];

    protected CancellationToken Token => _bound.Token;

    protected IEngine Engine { get; private set; } = null!;

    protected IEngineContainers Containers => Engine.Containers;

    [SetUp]
    public async Task OpenAsync() => Engine = await OpenEngineAsync(Token);

    [TearDown]
    public async Task CleanUpAsync()
    {
        using var bound = new CancellationTokenSource(deadline);
        foreach (var id in Made)
        {
            try
            {
                await Containers.RemoveAsync(id, force: true, removeVolumes: true, bound.Token);
            }
            catch (EngineApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
            {
                // The test removed it.
            }
        }

        await Engine.DisposeAsync();
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a connection to the engine.</summary>
    protected abstract Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken);

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bound.Dispose();
        }
    }
}
