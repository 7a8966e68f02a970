using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Swarm.Core.Clustering;

namespace Swarm.Core.Benchmarks;

/// <summary>What was measured, and on what: one file.</summary>
internal sealed record BenchRun(string Version, DateTimeOffset Began, string System, int Processors, string Runtime, string Collector, IReadOnlyList<CellResult> Cells)
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Begins a run here and now.</summary>
    public static BenchRun Begin() => new(
        typeof(SwarmCluster).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        DateTimeOffset.UtcNow,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        GCSettings.IsServerGC ? "server" : "workstation",
        []);

    public static BenchRun Read(string path) =>
        JsonSerializer.Deserialize<BenchRun>(File.ReadAllText(path), _json) ?? throw new InvalidDataException($"{path} holds no run.");

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _json));
}
