using Swarm.Core.Engines.Contract;

namespace Swarm.Core.Docker;

/// <summary>An engine of a certain kind and age that tests can start.</summary>
/// <param name="Name">What tests are called after.</param>
/// <param name="Product">Whose API it speaks.</param>
/// <param name="Suite">The Debian release whose root folder holds it, or <see langword="null"/> for what is installed on the machine.</param>
/// <param name="Version">How its version begins.</param>
/// <param name="Traits">What it does in a way of its own.</param>
internal sealed record EngineRelease(string Name, EngineProduct Product, string? Suite, string Version, EngineTraits Traits)
{
    /// <summary>Gets the dockerd of the machine.</summary>
    public static EngineRelease Installed { get; } = new("docker", EngineProduct.Docker, null, "", EngineTraits.Docker20);

    /// <summary>Gets what the engine finds in its environment, as <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Gets what the engine is configured with, in the JSON of <c>daemon.json</c>; <see langword="null"/> for nothing.</summary>
    public string? Configuration { get; init; }

    /// <summary>Gets whether what the release holds changes without notice: then it is skipped where it is missing or another, a build server too.</summary>
    public bool Moves => Suite == "sid";

    /// <summary>Gets what documentation calls it.</summary>
    public string Title => Suite is null ? "Docker 20.10" : $"{Product} {Version.TrimEnd('.')}";

    public override string ToString() => Name;
}
