using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;

namespace Swarm.Core;

/// <summary>Watches over the whole run that the secret which the suite carries is never repeated, and fails the run where it was.</summary>
[SetUpFixture]
internal sealed class SecretWatchSetUp
{
    [OneTimeSetUp]
    public void Begin() => SecretWatch.Current = new SecretWatch(Canary.Secret);

    [OneTimeTearDown]
    public void End()
    {
        using var watch = SecretWatch.Current!;
        SecretWatch.Current = null;
        watch.Collect();

        TestContext.Progress.WriteLine($"Secrets were looked for in {watch.Seen}.");
        watch.TakeLeaks().Should().BeEmpty("no secret may be repeated");
    }
}
