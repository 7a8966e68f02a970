using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

internal sealed partial class DockerContainers
{
    private const int UpdateLimit = 1024 * 1024;
    private const int TopLimit = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public Task RestartAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "restart container", Path(id, $"/restart{GraceQuery(grace)}"), cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(string id, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "pause container", Path(id, "/pause"), cancellationToken);

    /// <inheritdoc/>
    public Task UnpauseAsync(string id, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "unpause container", Path(id, "/unpause"), cancellationToken);

    /// <inheritdoc/>
    public async Task RenameAsync(string id, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            await engine.Requests.CommandAsync(HttpMethod.Post, "rename container", Path(id, $"/rename?name={Uri.EscapeDataString(name)}"), cancellationToken);
        }
        catch (EngineApiException refusal) when (PodmanRefusals.OfName(refusal) is { } other)
        {
            throw other;
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> UpdateAsync(string id, ContainerUpdate update, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(update);
        return engine.Requests.PostAsync("update container", Path(id, "/update"), update.Body, UpdateLimit, ReadWarnings, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ContainerProcesses> TopAsync(string id, string? arguments, CancellationToken cancellationToken)
    {
        var query = string.IsNullOrEmpty(arguments) ? "" : $"?ps_args={Uri.EscapeDataString(arguments)}";
        return engine.Requests.GetAsync("list processes", Path(id, $"/top{query}"), TopLimit, ReadProcesses, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<FileChange>> ListChangesAsync(string id, CancellationToken cancellationToken)
    {
        const string Operation = "list changes";
        try
        {
            return await engine.Requests.GetAsync(Operation, Path(id, "/changes"), ChangesLimit, ReadChanges, cancellationToken);
        }
        catch (EngineApiException refusal) when (refusal.StatusCode == HttpStatusCode.InternalServerError && engine.LibpodVersion is not null)
        {
            // Podman names one cause for a container that is not there and for one whose layer is lost. A look tells which it is.
            if (await FindAbsenceAsync(id, cancellationToken) is { } absence)
            {
                throw new EngineApiException(refusal.Address, Operation, HttpStatusCode.NotFound, absence.EngineMessage, refusal);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task ResizeAsync(string id, int columns, int rows, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "resize terminal", Path(id, string.Create(CultureInfo.InvariantCulture, $"/resize?h={rows}&w={columns}")), cancellationToken);

    // That the container is not there, as the engine says it; a look that fails for another reason tells nothing.
    private async Task<EngineApiException?> FindAbsenceAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await InspectAsync(id, cancellationToken);
            return null;
        }
        catch (EngineException error)
        {
            return error is EngineApiException { StatusCode: HttpStatusCode.NotFound } absence ? absence : null;
        }
    }

    private static ImmutableArray<string> ReadWarnings(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "update answer", UpdateLimit);
        ImmutableArray<string> warnings = [];
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("Warnings"u8))
                {
                    warnings = CleanText.Each(reader.Strings());
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        return warnings;
    }

    private static ContainerProcesses ReadProcesses(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "list of processes", TopLimit);
        ImmutableArray<string> titles = [];
        var processes = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("Titles"u8))
                {
                    titles = reader.Strings();
                }
                else if (reader.Is("Processes"u8))
                {
                    if (reader.BeginList())
                    {
                        while (reader.NextItem())
                        {
                            processes.Add(reader.Strings());
                        }
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        return new ContainerProcesses(titles, processes.ToImmutable());
    }

    private static ImmutableArray<FileChange> ReadChanges(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "list of changes", ChangesLimit);
        var changes = ImmutableArray.CreateBuilder<FileChange>();
        if (reader.BeginList())
        {
            while (reader.NextItem())
            {
                var path = "";
                var kind = FileChangeKind.Modified;
                if (reader.BeginObject())
                {
                    while (reader.NextMember())
                    {
                        if (reader.Is("Path"u8))
                        {
                            path = reader.String();
                        }
                        else if (reader.Is("Kind"u8))
                        {
                            kind = reader.Int64() is >= 0 and <= 2 and var number ? (FileChangeKind)number : throw reader.Fault("is no kind of change");
                        }
                        else
                        {
                            reader.Skip();
                        }
                    }
                }

                changes.Add(new FileChange(path, kind));
            }
        }

        reader.End();
        return changes.ToImmutable();
    }
}
