using System.Collections.Immutable;
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
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public EngineAmbiguousException(EngineAddress address, string operation, ImmutableArray<(string Id, string Name)> daemons, Exception? innerException = null)
        : base(address, operation, $"Cannot {CleanText.Of(operation)} on {address}: {Describe(daemons)}.", innerException)
    {
        Daemons = [.. daemons.Select(static daemon => (CleanText.Of(daemon.Id), CleanText.Of(daemon.Name)))];
        GivenWords = Describe(daemons);
    }

    /// <summary>Gets the IDs and host names of the daemons that answered.</summary>
    public ImmutableArray<(string Id, string Name)> Daemons { get; }

    private static string Describe(ImmutableArray<(string Id, string Name)> daemons) =>
        $"several daemons answer there by turns ({string.Join(", ", daemons.Take(MostNamed).Select(daemon => $"{CleanText.Of(daemon.Id)} on {CleanText.Of(daemon.Name)}"))}{(daemons.Length > MostNamed ? ", …" : "")}); each is to be given by an address of its own";
}
