using System.Collections.Immutable;
using System.Net;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>More than one daemon answers at one address, as behind a load balancer or a host name that leads to several machines. The engine gets no work until one answers alone.</summary>
public sealed class EngineAmbiguousException : EngineException
{
    private const int MostNamed = 4;

    /// <summary>Creates the error.</summary>
    /// <param name="address">The address.</param>
    /// <param name="operation">What was asked.</param>
    /// <param name="daemons">The IDs and host names that were given; the first four are named.</param>
    /// <param name="addresses">The addresses that the host name leads to, of which the first four are named; none where that is not known, and one tells nothing.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public EngineAmbiguousException(
        EngineAddress address,
        string operation,
        ImmutableArray<(string Id, string Name)> daemons,
        ImmutableArray<IPAddress> addresses = default,
        Exception? innerException = null)
        : base(address, operation, $"Cannot {CleanText.Of(operation)} on {address}: {Describe(daemons, addresses)}.", innerException)
    {
        Daemons = [.. daemons.Select(static daemon => (CleanText.Of(daemon.Id), CleanText.Of(daemon.Name)))];
        Addresses = addresses.IsDefault ? [] : addresses;
        GivenWords = Describe(daemons, addresses);
    }

    /// <summary>Gets the IDs and host names of the daemons that answered.</summary>
    public ImmutableArray<(string Id, string Name)> Daemons { get; }

    /// <summary>Gets the addresses that the host name led to; empty where that is not known.</summary>
    public ImmutableArray<IPAddress> Addresses { get; }

    private static string Describe(ImmutableArray<(string Id, string Name)> daemons, ImmutableArray<IPAddress> addresses)
    {
        var names = Listed(daemons, daemon => $"{CleanText.Of(daemon.Id)} on {CleanText.Of(daemon.Name)}");
        var leads = addresses is { IsDefault: false, Length: > 1 } ? $", its name leads to {Listed(addresses, address => address.ToString())}" : "";
        return $"several daemons answer there by turns ({names}){leads}; each is to be given by an address of its own";
    }

    private static string Listed<T>(ImmutableArray<T> all, Func<T, string> name) => string.Join(", ", all.Take(MostNamed).Select(name)) + (all.Length > MostNamed ? ", …" : "");
}
