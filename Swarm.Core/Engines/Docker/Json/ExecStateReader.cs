namespace Swarm.Core.Engines;

/// <summary>Reads what became of a process in a container from an engine's answer.</summary>
internal static class ExecStateReader
{
    /// <summary>The most bytes of an answer to accept.</summary>
    public const int Limit = 1024 * 1024;

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The answer, UTF-8.</param>
    /// <param name="hasInput">Whether the process is to have its input from the client.</param>
    /// <returns>What became of the process.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not what it should be.</exception>
    public static ExecState Read(ReadOnlySpan<byte> json, out bool hasInput)
    {
        var reader = new DocumentReader(json, "exec", Limit);
        string id = "", container = "";
        var (isRunning, isOver) = (false, false);
        hasInput = false;
        var isTerminal = false;
        long? exitCode = null;
        var pid = 0L;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("ID"u8))
                {
                    id = reader.String();
                }
                else if (reader.Is("ContainerID"u8))
                {
                    container = reader.String();
                }
                else if (reader.Is("Running"u8))
                {
                    isRunning = reader.Boolean();
                }
                else if (reader.Is("ExitCode"u8))
                {
                    exitCode = reader.IsNull ? null : reader.Int64();
                }
                else if (reader.Is("CanRemove"u8))
                {
                    isOver = reader.Boolean();
                }
                else if (reader.Is("OpenStdin"u8))
                {
                    hasInput = reader.Boolean();
                }
                else if (reader.Is("Pid"u8))
                {
                    pid = reader.Int64();
                }
                else if (reader.Is("ProcessConfig"u8))
                {
                    isTerminal = ReadTerminal(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        if (id.Length == 0)
        {
            throw reader.Lacking("has no ID");
        }

        // Podman shows a process that was never started as one that ended well; only that nothing can be removed tells them apart. Docker shows no exit code then, and
        // the number of the process of one that ended.
        var wasNeverStarted = !isRunning && !isOver && exitCode == 0 && pid == 0;
        return new ExecState
        {
            Id = id,
            ContainerId = container,
            IsRunning = isRunning,
            ExitCode = isRunning || wasNeverStarted ? null : exitCode,
            IsTerminal = isTerminal,
            ProcessId = pid is > 0 and <= int.MaxValue ? (int)pid : null,
        };
    }

    private static bool ReadTerminal(ref DocumentReader reader)
    {
        var isTerminal = false;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("tty"u8))
                {
                    isTerminal = reader.Boolean();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return isTerminal;
    }
}
