using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Swarm.Core.Discovery;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>A discovery backend whose set of engines, and whose outages, are decided by calls. Thread-safe.</summary>
/// <remarks>A watch sees the set there is when it begins and then the newest one; what it was too slow to read in between is skipped.</remarks>
public sealed class InMemoryDiscovery : IProgramDiscovery
{
    private readonly Lock _gate = new();
    private readonly List<Channel<DiscoverySnapshot>> _watches = [];
    private DiscoverySnapshot _current;
    private Exception? _outage;

    /// <summary>Makes a backend.</summary>
    /// <param name="addresses">The engines it knows of.</param>
    public InMemoryDiscovery(params IEnumerable<EngineAddress> addresses) => _current = new DiscoverySnapshot(addresses);

    /// <summary>Gets the engines it knows of, in ordinal order.</summary>
    public ImmutableArray<EngineAddress> Addresses
    {
        get
        {
            lock (_gate)
            {
                return _current.Addresses;
            }
        }
    }

    /// <summary>Gets how many watches are open.</summary>
    public int WatchCount
    {
        get
        {
            lock (_gate)
            {
                return _watches.Count;
            }
        }
    }

    /// <summary>Replaces the whole set.</summary>
    /// <param name="addresses">The engines it knows of from now on.</param>
    public void Set(params IEnumerable<EngineAddress> addresses)
    {
        var snapshot = new DiscoverySnapshot(addresses);
        Change(_ => snapshot);
    }

    /// <summary>Adds an engine; one that is known already changes nothing but is announced again.</summary>
    /// <param name="address">Its address.</param>
    public void Add(EngineAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Change(before => new DiscoverySnapshot([.. before.Addresses, address]));
    }

    /// <summary>Removes an engine; one that is not known changes nothing but is announced again.</summary>
    /// <param name="address">Its address.</param>
    public void Remove(EngineAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Change(before => new DiscoverySnapshot([.. before.Addresses.Where(known => known != address)]));
    }

    /// <summary>Begins an outage: open watches throw, and so do new ones, until <see cref="Recover"/>. The set can be changed meanwhile.</summary>
    /// <param name="exception">What they throw.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        lock (_gate)
        {
            _outage = exception;
            foreach (var watch in _watches)
            {
                watch.Writer.TryComplete(exception);
            }
        }
    }

    /// <summary>Ends an outage: new watches work again.</summary>
    public void Recover()
    {
        lock (_gate)
        {
            _outage = null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiscoverySnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = Channel.CreateBounded<DiscoverySnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            if (_outage is not null)
            {
                throw _outage;
            }

            watch.Writer.TryWrite(_current);
            _watches.Add(watch);
        }

        try
        {
            while (await watch.Reader.WaitToReadAsync(cancellationToken))
            {
                while (watch.Reader.TryRead(out var snapshot))
                {
                    yield return snapshot;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _watches.Remove(watch);
            }
        }
    }

    private void Change(Func<DiscoverySnapshot, DiscoverySnapshot> change)
    {
        lock (_gate)
        {
            _current = change(_current);
            foreach (var watch in _watches)
            {
                watch.Writer.TryWrite(_current);
            }
        }
    }
}
