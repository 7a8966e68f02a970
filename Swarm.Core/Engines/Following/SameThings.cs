using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Tells whether lists of images, networks and volumes say what shows already. Pure.</summary>
internal static class SameThings
{
    /// <summary>Tells whether an engine shows all of these images, and no others.</summary>
    public static bool Shows(EngineState state, EngineSignal.ImagesRead read) =>
        state.UncountedImages == read.Uncounted && state.LeftOut is { Images: 0, ImageLabels: false } && state.Images.AsSpan().SequenceEqual(read.Images.AsSpan(), ImageComparer.Instance);

    /// <summary>Tells whether an engine shows all of these networks, and no others.</summary>
    public static bool Shows(EngineState state, EngineSignal.NetworksRead read) =>
        state.UncountedNetworks == read.Uncounted && state.LeftOut is { Networks: 0, NetworkLabels: false } && state.Networks.AsSpan().SequenceEqual(read.Networks.AsSpan());

    /// <summary>Tells whether an engine shows all of these volumes, and no others.</summary>
    public static bool Shows(EngineState state, EngineSignal.VolumesRead read) =>
        state.UncountedVolumes == read.Uncounted && state.LeftOut is { Volumes: 0, VolumeLabels: false } && state.Volumes.AsSpan().SequenceEqual(read.Volumes.AsSpan());

    // The record compares its arrays by reference.
    private sealed class ImageComparer : IEqualityComparer<ImageView>
    {
        public static ImageComparer Instance { get; } = new();

        public bool Equals(ImageView? one, ImageView? other) =>
            one! with { RepoTags = other!.RepoTags, RepoDigests = other.RepoDigests } == other
            && one.RepoTags.AsSpan().SequenceEqual(other.RepoTags.AsSpan())
            && one.RepoDigests.AsSpan().SequenceEqual(other.RepoDigests.AsSpan());

        public int GetHashCode(ImageView image) => image.Id.GetHashCode(StringComparison.Ordinal);
    }
}
