using System.Text;

namespace Swarm.Core.Docker;

/// <summary>One request as it went over the wire.</summary>
/// <param name="Connection">The connection it came by, counted from 1.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The path and query as sent.</param>
/// <param name="Headers">The header lines as sent.</param>
/// <param name="Body">The body, byte for byte.</param>
internal sealed record RecordedRequest(int Connection, string Method, string Target, IReadOnlyList<string> Headers, byte[] Body)
{
    public bool IsCreate => Method == "POST" && Target.Contains("/containers/create", StringComparison.Ordinal);

    public string? Header(string name) =>
        Headers.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    public override string ToString() => $"{Method} {Target} {Encoding.UTF8.GetString(Body)}";
}
