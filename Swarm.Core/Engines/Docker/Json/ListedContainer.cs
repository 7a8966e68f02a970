using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a list has told of one container so far, and no more of it than can be kept of any.</summary>
internal sealed class ListedContainer
{
    // Enough to choose from which to keep.
    private const int MostNames = 16 * EngineIntake.MostNames;
    private const int LongestNames = 64 * 1024;
    private const int LongestLabels = 2 * ContainerTrim.LongestLabels;

    // What a text takes in its collection, with room for more.
    private const int Place = 64;

    private readonly ImmutableArray<string>.Builder _names = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private int _nameRoom = LongestNames;
    private int _ordinaryRoom = LongestLabels;
    private int _reservedRoom = LongestLabels;
    private int _omittedLabels;
    private long _collectedBytes;
    private bool _lacksAmounts;

    public string Id { get; set; } = "";

    public string Image { get; set; } = "";

    public string ImageId { get; set; } = "";

    public string Status { get; set; } = "";

    public ContainerState State { get; set; }

    public DateTimeOffset? Created { get; set; }

    /// <summary>Gets the fingerprint of what is not kept.</summary>
    public ListedDetails Details { get; } = new();

    /// <summary>Gets or sets whether something was left out that is not counted.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Gets how many bytes of memory it takes.</summary>
    public long HeldBytes => _collectedBytes + KeptSize.Of(Id) + KeptSize.Of(Image) + KeptSize.Of(ImageId) + KeptSize.Of(Status);

    /// <summary>Takes a name in.</summary>
    /// <param name="name">The name; <see langword="null"/> when it is too long to be read.</param>
    public void AddName(string? name)
    {
        if (name is not null && _names.Count < MostNames && name.Length <= _nameRoom)
        {
            _nameRoom -= name.Length;
            _collectedBytes += Place + KeptSize.Of(name);
            _names.Add(name);
        }
        else
        {
            IsTruncated = true;
        }
    }

    /// <summary>Takes a label in. It is held whole or not at all.</summary>
    /// <param name="key">The key; <see langword="null"/> when it is too long to be read.</param>
    /// <param name="value">The value, likewise.</param>
    /// <returns>Whether no such label is held already: each is held once, so that what is held of all of them is bounded.</returns>
    public bool TryAddLabel(string? key, string? value)
    {
        if (key is not null && _labels.ContainsKey(key))
        {
            return false;
        }

        if (key is not null && value is not null && HasRoom(key, key.Length + value.Length + 1))
        {
            _labels.Add(key, value);
            _collectedBytes += Place + KeptSize.Of(key) + KeptSize.Of(value);
        }
        else
        {
            // An engine tells of as many as it likes.
            _omittedLabels = (int)Math.Min(_omittedLabels + 1L, int.MaxValue);
            _lacksAmounts |= key == SwarmLabels.Resources;
        }

        return true;
    }

    /// <summary>Makes what is held of it.</summary>
    public ContainerSummary Make()
    {
        // What a container takes is told whole or not at all.
        if (_lacksAmounts && _labels.Remove(SwarmLabels.Demand))
        {
            _omittedLabels++;
        }

        var made = new ContainerSummary
        {
            Id = Id,
            Names = _names.ToImmutable(),
            Image = Image,
            ImageId = ImageId,
            Labels = LabelSet.Create(_labels),
            OmittedLabels = _omittedLabels,
            IsTruncated = IsTruncated || Details.IsTooLong,
            State = State,
            Status = Status,
            Created = Created ?? DateTimeOffset.UnixEpoch,
        };
        return made with { Entry = ListEntries.Of(made, Details.Sum) };
    }

    // Each kind has room of its own, so that labels of others leave none of the library's out.
    private bool HasRoom(string key, int length)
    {
        if (ContainerTrim.IsFirst(key))
        {
            return length <= ContainerTrim.LongestLabels;
        }

        ref var room = ref ReservedLabels.Has(key) ? ref _reservedRoom : ref _ordinaryRoom;
        if (length > room)
        {
            return false;
        }

        room -= length;
        return true;
    }
}
