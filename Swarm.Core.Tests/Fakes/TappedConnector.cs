using System.Collections.Concurrent;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

/// <summary>Taps every connection of another connector.</summary>
internal sealed class TappedConnector(IEngineConnector inner) : IEngineConnector
{
    private readonly ConcurrentQueue<TappedEngine> _engines = new();

    /// <summary>Gets or sets what is done with each engine that is connected to, before it is used.</summary>
    public Action<TappedEngine> OnConnected { get; set; } = _ => { };

    /// <summary>Gets every engine that was connected to, in order.</summary>
    public IReadOnlyList<TappedEngine> Engines => [.. _engines];

    public async Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken)
    {
        var engine = new TappedEngine(await inner.ConnectAsync(address, cancellationToken));
        OnConnected(engine);
        _engines.Enqueue(engine);
        return engine;
    }
}
