using Swarm.Core.Clustering;
using Swarm.Core.Testing;

namespace Swarm.Core.Architecture;

/// <summary>The library holds no code that only its tests run.</summary>
public sealed class ReachabilityTests
{
    // What is there although nothing reaches it, and why.
    private static readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal)
    {
        ["Swarm.Core.Engines.InspectToCreate"] = "waits for rescheduling, which makes a container again from what its engine said of it",
        ["Swarm.Core.Engines.RecreateRequest"] = "what InspectToCreate makes",
        ["Swarm.Core.Engines.NetworkAttachment"] = "part of RecreateRequest",
        ["Swarm.Core.Model.TwinDemand"] = "part of InspectToCreate: what a container made again has to ask for",
        ["Swarm.Core.Model.ContainerConfig.WithHostNumber"] = "part of TwinDemand",

        // Windows for audits: they tell what is open and change nothing. That nothing is left over can be seen by no other means.
        ["Swarm.Core.Clustering.ReservationLedger.ListReservations"] = "shows the simulation's invariants which reservations are open",
        ["Swarm.Core.Clustering.ReservationLedger.OpenHolds"] = "shows whether reservations are open",
        ["Swarm.Core.Engines.SshDialer.Running"] = "shows whether processes are left",
        ["Swarm.Core.Engines.EngineTransport.OpenConnections"] = "shows whether sockets are open",
        ["Swarm.Core.Engines.Redaction.Steps"] = "shows that the search for secrets is bounded",
        ["Swarm.Core.Placement.ExpressionCache.Count"] = "shows that the cache is bounded",
        ["Swarm.Core.Placement.PlacementResult.Steps"] = "shows that the work of a decision is bounded",
        ["Swarm.Core.Testing.DaemonEvents.ChangedAt"] = "shows the simulation since when an engine has to be known in full",
        ["Swarm.Core.Testing.InMemoryDaemon.Containers"] = "shows the simulation's invariants what is the truth",
        ["Swarm.Core.Testing.DaemonConnections.RemoteCount"] = "shows whether streams are open",
        ["Swarm.Core.Testing.DaemonEvents.RemoteStreamCount"] = "shows whether event streams are open",
        ["Swarm.Core.Testing.InMemoryEngine.ConnectionCount"] = "shows whether connections are open",
    };

    [Test]
    public void Nothing_of_the_library_is_reached_by_tests_alone()
    {
        var unreached = Reachability.Of(typeof(IClusterContainers).Assembly, typeof(SwarmCluster).Assembly, typeof(InMemoryEngines).Assembly).Unreached();

        unreached.Should().BeEquivalentTo(_reasons.Keys, "dead code goes, and what is kept has its reason written down here");
    }

    [Test]
    public void What_nothing_reaches_is_found_and_nothing_else()
    {
        var sample = typeof(ReachabilitySample).FullName!;

        var unreached = Reachability.Of(typeof(ReachabilitySample).Assembly).Unreached()
            .Where(name => name.StartsWith(sample, StringComparison.Ordinal))
            .Select(name => name[(sample.Length + 1)..]);

        unreached.Should().BeEquivalentTo(
            "Base.DeadVirtual",
            "Box`1.DeadOfAGenericType",
            "DeadType",
            "Derived.DeadVirtual",
            "DeadAndEmpty",
            "Helper.DeadBehindADeadOverride",
            "Helper.DeadMethod",
            "Helper.DeadThoughCalledByTheDead",
            "IDeadService",
            "IService.DeadSlot",
            "OnlyNamed.DeadNumber",
            "OnlyNamed.new",
            "Pair.DeadProperty",
            "Service.Swarm.Core.Architecture.ReachabilitySample.IService.DeadSlot");
    }
}
