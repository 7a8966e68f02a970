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

    private readonly ImmutableArray<string>.Builder _names = ImmutableArray.CreateBuilder<string>();
    private readonly List<KeyValuePair<string, string>> _labels = [];
    private int _nameRoom = LongestNames;
    private int _ordinaryRoom = LongestLabels;
    private int _reservedRoom = LongestLabels;
    private int _omittedLabels;

    public string Id { get; set; } = "";

    public string Image { get; set; } = "";

    public string ImageId { get; set; } = "";

    public string Status { get; set; } = "";

    public ContainerState State { get; set; }

    public DateTimeOffset? Created { get; set; }

    /// <summary>Gets or sets whether something was left out that is not counted.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Takes a name in.</summary>
    /// <param name="name">The name; <see langword="null"/> when it is too long to be read.</param>
    public void AddName(string? name)
    {
        if (name is not null && _names.Count < MostNames && name.Length <= _nameRoom)
        {
            _nameRoom -= name.Length;
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
    public void AddLabel(string? key, string? value)
    {
        if (key is not null && value is not null && HasRoom(key, key.Length + value.Length + 1))
        {
            _labels.Add(KeyValuePair.Create(key, value));
        }
        else
        {
            _omittedLabels++;
        }
    }

    /// <summary>Makes what is held of it.</summary>
    /// <returns>Whether it has no label twice.</returns>
    public bool TryMake(out ContainerSummary? container)
    {
        var labels = LabelSet.Create(_labels);
        container = labels.Count < _labels.Count
            ? null
            : new ContainerSummary
            {
                Id = Id,
                Names = _names.ToImmutable(),
                Image = Image,
                ImageId = ImageId,
                Labels = labels,
                OmittedLabels = _omittedLabels,
                IsTruncated = IsTruncated,
                State = State,
                Status = Status,
                Created = Created ?? DateTimeOffset.UnixEpoch,
            };
        return container is not null;
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
