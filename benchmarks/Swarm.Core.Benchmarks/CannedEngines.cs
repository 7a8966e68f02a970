using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Benchmarks;

/// <summary>Canned engines, and the way to them.</summary>
internal sealed class CannedEngines : IEngineConnector
{
    private readonly Dictionary<EngineAddress, CannedEngine> _engines = [];
    private readonly long[] _calls = new long[Enum.GetValues<CannedCall>().Length];
    private readonly ImmutableArray<ImageView> _images =
        [.. Enumerable.Range(0, Machine.Images).Select(image => new ImageView { Id = $"sha256:{image:x64}", RepoTags = [$"registry.example.com/app/web-{image}:1.0"] })];

    private readonly ImmutableArray<NetworkView> _networks =
        [.. Enumerable.Range(0, Machine.Networks).Select(network => new NetworkView { Id = $"{network:x64}", Name = $"net-{network}", Driver = "bridge", Scope = "local" })];

    private TaskCompletionSource? _held;

    public CannedEngines(int engines, int fill, bool withPorts, bool answersAreFresh = false)
    {
        AnswersAreFresh = answersAreFresh;
        for (var i = 0; i < engines; i++)
        {
            var engine = new CannedEngine(this, i, fill, withPorts);
            _engines.Add(engine.Address, engine);
        }

        Addresses = [.. _engines.Keys];
    }

    public ImmutableArray<EngineAddress> Addresses { get; }

    /// <summary>Gets whether every answer is made anew, with texts of its own, as one read from a connection is. Else answers are shared with whoever asks, and cost nothing.</summary>
    public bool AnswersAreFresh { get; }

    /// <summary>Gets what creates wait for; <see langword="null"/> when for nothing.</summary>
    public Task? Held => _held?.Task;

    public ImmutableArray<ImageView> Images => AnswersAreFresh
        ? [.. _images.Select(image => image with { Id = Copy(image.Id), RepoTags = [.. image.RepoTags.Select(Copy)] })]
        : _images;

    public ImmutableArray<NetworkView> Networks => AnswersAreFresh
        ? [.. _networks.Select(network => network with { Id = Copy(network.Id), Name = Copy(network.Name), Driver = Copy(network.Driver), Scope = Copy(network.Scope) })]
        : _networks;

    public Task<IEngine> ConnectAsync(EngineAddress address, CancellationToken cancellationToken) => Task.FromResult<IEngine>(_engines[address]);

    public void Count(CannedCall call) => Interlocked.Increment(ref _calls[(int)call]);

    public long Calls(CannedCall call) => Volatile.Read(ref _calls[(int)call]);

    /// <summary>Lets creates wait from now on.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets them go on.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    /// <summary>Makes the answer to an inspection.</summary>
    public ContainerView Answer(ContainerView view) => !AnswersAreFresh ? view : view with
    {
        Id = Copy(view.Id),
        Names = [.. view.Names.Select(Copy)],
        Image = Copy(view.Image),
        Labels = LabelSet.Create(view.Labels.Select(label => KeyValuePair.Create(Copy(label.Key), Copy(label.Value)))),
        PortBindings = [.. view.PortBindings.Select(port => new PortBinding(Copy(port.ContainerPort), Copy(port.HostIp), Copy(port.HostPort)))],
    };

    private static string Copy(string text) => new(text.AsSpan());
}
