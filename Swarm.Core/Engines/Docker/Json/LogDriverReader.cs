namespace Swarm.Core.Engines;

/// <summary>Reads from an inspect answer what becomes of a container's log.</summary>
internal static class LogDriverReader
{
    /// <summary>Tells whether an engine keeps every line: with no limit of size, and never passing over what comes too fast.</summary>
    /// <param name="json">The answer, UTF-8.</param>
    /// <returns>Whether it does; <see langword="false"/> where the answer does not say.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not what it should be.</exception>
    public static bool KeepsAll(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "inspect answer", ContainerInspectionReader.Limit);
        var keepsAll = false;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (!reader.Is("HostConfig"u8))
                {
                    reader.Skip();
                }
                else if (reader.BeginObject())
                {
                    while (reader.NextMember())
                    {
                        if (reader.Is("LogConfig"u8))
                        {
                            keepsAll = ReadConfig(ref reader);
                        }
                        else
                        {
                            reader.Skip();
                        }
                    }
                }
            }
        }

        reader.End();
        return keepsAll;
    }

    // Other drivers have limits of their own, or keep what they get elsewhere.
    private static bool ReadConfig(ref DocumentReader reader)
    {
        var type = "";
        var isLimited = false;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("Type"u8))
                {
                    type = reader.String();
                }
                else if (!reader.Is("Config"u8))
                {
                    reader.Skip();
                }
                else if (reader.BeginObject())
                {
                    while (reader.NextMember())
                    {
                        isLimited |= reader.Is("max-size"u8) || reader.Is("mode"u8);
                        reader.Skip();
                    }
                }
            }
        }

        return string.Equals(type, "json-file", StringComparison.Ordinal) && !isLimited;
    }
}
