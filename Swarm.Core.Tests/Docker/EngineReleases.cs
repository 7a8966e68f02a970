using Swarm.Core.Engines.Contract;

namespace Swarm.Core.Docker;

/// <summary>The engines that tests run against, beside the dockerd of the machine.</summary>
internal static class EngineReleases
{
    /// <summary>The variable that names the folder with the root folders of the releases; <c>build/engine-roots</c> makes them.</summary>
    public const string RootsVariable = "SWARM_ENGINE_ROOTS";

    /// <summary>The variable that names the release whose engine all tests on Docker engines are to start in place of the machine's.</summary>
    public const string ReleaseVariable = "SWARM_ENGINE_RELEASE";

    private static readonly EngineRelease[] _all =
    [
        new("docker-26.1", EngineProduct.Docker, "trixie", "26.1.", EngineTraits.Docker26),
        new("docker-28.5", EngineProduct.Docker, "sid", "28.5.", EngineTraits.Docker28),
        new("podman-5.4", EngineProduct.Podman, "trixie", "5.4.", EngineTraits.Podman54),
        new("podman-5.8", EngineProduct.Podman, "sid", "5.8.", EngineTraits.Podman),
    ];

    // The same engines, set up as some of those who run them do.
    private static readonly EngineRelease[] _setUp =
    [
        _all[1] with { Name = "docker-28.5-api-1.44", Environment = ["DOCKER_MIN_API_VERSION=1.44"] },
        _all[1] with { Name = "docker-28.5-containerd", Configuration = """{"features":{"containerd-snapshotter":true}}""" },
    ];

    /// <summary>Gets the names of those that are set up in a way of their own: with the oldest API that Docker 29 takes, and with the image store that it has.</summary>
    public static IEnumerable<string> SetUpNames => _setUp.Select(release => release.Name);

    /// <summary>Gets the names of all releases and of those that are set up in a way of their own.</summary>
    public static IEnumerable<string> AllNames => Names.Concat(SetUpNames);

    /// <summary>Gets the names of all releases.</summary>
    public static IEnumerable<string> Names => _all.Select(release => release.Name);

    /// <summary>Gets the names of the releases of Docker.</summary>
    public static IEnumerable<string> DockerNames => _all.Where(release => release.Product == EngineProduct.Docker).Select(release => release.Name);

    /// <summary>Gets the names of the releases of Podman.</summary>
    public static IEnumerable<string> PodmanNames => _all.Where(release => release.Product == EngineProduct.Podman).Select(release => release.Name);

    /// <summary>Gets the release that tests on Docker engines start unless they ask for another.</summary>
    public static EngineRelease Default { get; } = Environment.GetEnvironmentVariable(ReleaseVariable) is { Length: > 0 } name ? Named(name) : EngineRelease.Installed;

    public static EngineRelease Named(string name) =>
        _all.Concat(_setUp).SingleOrDefault(release => release.Name == name) ?? throw new ArgumentException($"There is no release \"{name}\", only {string.Join(", ", AllNames)}.", nameof(name));

    /// <summary>Gets the root folder of a release.</summary>
    public static string? RootOf(EngineRelease release) => release.Suite is { } suite ? Path.Combine(Roots ?? "", suite) : null;

    /// <summary>Skips the test where the engine of a release is not to be had; on a build server that is a failure, but for releases that move.</summary>
    public static void Require(EngineRelease release)
    {
        if (FindObstacle(release) is { } obstacle)
        {
            MissingPart.Skip($"The engine {release} cannot be started: {obstacle}.", mayBeMissing: release.Moves);
        }
    }

    private static string? Roots => Environment.GetEnvironmentVariable(RootsVariable) is { Length: > 0 } roots ? roots : null;

    private static string? FindObstacle(EngineRelease release)
    {
        if (release.Suite is null)
        {
            return null;
        }

        if (Roots is null)
        {
            return $"{RootsVariable} does not name the folder that build/engine-roots has made";
        }

        var status = Path.Combine(RootOf(release)!, "var/lib/dpkg/status");
        if (!File.Exists(status))
        {
            return $"{RootOf(release)} holds no Debian system";
        }

        var package = release.Product == EngineProduct.Docker ? "docker.io" : "podman";
        var lines = File.ReadLines(status).SkipWhile(line => line != $"Package: {package}").TakeWhile(line => line.Length > 0);
        var version = lines.FirstOrDefault(line => line.StartsWith("Version: ", StringComparison.Ordinal))?["Version: ".Length..];
        return version is null ? $"{RootOf(release)} holds no {package}"
            : version.StartsWith(release.Version, StringComparison.Ordinal) ? null
            : $"{RootOf(release)} holds {package} {version}";
    }
}
