namespace Swarm.Core.Engines;

/// <summary>Reads an answer while it comes, so that it is never held whole.</summary>
/// <typeparam name="T">What is read.</typeparam>
internal interface IAnswerReader<out T>
{
    /// <summary>Gets how many bytes of memory what was read so far takes.</summary>
    long HeldBytes { get; }

    /// <summary>Reads on.</summary>
    /// <param name="available">What has come and was not taken.</param>
    /// <param name="isLast">Whether nothing comes after it.</param>
    /// <returns>How many bytes were taken; all but the beginning of something that is not there whole.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not what it should be.</exception>
    int Read(ReadOnlySpan<byte> available, bool isLast);

    /// <summary>Returns what was read, once everything has come.</summary>
    T End();
}
