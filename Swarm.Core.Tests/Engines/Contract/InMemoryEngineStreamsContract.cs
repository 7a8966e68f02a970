using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines.Contract;

public sealed class InMemoryEngineStreamsContract : EngineStreamsContract
{
    private static readonly InMemoryImage _image = InMemoryImage.BusyBox with
    {
        Commands =
        [
            new($"sh -c {TalkScript}", InMemoryProcess.Job(TimeSpan.FromMilliseconds(100), exitCode: 3) with
            {
                Output = [new("out\n"), new("err\n", OutputSource.StandardError, TimeSpan.FromMilliseconds(50))],
            }),
            new($"sh -c {LinesScript}", InMemoryProcess.Job(TimeSpan.Zero) with { Output = [new("one\n"), new("two\n"), new("three\n")] }),
            new($"sh -c {ShortScript}", InMemoryProcess.Job(TimeSpan.FromMilliseconds(50), exitCode: 4)),
            new("nosuch", new InMemoryProcess { StartError = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH: unknown" }),
            .. InMemoryImage.BusyBox.Commands,
        ],
    };

    private readonly InMemoryEngines _engines = new(new InMemoryEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Images = [_image] }));

    protected override Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken) =>
        _engines.ConnectAsync(_engines.Addresses[0], cancellationToken);
}
