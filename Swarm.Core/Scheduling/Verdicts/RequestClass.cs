using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Scheduling;

/// <summary>What requests have in common that every node is judged by in the same way: they share verdicts.</summary>
internal sealed class RequestClass : IEquatable<RequestClass>
{
    // Whatever is longer is asked for once.
    private const int LongestKey = 4096;

    private readonly string _strategy;
    private readonly ResourceVector _resources;
    private readonly ImmutableArray<string?> _keys;
    private readonly int _hash;

    private RequestClass(string strategy, in ResourceVector resources, ImmutableArray<string?> keys)
    {
        (_strategy, _resources, _keys) = (strategy, resources, keys);
        var hash = default(HashCode);
        hash.Add(strategy, StringComparer.Ordinal);
        hash.Add(resources);
        foreach (var key in keys)
        {
            hash.Add(key, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Makes a class.</summary>
    /// <param name="strategy">The name of the strategy.</param>
    /// <param name="resources">What is asked for.</param>
    /// <param name="keys">What the strategy and each filter say that their answers depend on; <see langword="null"/> of those that are asked anew.</param>
    /// <returns>The class; <see langword="null"/> when that is too long to be worth remembering.</returns>
    public static RequestClass? Of(string strategy, in ResourceVector resources, ImmutableArray<string?> keys)
    {
        var length = 0L;
        foreach (var key in keys)
        {
            length += key?.Length ?? 0;
        }

        return length <= LongestKey ? new RequestClass(strategy, resources, keys) : null;
    }

    public bool Equals(RequestClass? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || _hash != other._hash || _strategy != other._strategy || _resources != other._resources)
        {
            return false;
        }

        return _keys.AsSpan().SequenceEqual(other._keys.AsSpan());
    }

    public override bool Equals(object? obj) => Equals(obj as RequestClass);

    public override int GetHashCode() => _hash;
}
