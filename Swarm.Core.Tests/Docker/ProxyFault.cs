namespace Swarm.Core.Docker;

/// <summary>What goes wrong with one answer.</summary>
internal sealed record ProxyFault
{
    /// <summary>Gets the bytes to answer with; the request goes no further then. <see langword="null"/> to ask the engine.</summary>
    public ReadOnlyMemory<byte>? Answer { get; init; }

    /// <summary>Gets what is said after <see cref="Answer"/>, piece by piece as it comes; nothing when <see langword="null"/>.</summary>
    public Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>>? More { get; init; }

    /// <summary>Gets how many bytes of the answer get through.</summary>
    public long Bytes { get; init; } = long.MaxValue;

    /// <summary>Gets what happens once they have.</summary>
    public ProxyEnd End { get; init; } = ProxyEnd.KeepOpen;

    /// <summary>Gets whether it happens as soon as the engine has the request, without waiting for its answer.</summary>
    public bool EndsOnceForwarded { get; init; }

    /// <summary>Gets what to wait for before the answer goes through.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>The engine does what it was asked, and nobody hears of it.</summary>
    public static ProxyFault DropAnswer { get; } = new() { Bytes = 0, End = ProxyEnd.Close };

    /// <summary>The connection closes while the engine is still at work on the request.</summary>
    public static ProxyFault HangupOnceForwarded { get; } = new() { Bytes = 0, End = ProxyEnd.Close, EndsOnceForwarded = true };

    /// <summary>The request arrives, and nothing ever comes back.</summary>
    public static ProxyFault Silence { get; } = new() { Answer = ReadOnlyMemory<byte>.Empty };

    /// <summary>The connection closes with no answer, and the engine does not hear of the request.</summary>
    public static ProxyFault Hangup { get; } = new() { Answer = ReadOnlyMemory<byte>.Empty, End = ProxyEnd.Close };

    public static ProxyFault CutAfter(long bytes, ProxyEnd end = ProxyEnd.Close) => new() { Bytes = bytes, End = end };

    public static ProxyFault Say(string answer, ProxyEnd end = ProxyEnd.KeepOpen) => new() { Answer = System.Text.Encoding.Latin1.GetBytes(answer), End = end };
}
