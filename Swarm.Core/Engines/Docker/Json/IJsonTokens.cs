using System.Text.Json;

namespace Swarm.Core.Engines;

/// <summary>Hears of the tokens of a document, one after the other.</summary>
internal interface IJsonTokens
{
    /// <summary>Takes in the token that the reader stands on.</summary>
    /// <param name="json">The reader; not to be moved.</param>
    /// <param name="depth">How many objects and lists the token is in.</param>
    /// <exception cref="JsonException">It is not what should be there.</exception>
    void Take(ref Utf8JsonReader json, int depth);

    /// <summary>Takes in that there is a key or a text that is too long to be read.</summary>
    /// <param name="isKey">Whether it is the key of a member.</param>
    /// <param name="depth">How many objects and lists it is in.</param>
    void TakeLongText(bool isKey, int depth);

    /// <summary>Makes the error of a document that is not valid JSON where it was read to.</summary>
    /// <param name="place">Where that is, in the parser's words; may be empty.</param>
    JsonException Broken(string place);
}
