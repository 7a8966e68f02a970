using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Opens sockets to one engine, each by the rules of where connections may go.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="connectTimeout">How long looking its name up and connecting may take together; somebody else holds it to that.</param>
/// <param name="isEncrypted">Whether the engine will have to prove who it is.</param>
/// <param name="rules">Where connections may go.</param>
/// <param name="names">Looks names up.</param>
/// <param name="time">The clock.</param>
internal sealed class EngineDialer(EngineAddress address, TimeSpan connectTimeout, bool isEncrypted, ConnectionRules rules, NameLookup names, TimeProvider time)
{
    /// <summary>How many addresses of one name are tried for one connection.</summary>
    public const int MaxAddresses = 16;

    /// <summary>How long an address has before the next one is tried too: what RFC 8305 recommends.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    private const int MaxListed = 8;

    // From netinet/tcp.h: how long sent data may stay unacknowledged before the link counts as dead. The platform has no name for it.
    private const int LinuxTcpUserTimeout = 18;

    private static readonly TimeSpan _linkTimeout = TimeSpan.FromSeconds(10);

    private IPAddress? _known;
    private IPAddress[] _found = [];

    /// <summary>Gets the addresses that the name led to when it was last looked up; none for what is an address already.</summary>
    public ImmutableArray<IPAddress> Addresses => ImmutableCollectionsMarshal.AsImmutableArray(Volatile.Read(ref _found));

    /// <summary>Opens a socket.</summary>
    /// <exception cref="EngineConnectException">None could be opened, or none may be; or it was given up while there were attempts, which it names.</exception>
    /// <exception cref="SocketException">The name has no address.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public Task<Socket> DialAsync(CancellationToken cancellationToken) => address.Scheme switch
    {
        EngineScheme.Unix => DialUnixAsync(cancellationToken),
        EngineScheme.Tcp => DialTcpAsync(cancellationToken),
        _ => throw new InvalidOperationException($"{address} is not reached over a socket."),
    };

    private static async Task<Socket> ConnectAsync(Socket socket, EndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Socket> DialUnixAsync(CancellationToken cancellationToken)
    {
        if (rules.ObjectionToUnix() is { } objection)
        {
            throw new EngineConnectException(objection);
        }

        if (!Socket.OSSupportsUnixDomainSockets)
        {
            throw new EngineConnectException("this machine knows no unix sockets");
        }

        UnixDomainSocketEndPoint endPoint;
        try
        {
            endPoint = new UnixDomainSocketEndPoint(address.Path);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new EngineConnectException("the path of the socket is too long", error);
        }

        return await ConnectAsync(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), endPoint, cancellationToken);
    }

    private async Task<Socket> DialTcpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = IPAddress.TryParse(address.Host, out var literal)
            ? [literal]
            : AddressOrder.Of(await FindAsync(cancellationToken), Volatile.Read(ref _known));

        // The very addresses that were judged are connected to, so a name cannot resolve to something else in between.
        var judged = addresses.Select(each => (Address: each, Objection: rules.ObjectionTo(address.Host, each, isEncrypted))).ToList();
        var objections = judged.Select(each => each.Objection).OfType<string>().ToList();
        var allowed = judged.Where(each => each.Objection is null).Select(each => each.Address).ToList();
        if (allowed.Count == 0)
        {
            throw new EngineConnectException(objections.Count == 0 ? $"the name '{address.Host}' has no address" : Listed(objections));
        }

        var tried = allowed.Take(MaxAddresses).ToList();
        var race = new ConnectionRace<Socket>(ConnectTcpAsync, StaggerFor(tried.Count), time);
        try
        {
            if (await race.RunAsync(tried, cancellationToken) is var (socket, winner))
            {
                Volatile.Write(ref _known, winner);
                return socket;
            }
        }
        catch (OperationCanceledException)
        {
            // Who gave up is not asked here; that it was for time is said by who measured it.
            throw Failure(race, allowed.Count, objections);
        }

        throw Failure(race, allowed.Count, objections);
    }

    private async Task<IPAddress[]> FindAsync(CancellationToken cancellationToken)
    {
        var found = await names.FindAsync(address.Host, cancellationToken);
        Volatile.Write(ref _found, [.. found.Distinct()]);
        return found;
    }

    // All must have had their turn when half of the time is over, or the last ones would have none.
    private TimeSpan StaggerFor(int attempts)
    {
        var fair = connectTimeout / (2 * attempts);
        return fair < Stagger ? fair : Stagger;
    }

    private async Task<Socket> ConnectTcpAsync(IPAddress resolved, CancellationToken cancellationToken)
    {
        var socket = new Socket(resolved.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Tune(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return await ConnectAsync(socket, new IPEndPoint(resolved, address.Port), cancellationToken);
    }

    private static EngineConnectException Failure(ConnectionRace<Socket> race, int allowed, List<string> objections)
    {
        var attempts = race.Attempts;
        var why = attempts.Select(each => (each.Address, Text: each.Error is null ? "no answer" : ExceptionText.MessageOf(each.Error))).ToList();
        if (allowed == 1 && objections.Count == 0)
        {
            return new EngineConnectException(why[0].Text, attempts[0].Error);
        }

        var all = Listed([.. why.Select(each => $"{each.Address}: {each.Text}"), .. objections]);
        var some = allowed > attempts.Count ? string.Create(CultureInfo.InvariantCulture, $"{attempts.Count} of {allowed} addresses were tried: ") : "";
        return new EngineConnectException(some + all, attempts.Select(each => each.Error).FirstOrDefault(error => error is not null));
    }

    // Name services give hundreds; nobody reads them.
    private static string Listed(List<string> reasons) => reasons.Count <= MaxListed + 1
        ? string.Join("; ", reasons)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", reasons.Take(MaxListed))}; and {reasons.Count - MaxListed} more");

    private static void Tune(Socket socket)
    {
        // A peer that vanishes without a word is noticed in about 11 seconds when idle and 10 when data is under way, instead of a quarter of an hour.
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, LinuxTcpUserTimeout, BitConverter.GetBytes((int)_linkTimeout.TotalMilliseconds));
        }
    }
}
