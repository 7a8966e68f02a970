using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>A network of in-memory engines: connects to them by address in place of real ones. Thread-safe.</summary>
public sealed class InMemoryEngines : IEngineConnector
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<EngineAddress, InMemoryEngine> _engines = [];

    /// <summary>Makes a network.</summary>
    /// <param name="engines">The engines on it, each at its own address.</param>
    /// <exception cref="ArgumentException">Two have one address.</exception>
    public InMemoryEngines(params IEnumerable<InMemoryEngine> engines)
    {
        ArgumentNullException.ThrowIfNull(engines);
        foreach (var engine in engines)
        {
            Add(engine);
        }
    }

    /// <summary>Gets the addresses at which an engine can be found, in ordinal order.</summary>
    public ImmutableArray<EngineAddress> Addresses
    {
        get
        {
            lock (_gate)
            {
                return [.. _engines.Keys];
            }
        }
    }

    /// <summary>Gets the engine at an address.</summary>
    /// <param name="address">The address.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public InMemoryEngine this[EngineAddress address] =>
        TryGet(address, out var engine) ? engine : throw new KeyNotFoundException($"There is no engine at {address}.");

    /// <summary>Finds the engine at an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="engine">The engine.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(EngineAddress address, [NotNullWhen(true)] out InMemoryEngine? engine)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            return _engines.TryGetValue(address, out engine);
        }
    }

    /// <summary>Adds a new engine.</summary>
    /// <param name="options">What it is to be.</param>
    /// <returns>The engine.</returns>
    /// <exception cref="ArgumentException">Its address is taken.</exception>
    public InMemoryEngine Add(InMemoryEngineOptions options)
    {
        var engine = new InMemoryEngine(options);
        Add(engine);
        return engine;
    }

    /// <summary>Adds an engine at its own address.</summary>
    /// <param name="engine">The engine.</param>
    /// <exception cref="ArgumentException">The address is taken.</exception>
    public void Add(InMemoryEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Add(engine, engine.Address);
    }

    /// <summary>Adds an engine at any address: a second one for the same daemon, or a new one after it moved.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentException">The address is taken.</exception>
    public void Add(InMemoryEngine engine, EngineAddress address)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            if (!_engines.TryAdd(address, engine))
            {
                throw new ArgumentException($"There is an engine at {address} already.", nameof(address));
            }
        }
    }

    /// <summary>Takes an address away: nobody can connect there any more. Connections that are open stay; power the engine off to break them.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Whether there was an engine.</returns>
    public bool Remove(EngineAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate)
        {
            return _engines.Remove(address);
        }
    }

    /// <summary>Tells how often an operation was called on all engines together; see <see cref="InMemoryEngine.CallCount"/> for one.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The number of calls.</returns>
    public int CallCount(EngineOperation operation)
    {
        InMemoryEngine[] engines;
        lock (_gate)
        {
            engines = [.. _engines.Values.Distinct()];
        }

        return engines.Sum(engine => engine.CallCount(operation));
    }

    /// <inheritdoc/>
    public Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        cancellationToken.ThrowIfCancellationRequested();
        return TryGet(address, out var engine)
            ? engine.OpenAsync(address, this, cancellationToken)
            : Task.FromException<IEngine>(new EngineUnreachableException(address, EngineOperationNames.NameOf(EngineOperation.Connect), "no route to host", notSent: true));
    }
}
