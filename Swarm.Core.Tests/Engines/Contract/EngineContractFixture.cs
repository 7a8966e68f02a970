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

    /// <summary>Gets what the engine does in a way of its own.</summary>
    protected virtual EngineTraits Traits => EngineTraits.Docker20;

    [SetUp]
    public async Task OpenAsync() => Engine = await OpenEngineAsync(Token);

    [TearDown]
    public async Task CleanUpAsync()
    {
        using var bound = new CancellationTokenSource(deadline);
        foreach (var id in Made.Reverse()) // who shares the network of another goes before it
        {
            while (!await TryRemoveAsync(id, bound.Token))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), bound.Token);
            }
        }

        // There is none where the test is skipped.
        if (Engine is { } engine)
        {
            await engine.DisposeAsync();
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    // Whether it is gone: the test may have removed it, and an engine says of what it removes by itself that it is at it.
    private async Task<bool> TryRemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await Containers.RemoveAsync(id, force: true, removeVolumes: true, cancellationToken);
            return true;
        }
        catch (EngineApiException error) when (error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return error.StatusCode == HttpStatusCode.NotFound;
        }
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
