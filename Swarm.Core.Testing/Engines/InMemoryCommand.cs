namespace Swarm.Core.Testing;

/// <summary>What a command does in a container of an in-memory image.</summary>
/// <param name="Line">The command, its words joined by single blanks. It stands for every command that is equal to it or goes on with a blank after it; empty means any.</param>
/// <param name="Process">How it behaves.</param>
public sealed record InMemoryCommand(string Line, InMemoryProcess Process)
{
    internal bool Matches(string line) =>
        Line.Length == 0
        || (line.StartsWith(Line, StringComparison.Ordinal) && (line.Length == Line.Length || line[Line.Length] == ' '));
}
