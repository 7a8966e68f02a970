using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Collects the host ports of one container: few as they come, more than <see cref="MostSingle"/> as ranges, so that all 65,535 of them take the room of a handful.</summary>
/// <remarks>
/// A range has as many ports of the container as of the host, one for one and in order, where that is so; else the container's ports are those from the lowest to the
/// highest, and which is which is not kept. What is no number is kept as long as it is little.
/// </remarks>
internal sealed class PortCollector
{
    /// <summary>How many bindings are kept one by one: as many as a request may ask for unless its host says otherwise.</summary>
    public const int MostSingle = 1024;

    /// <summary>How long a port or an address is at most, in characters. No engine takes longer ones; what is longer is left out before anything is made of it.</summary>
    public const int LongestText = 64;

    // Beyond so many ranges of pairs those of host ports alone are kept.
    private const int MostPairs = 1024;
    private const int MostAddresses = 64;

    private readonly ImmutableArray<PortBinding>.Builder _single = ImmutableArray.CreateBuilder<PortBinding>();
    private readonly List<Pair> _pairs = [];
    private readonly List<string> _addresses = [];
    private readonly List<string> _protocols = [];
    private int _count;

    /// <summary>Gets whether something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes a binding in.</summary>
    public void Add(in PortBinding binding)
    {
        if (binding.ContainerPort.Length > LongestText || binding.HostIp.Length > LongestText || binding.HostPort.Length > LongestText)
        {
            IsCut = true;
            return;
        }

        if (++_count <= MostSingle)
        {
            _single.Add(binding);
            return;
        }

        if (_count == MostSingle + 1)
        {
            var first = _single.ToArray();
            _single.Clear();
            Array.ForEach(first, each => Merge(each));
        }

        Merge(binding);
    }

    /// <summary>Gives what was collected.</summary>
    public ImmutableArray<PortBinding> End()
    {
        if (_count <= MostSingle)
        {
            return _single.DrainToImmutable();
        }

        _pairs.Sort();
        var ranges = RangesOf(byPair: true);
        return _single.Concat(ranges ?? RangesOf(byPair: false)!).ToImmutableArray();
    }

    private void Merge(in PortBinding binding)
    {
        var slash = binding.ContainerPort.IndexOf('/', StringComparison.Ordinal);
        var address = IndexOf(_addresses, binding.HostIp);
        var protocol = IndexOf(_protocols, binding.Protocol);
        if (address >= 0 && protocol >= 0
            && HostPortRange.TryParsePort(binding.HostPort, out var hostPort)
            && HostPortRange.TryParsePort(slash < 0 ? binding.ContainerPort : binding.ContainerPort.AsSpan(0, slash), out var containerPort))
        {
            _pairs.Add(new Pair((byte)protocol, (byte)address, (ushort)hostPort, (ushort)containerPort));
        }
        else if (binding.HostPort.Length > 0 && _single.Count < MostSingle)
        {
            _single.Add(binding);
        }
        else
        {
            // Without a host port it holds none.
            IsCut = true;
        }
    }

    private static int IndexOf(List<string> texts, string text)
    {
        var index = texts.IndexOf(text);
        if (index < 0 && texts.Count < MostAddresses)
        {
            index = texts.Count;
            texts.Add(text);
        }

        return index;
    }

    // Null where there are more pairs than are kept.
    private List<PortBinding>? RangesOf(bool byPair)
    {
        var ranges = new List<PortBinding>();
        var pairs = CollectionsMarshal.AsSpan(_pairs);
        for (var start = 0; start < pairs.Length;)
        {
            var (first, last, low, high) = (pairs[start], pairs[start], pairs[start].Container, pairs[start].Container);
            var next = start + 1;
            while (next < pairs.Length && Continues(last, pairs[next], byPair))
            {
                last = pairs[next++];
                low = Math.Min(low, last.Container);
                high = Math.Max(high, last.Container);
            }

            if (byPair && ranges.Count == MostPairs)
            {
                return null;
            }

            // Many host ports of one port of the container are a range of both all the same: that is how they are told from a range to choose one of.
            var inner = first.Host == last.Host ? TextOf(low, high) : RangeOf(low, high);
            ranges.Add(new PortBinding($"{inner}/{_protocols[first.Protocol]}", _addresses[first.Address], TextOf(first.Host, last.Host)));
            start = next;
        }

        return ranges;
    }

    private static bool Continues(in Pair last, in Pair next, bool byPair) =>
        next.Protocol == last.Protocol && next.Address == last.Address
        && (next == last || (byPair ? next.Host == last.Host + 1 && next.Container == last.Container + 1 : next.Host <= last.Host + 1));

    private static string TextOf(int first, int last) =>
        first == last ? HostPortRange.Text(first) : RangeOf(first, last);

    private static string RangeOf(int first, int last) => string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");

    private readonly record struct Pair(byte Protocol, byte Address, ushort Host, ushort Container) : IComparable<Pair>
    {
        private ulong Order => ((ulong)Protocol << 40) | ((ulong)Address << 32) | ((ulong)Host << 16) | Container;

        public int CompareTo(Pair other) => Order.CompareTo(other.Order);
    }
}
