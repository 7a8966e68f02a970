using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The key of an entry in the book of overlays: the address, the ID or another word by which the host program means an engine. Keys of two kinds are never the same, whatever their texts are.</summary>
internal readonly record struct OverlayKey
{
    private OverlayKey(OverlayKeyKind kind, string text) => (Kind, Text) = (kind, text);

    /// <summary>Gets whether it is an address, an ID or another word.</summary>
    public OverlayKeyKind Kind { get; }

    /// <summary>Gets the address, ID or word as text; addresses are written in one way.</summary>
    public string Text { get; }

    /// <summary>Reads what the host program calls an engine that may not be there yet.</summary>
    public static OverlayKey Of(string engine) => EngineAddress.TryParse(engine, out var address) ? OfAddress(address) : OfWord(engine);

    /// <summary>Makes the key of an address.</summary>
    public static OverlayKey OfAddress(EngineAddress address) => new(OverlayKeyKind.Address, address.ToString());

    /// <summary>Makes the key of an ID or a name: which of them it is only its engine tells.</summary>
    public static OverlayKey OfWord(string word) => new(OverlayKeyKind.Word, word);

    /// <summary>Makes the key of the ID under which an engine takes part.</summary>
    public static OverlayKey OfId(string id) => new(OverlayKeyKind.Id, id);
}
