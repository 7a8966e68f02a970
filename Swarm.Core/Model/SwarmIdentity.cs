using System.Security.Cryptography;
using System.Text;
using Swarm.Core.Runtime;

namespace Swarm.Core.Model;

/// <summary>Makes Swarm IDs, and knows those it made again: by what a container shows, without remembering any.</summary>
/// <remarks>
/// A Swarm ID is the keyed hash of the operation that creates its container. Both are labels that a create writes over whatever a spec says of
/// them, and the key never leaves the process: so who copies a Swarm ID into a spec, or makes one up, gets no operation that fits it. What an earlier
/// process or another manager made is not known, and counts as the word of whoever shows it. Immutable, safe for concurrent use.
/// </remarks>
internal sealed class SwarmIdentity
{
    private const int OperationBytes = 16;
    private const int KeyBytes = 32;

    private readonly byte[] _key;

    private SwarmIdentity(byte[] key) => _key = key;

    /// <summary>Makes one with a key of its own.</summary>
    public static SwarmIdentity Create(IdentifierSource identifiers) => new(Convert.FromHexString(identifiers.NextHex(KeyBytes)));

    /// <summary>Makes a new operation, 32 lower-case hexadecimal digits, and the Swarm ID of the container it creates.</summary>
    public (string Operation, string Id) Next(IdentifierSource identifiers)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        while (true)
        {
            var operation = identifiers.NextHex(OperationBytes);
            var id = Convert.ToHexStringLower(Hash(operation, hash));
            if (SwarmIdText.IsWellFormed(id))
            {
                return (operation, id);
            }
        }
    }

    /// <summary>Tells whether the Swarm ID among the labels of a container is one that was made here, for just that container. Allocates nothing.</summary>
    public bool IsOurs(LabelSet labels)
    {
        if (!labels.TryGetValue(SwarmLabels.Operation, out var operation) || operation.Length != 2 * OperationBytes
            || !labels.TryGetValue(SwarmLabels.Id, out var id) || !SwarmIdText.IsWellFormed(id))
        {
            return false;
        }

        Span<byte> said = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Convert.FromHexString(id, said, out _, out _);
        return CryptographicOperations.FixedTimeEquals(said, Hash(operation, stackalloc byte[HMACSHA256.HashSizeInBytes]));
    }

    private ReadOnlySpan<byte> Hash(string operation, Span<byte> hash)
    {
        Span<byte> text = stackalloc byte[2 * OperationBytes];

        // What is no ASCII becomes question marks, and so the hash of something else.
        Encoding.ASCII.GetBytes(operation, text);
        HMACSHA256.HashData(_key, text, hash);
        return hash;
    }
}
