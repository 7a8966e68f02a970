using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines.Contract;

public sealed class InMemoryEngineContract : EngineContract
{
    internal static InMemoryImage BusyBox { get; } = InMemoryImage.BusyBox with
    {
        Commands =
        [
            new("sh -c echo", InMemoryProcess.Server with
            {
                Changes =
                [
                    new("/tmp", FileChangeKind.Modified), new("/tmp/made", FileChangeKind.Added), new("/bin", FileChangeKind.Modified), new("/bin/env", FileChangeKind.Deleted),
                ],
            }),
            .. InMemoryImage.BusyBox.Commands,
        ],
    };

    private readonly InMemoryEngines _engines = new(new InMemoryEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Images = [BusyBox], RemovalTime = TimeSpan.FromMilliseconds(60) }));

    protected override bool PublishesPorts => true;

    protected override Task<string> ServeImageAsync(string userName, string password)
    {
        _engines[_engines.Addresses[0]].AddToRegistry(new InMemoryImage("reg.example:5000/app:1"));
        _engines[_engines.Addresses[0]].RequireLogin("reg.example:5000", RegistryLogin.FromPassword(userName, new Secret(password)));
        return Task.FromResult("reg.example:5000/app:1");
    }

    protected override Task<IEngine> OpenEngineAsync(CancellationToken cancellationToken) =>
        _engines.ConnectAsync(_engines.Addresses[0], cancellationToken);
}
