namespace Swarm.Core.Clustering;

/// <summary>Which hold has which name, in the whole cluster. Guarded by the ledger's lock.</summary>
internal sealed class HeldNames
{
    private readonly Dictionary<string, Hold> _holds = new(StringComparer.Ordinal);

    /// <summary>Finds the hold that has a name.</summary>
    public Hold? Find(string name) => _holds.GetValueOrDefault(name);

    /// <summary>Gives a hold its name, if any, whoever had it before.</summary>
    public void Put(Hold hold)
    {
        if (hold.Name is { } name)
        {
            _holds[name] = hold;
        }
    }

    /// <summary>Gives a hold its name, if any, unless another has that.</summary>
    public void PutIfFree(Hold hold)
    {
        if (hold.Name is { } name)
        {
            _holds.TryAdd(name, hold);
        }
    }

    /// <summary>Frees the name of a hold, if it is still its own.</summary>
    public void Free(Hold hold)
    {
        if (hold.Name is { } name && _holds.TryGetValue(name, out var held) && ReferenceEquals(held, hold))
        {
            _holds.Remove(name);
        }
    }
}
