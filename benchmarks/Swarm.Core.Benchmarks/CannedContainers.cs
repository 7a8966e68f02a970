using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Benchmarks;

/// <summary>The containers of a canned engine.</summary>
internal sealed class CannedContainers(CannedEngines owner, CannedEngine engine, int number) : IEngineContainers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ContainerView> _views = new(StringComparer.Ordinal);
    private ImmutableArray<ContainerSummary> _listed;
    private int _created = Machine.MostHeld;

    /// <summary>Adds a container that was there before.</summary>
    public void Hold(int k, ContainerSpec spec)
    {
        var view = View(CannedEngine.IdOf(number, k), spec);
        _views.Add(view.Id, view);
    }

    public Task<ImmutableArray<ContainerSummary>> ListAsync(CancellationToken cancellationToken)
    {
        owner.Count(CannedCall.List);
        lock (_gate)
        {
            if (owner.AnswersAreFresh || _listed.IsDefault)
            {
                _listed = [.. _views.Values.Select(view => Summary(owner.Answer(view)))];
            }

            return Task.FromResult(_listed);
        }
    }

    public Task<ImmutableArray<ContainerSummary>> ListAsync(string label, string value, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<ImmutableArray<ContainerSummary>>([.. _views.Values.Where(view => view.Labels.ValueOrEmpty(label) == value).Select(Summary)]);
        }
    }

    public Task<ContainerInspection> InspectAsync(string id, CancellationToken cancellationToken)
    {
        owner.Count(CannedCall.Inspect);
        lock (_gate)
        {
            return _views.TryGetValue(id, out var view)
                ? Task.FromResult(new ContainerInspection(ReadOnlyMemory<byte>.Empty, owner.Answer(view)))
                : Task.FromException<ContainerInspection>(new EngineApiException(engine.Address, "inspect container", System.Net.HttpStatusCode.NotFound, $"No such container: {id}"));
        }
    }

    public Task<CreatedContainer> CreateAsync(ContainerConfig config, CancellationToken cancellationToken) =>
        owner.Held is { } held ? CreateLaterAsync(held, config, cancellationToken) : Task.FromResult(Create(config));

    public Task RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _views.Remove(id);
            _listed = default;
        }

        engine.Announce("destroy", id);
        return Task.CompletedTask;
    }

    public Task StartAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    public Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) => throw Unsupported();

    public Task KillAsync(string id, string? signal, CancellationToken cancellationToken) => throw Unsupported();

    public Task RestartAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) => throw Unsupported();

    public Task PauseAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    public Task UnpauseAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) => throw Unsupported();

    public Task<ImmutableArray<string>> UpdateAsync(string id, ContainerUpdate update, CancellationToken cancellationToken) => throw Unsupported();

    public Task<ContainerProcesses> TopAsync(string id, string? arguments, CancellationToken cancellationToken) => throw Unsupported();

    public Task<ImmutableArray<FileChange>> ListChangesAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    public Task ResizeAsync(string id, int columns, int rows, CancellationToken cancellationToken) => throw Unsupported();

    public Task<IContainerWait> OpenWaitAsync(string id, WaitCondition condition, CancellationToken cancellationToken) => throw Unsupported();

    public Task<IContainerOutput> OpenLogsAsync(string id, LogOptions options, CancellationToken cancellationToken) => throw Unsupported();

    public Task<IContainerStreams> AttachAsync(string id, AttachOptions options, CancellationToken cancellationToken) => throw Unsupported();

    public Task<ContainerStats> GetStatsAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    public Task<IContainerStatsStream> OpenStatsAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    public Task<PathStat> StatPathAsync(string id, string path, CancellationToken cancellationToken) => throw Unsupported();

    public Task<ContainerArchive> OpenArchiveAsync(string id, string path, CancellationToken cancellationToken) => throw Unsupported();

    public Task ExtractArchiveAsync(string id, string path, Stream archive, bool mayReplaceDirectories, CancellationToken cancellationToken) => throw Unsupported();

    public Task<Stream> ExportAsync(string id, CancellationToken cancellationToken) => throw Unsupported();

    private static ContainerView View(string id, ContainerSpec spec) => new()
    {
        Id = id,
        Names = ["/" + spec.Name],
        Image = spec.Image,
        Labels = spec.Labels,
        State = ContainerState.Created,
        PortBindings = spec.PortBindings,
        Resources = new ResourceVector { MemoryBytes = spec.MemoryBytes, NanoCpus = spec.NanoCpus, Slots = 1 },
    };

    // As the list of a real engine is read: it is held against the next.
    private static ContainerSummary Summary(ContainerView view)
    {
        var summary = new ContainerSummary { Id = view.Id, Names = view.Names, Image = view.Image, Labels = view.Labels, State = view.State };
        return summary with { Entry = ListEntries.Of(summary) };
    }

    private static NotSupportedException Unsupported() => new("A canned engine only creates, shows and removes.");

    private async Task<CreatedContainer> CreateLaterAsync(Task held, ContainerConfig config, CancellationToken cancellationToken)
    {
        await held.WaitAsync(cancellationToken);
        return Create(config);
    }

    private CreatedContainer Create(ContainerConfig config)
    {
        owner.Count(CannedCall.Create);
        ContainerView view;
        lock (_gate)
        {
            view = View(CannedEngine.IdOf(number, _created++), config.Typed);
            _views.Add(view.Id, view);
            _listed = default;
        }

        engine.Announce("create", view.Id);
        return new CreatedContainer(view.Id, []);
    }
}
