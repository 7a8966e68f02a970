using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>The images of a simulated daemon, the registry it pulls from, with the logins that one asks for, and the pulls so far.</summary>
internal sealed class DaemonImages(DaemonRuntime runtime, DaemonEvents events)
{
    private readonly SortedDictionary<string, InMemoryImage> _images = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, InMemoryImage> _registry = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RegistryLogin> _logins = new(StringComparer.Ordinal);
    private readonly List<InMemoryPull> _pulls = [];

    /// <summary>Puts an image there from the beginning, without an event.</summary>
    public void Preload(InMemoryImage image) => runtime.Do(() => _images[image.Reference] = image);

    public ImmutableArray<ImageView> List() => runtime.Do<ImmutableArray<ImageView>>(() =>
    [
        .. _images.Values
            .GroupBy(image => image.EffectiveId, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ImageView
            {
                Id = group.Key,
                RepoTags = [.. group.Select(image => image.Reference).Where(reference => !reference.Contains('@', StringComparison.Ordinal))],
                RepoDigests = [.. group.Select(image => image.Reference).Where(reference => reference.Contains('@', StringComparison.Ordinal))],
                Labels = group.First().Labels,
                SizeBytes = group.First().SizeBytes,
            }),
    ]);

    public ImmutableArray<InMemoryPull> Pulls => runtime.Do<ImmutableArray<InMemoryPull>>(() => [.. _pulls]);

    public void RequireLogin(string registry, RegistryLogin login) => runtime.Do(() => _logins[registry] = login);

    public void Pull(string reference, RegistryLogin? login) => runtime.Do(() =>
    {
        _pulls.Add(new InMemoryPull(reference, login));
        if (DaemonImageReference.Validate(reference) is { } problem)
        {
            throw DaemonErrorException.BadRequest(problem);
        }

        var full = DaemonImageReference.WithTag(reference);
        var registry = ImageReference.RegistryOf(full);
        if (_logins.TryGetValue(registry, out var wanted) && !wanted.IsSameAs(login))
        {
            throw DaemonErrorException.AccessDenied(
                registry,
                reference,
                login is null ? $"Head \"http://{registry}/v2/{ImageReference.Split(full).Repository}\": no basic auth credentials" : "unauthorized: authentication required");
        }

        if (!_registry.TryGetValue(full, out var image))
        {
            var repository = ImageReference.Split(full).Repository;
            throw DaemonErrorException.NoSuchImage(
                reference,
                $"pull access denied for {repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied");
        }

        _images[full] = image;
        events.Publish(EngineEventType.Image, "pull", full, [KeyValuePair.Create("name", ImageReference.Split(full).Repository)]);
    });

    public void Add(InMemoryImage image) => runtime.Do(() =>
    {
        _images[image.Reference] = image;
        events.Publish(EngineEventType.Image, "tag", image.EffectiveId, [KeyValuePair.Create("name", image.Reference)]);
    });

    public bool Remove(string reference) => runtime.Do(() =>
    {
        if (!_images.Remove(DaemonImageReference.WithTag(reference), out var image))
        {
            return false;
        }

        events.Publish(EngineEventType.Image, "untag", image.EffectiveId, [KeyValuePair.Create("name", image.EffectiveId)]);
        if (!_images.Values.Any(other => string.Equals(other.EffectiveId, image.EffectiveId, StringComparison.Ordinal)))
        {
            events.Publish(EngineEventType.Image, "delete", image.EffectiveId, [KeyValuePair.Create("name", image.EffectiveId)]);
        }

        return true;
    });

    public void AddToRegistry(InMemoryImage image) => runtime.Do(() => _registry[image.Reference] = image);

    /// <summary>Finds an image by a reference or by the beginning of its ID. Called under the lock.</summary>
    public InMemoryImage? Find(string reference)
    {
        if (_images.TryGetValue(DaemonImageReference.WithTag(reference), out var image))
        {
            return image;
        }

        var digits = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference["sha256:".Length..] : reference;
        return digits.Length > 0 && digits.All(char.IsAsciiHexDigitLower)
            ? _images.Values.FirstOrDefault(candidate => candidate.EffectiveId.AsSpan("sha256:".Length).StartsWith(digits, StringComparison.Ordinal))
            : null;
    }
}
