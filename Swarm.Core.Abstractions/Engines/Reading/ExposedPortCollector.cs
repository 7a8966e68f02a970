using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Collects the exposed ports of one container: few as they come, more than <see cref="PortCollector.MostSingle"/> as ranges such as <c>1025-65535/tcp</c>.</summary>
internal sealed class ExposedPortCollector
{
    private const int MostProtocols = 8;

    private readonly ImmutableArray<string>.Builder _single = ImmutableArray.CreateBuilder<string>();
    private readonly SortedDictionary<string, BitArray> _ports = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Gets whether something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes a port in.</summary>
    public void Add(string port)
    {
        if (port.Length > PortCollector.LongestText)
        {
            IsCut = true;
            return;
        }

        if (++_count <= PortCollector.MostSingle)
        {
            _single.Add(port);
            return;
        }

        if (_count == PortCollector.MostSingle + 1)
        {
            var first = _single.ToArray();
            _single.Clear();
            Array.ForEach(first, Merge);
        }

        Merge(port);
    }

    /// <summary>Gives what was collected.</summary>
    public ImmutableArray<string> End()
    {
        foreach (var (protocol, ports) in _ports)
        {
            for (var first = 0; first <= HostPortRange.Highest; first++)
            {
                if (!ports[first])
                {
                    continue;
                }

                var last = first;
                while (last < HostPortRange.Highest && ports[last + 1])
                {
                    last++;
                }

                _single.Add(first == last ? string.Create(CultureInfo.InvariantCulture, $"{first}/{protocol}") : string.Create(CultureInfo.InvariantCulture, $"{first}-{last}/{protocol}"));
                first = last;
            }
        }

        return _single.DrainToImmutable();
    }

    private void Merge(string port)
    {
        var slash = port.IndexOf('/', StringComparison.Ordinal);
        var protocol = PortBinding.ProtocolOf(port);
        if (HostPortRange.TryParsePort(slash < 0 ? port : port.AsSpan(0, slash), out var number) && (_ports.ContainsKey(protocol) || _ports.Count < MostProtocols))
        {
            (_ports.TryGetValue(protocol, out var ports) ? ports : _ports[protocol] = new BitArray(HostPortRange.Highest + 1))[number] = true;
        }
        else if (_single.Count < PortCollector.MostSingle)
        {
            _single.Add(port);
        }
        else
        {
            IsCut = true;
        }
    }
}
