using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>Edits a create body that was read before: splices a few bytes, and leaves every other byte as it was.</summary>
internal sealed class CreateBodyEdit(byte[] body)
{
    private readonly List<Splice> _splices = [];

    /// <summary>Gets whether nothing is to be done.</summary>
    public bool IsEmpty => _splices.Count == 0;

    /// <summary>Puts a field at the top to a value.</summary>
    public void Set(string name, byte[] value) => Set(0, name, value);

    /// <summary>Puts a field at the top to a value where it has one.</summary>
    public void Replace(string name, byte[] value)
    {
        var top = new JsonMembers(body, 0);
        if (top.Find(name) && !top.IsNull)
        {
            _splices.Add(Splice.Replace(top, value));
        }
    }

    /// <summary>Puts fields of HostConfig to values.</summary>
    public void SetHost(params IReadOnlyList<(string Name, byte[] Value)> fields)
    {
        if (ObjectAt("HostConfig") is not { } host)
        {
            Set("HostConfig", WriteObject([.. OldHostFields(fields), .. fields]));
            return;
        }

        var added = new List<(string, byte[])>();
        foreach (var field in fields)
        {
            var members = new JsonMembers(body, host);
            if (members.Find(field.Name))
            {
                _splices.Add(Splice.Replace(members, field.Value));
            }
            else
            {
                added.Add(field);
            }
        }

        if (added.Count > 0)
        {
            Append(host, WriteObject(added));
        }
    }

    /// <summary>Puts labels to values.</summary>
    /// <param name="had">All labels the body has.</param>
    /// <param name="given">The labels.</param>
    public void SetLabels(LabelSet had, LabelSet given)
    {
        var (added, replaced) = (0, 0);
        foreach (var (key, value) in given)
        {
            if (!had.TryGetValue(key, out var present))
            {
                added++;
            }
            else if (value.Length == 0 || !string.Equals(present, value, StringComparison.Ordinal))
            {
                replaced++; // perhaps: null reads as empty
            }
        }

        if (replaced > 0)
        {
            ReplaceLabels(had, given);
        }

        if (added == 0)
        {
            return;
        }

        var written = JsonText.Write((had, given), static (json, sets) => WriteAdded(json, sets.had, sets.given));
        if (ObjectAt("Labels") is { } labels)
        {
            Append(labels, written);
        }
        else
        {
            Set("Labels", written);
        }
    }

    /// <summary>Takes labels away.</summary>
    public void RemoveLabels(IReadOnlySet<string> gone)
    {
        if (ObjectAt("Labels") is not { } labels)
        {
            return;
        }

        var members = new JsonMembers(body, labels);
        var (from, keptEnd) = (-1, -1);
        while (members.Next())
        {
            if (gone.Contains(members.ReadName()))
            {
                from = from < 0 ? members.NameStart : from;
                continue;
            }

            // Neighbours that go as well go with it, and one comma with all of them.
            if (from >= 0)
            {
                _splices.Add(Splice.Cut(from, members.NameStart));
                from = -1;
            }

            keptEnd = members.End;
        }

        if (from >= 0)
        {
            _splices.Add(Splice.Cut(keptEnd < 0 ? from : keptEnd, members.End));
        }
    }

    /// <summary>Writes the body with all that was to be done.</summary>
    public byte[] Write()
    {
        _splices.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var edited = new byte[body.Length + _splices.Sum(static splice => splice.AddedLength - splice.Length)];
        var (read, written) = (0, 0);
        foreach (var splice in _splices)
        {
            Copy(body.AsSpan(read, splice.Start - read));
            Copy(splice.HasComma ? ","u8 : default);
            Copy(splice.Bytes.Span);
            read = splice.Start + splice.Length;
        }

        Copy(body.AsSpan(read));
        return edited;

        void Copy(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(edited.AsSpan(written));
            written += bytes.Length;
        }
    }

    private static byte[] WriteObject(IEnumerable<(string Key, byte[] Value)> members) => JsonText.Write(members, static (json, pairs) =>
    {
        json.WriteStartObject();
        foreach (var (key, value) in pairs)
        {
            json.WritePropertyName(key);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        json.WriteEndObject();
    });

    private static void WriteAdded(Utf8JsonWriter json, LabelSet had, LabelSet given)
    {
        json.WriteStartObject();
        foreach (var (key, value) in given)
        {
            if (!had.ContainsKey(key))
            {
                CheckLabel(key, value);
                json.WriteString(CreateBodyWriter.Checked("Labels", key), value);
            }
        }

        json.WriteEndObject();
    }

    private static void CheckLabel(string key, string value)
    {
        if (!JsonText.IsWellFormed(value))
        {
            CreateBodyWriter.Checked($"Labels['{key}']", value);
        }
    }

    private void ReplaceLabels(LabelSet had, LabelSet given)
    {
        var members = new JsonMembers(body, ObjectAt("Labels")!.Value);
        while (members.Next())
        {
            var key = members.ReadName();
            if (given.TryGetValue(key, out var value) && (members.IsNull || !string.Equals(had[key], value, StringComparison.Ordinal)))
            {
                CheckLabel(key, value);
                _splices.Add(Splice.Replace(members, JsonText.Write(value, static (json, text) => json.WriteStringValue(text))));
            }
        }
    }

    // A HostConfig would hide the old-style fields at the top from an engine that reads them, so it takes them along.
    private List<(string Name, byte[] Value)> OldHostFields(IReadOnlyList<(string Name, byte[] Value)> replaced)
    {
        var gone = replaced.Select(field => GoJson.Fold(field.Name)).ToHashSet(StringComparer.Ordinal);
        var old = new List<(string, byte[])>();
        var top = new JsonMembers(body, 0);
        while (top.Next())
        {
            var name = top.ReadName();
            var folded = GoJson.Fold(name);
            if (!top.IsNull && CreateBodyShape.IsHostField(folded) && !gone.Contains(folded))
            {
                old.Add((name, top.Value.ToArray()));
            }
        }

        return old;
    }

    // Where the object begins that a field at the top holds.
    private int? ObjectAt(string field)
    {
        var top = new JsonMembers(body, 0);
        return top.Find(field) && !top.IsNull ? top.ValueStart : null;
    }

    private void Set(int start, string name, byte[] value)
    {
        var members = new JsonMembers(body, start);
        if (members.Find(name))
        {
            _splices.Add(Splice.Replace(members, value));
        }
        else
        {
            Append(start, WriteObject([(name, value)]));
        }
    }

    // Adds the members of another object.
    private void Append(int start, byte[] added)
    {
        var members = new JsonMembers(body, start);
        while (members.Next())
        {
        }

        _splices.Add(new Splice(members.End, 0, added.AsMemory(1..^1), members.IsBehindAny));
    }

    /// <param name="Start">Where bytes are taken out.</param>
    /// <param name="Length">How many.</param>
    /// <param name="Bytes">What comes in their place.</param>
    /// <param name="HasComma">Whether a comma comes before that.</param>
    private readonly record struct Splice(int Start, int Length, ReadOnlyMemory<byte> Bytes, bool HasComma)
    {
        public int AddedLength => Bytes.Length + (HasComma ? 1 : 0);

        public static Splice Replace(JsonMembers member, byte[] bytes) => new(member.ValueStart, member.End - member.ValueStart, bytes, false);

        public static Splice Cut(int start, int end) => new(start, end - start, default, false);
    }
}
