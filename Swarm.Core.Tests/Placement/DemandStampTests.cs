using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class DemandStampTests
{
    private const long Cpu = ResourceVector.NanoCpusPerCpu;

    private static readonly Gen<DemandRules> _rules = Gen.Select(Gen.Bool, Gen.Bool, (shares, reservation) => new DemandRules { CpuSharesAsCpus = shares, CountMemoryReservation = reservation });

    private static readonly Gen<ContainerSpec> _spec = Gen.Select(
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 64 * A.GiB]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 64 * A.GiB]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 64 * Cpu]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[-1, 6_400_000]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1_000, 1_000_000]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 64]),
        (memory, reservation, cpus, quota, period, shares) => new ContainerSpec
        {
            MemoryBytes = memory,
            MemoryReservationBytes = reservation,
            NanoCpus = quota == 0 ? cpus : 0,
            CpuQuota = quota,
            CpuPeriod = period,
            CpuShares = shares,
        });

    [Test]
    public void Whatever_counts_an_engine_shows_what_was_asked_for_also_where_it_forgets_some_of_it() =>
        Gen.Select(_rules, _spec, Gen.Int[1, 4096], Gen.Int[0, 63]).Sample((rules, spec, cpus, forgotten) =>
        {
            var request = Request(spec, rules);
            var sent = DemandStamp.Of(request, rules, Engine(cpus)).Typed;
            var limits = sent.Limits;
            var shown = new ContainerLimits(
                (forgotten & 1) != 0 ? 0 : limits.MemoryBytes,
                (forgotten & 2) != 0 ? 0 : limits.MemoryReservationBytes,
                (forgotten & 4) != 0 ? 0 : limits.NanoCpus,
                (forgotten & 8) != 0 ? 0 : limits.CpuQuota,
                limits.CpuPeriod,
                (forgotten & 16) != 0 ? 0 : (forgotten & 32) != 0 && limits.CpuShares > 0 ? Math.Max(2, limits.CpuShares) : limits.CpuShares);

            var counts = ResourceDemand.Of(shown, rules, CountedDemand.Of(sent.Labels));

            (counts with { Slots = 1 }).Should().Be(request.Resources);
        });

    [Test]
    public void A_twin_on_another_engine_is_asked_for_what_the_container_counts_for() =>
        Gen.Select(_rules, _spec, Gen.Int[1, 64], Gen.Int[1, 64], Gen.Bool).Sample((rules, spec, cpus, otherCpus, forgets) =>
        {
            var request = Request(spec, rules);
            var shown = DemandStamp.Of(request, rules, Engine(cpus));
            foreach (var limit in forgets ? (string[])["Memory", "MemoryReservation", "NanoCpus", "CpuQuota", "CpuShares"] : [])
            {
                shown = shown.WithHostNumber(limit, 0);
            }

            var twin = new PlacementRequestFactory(rules, new ExpressionCache()).Create(TwinDemand.Of(shown, rules));

            twin.Resources.Should().Be(request.Resources);
            var sent = DemandStamp.Of(twin, rules, Engine(otherCpus)).Typed;
            (ResourceDemand.Of(sent.Limits, rules, CountedDemand.Of(sent.Labels)) with { Slots = 1 }).Should().Be(request.Resources);
        });

    [Test]
    public void A_twin_of_a_container_whose_shares_are_ordinary_is_asked_for_no_CPUs()
    {
        var rules = new DemandRules { CpuSharesAsCpus = true };

        var twin = TwinDemand.Of(new ContainerSpec { CpuShares = 1024, MemoryBytes = 5 }, rules);

        Request(twin.Typed, rules).Resources.Should().Be(new ResourceVector { MemoryBytes = 5, Slots = 1 });
        TwinDemand.Of(new ContainerSpec { CpuShares = 1024 }, DemandRules.Default).Typed.CpuShares.Should().Be(1024);
    }

    [Test]
    public void Shares_are_those_of_classic_Swarm_and_come_back_as_the_same_number_of_CPUs()
    {
        for (var host = 1; host <= 48; host++)
        {
            for (var cpus = 1; cpus <= host; cpus++)
            {
                var shares = ResourceDemand.SharesOf(cpus, host);

                shares.Should().Be((long)Math.Ceiling(cpus * 1024m / host));
                (shares * host / 1024).Should().Be(cpus);
            }
        }
    }

    [TestCase(true, 512)]
    [TestCase(false, 2)]
    public void CPUs_become_shares_of_the_chosen_engine_where_they_count(bool count, long shares)
    {
        var rules = new DemandRules { CpuSharesAsCpus = count };

        DemandStamp.Of(Request(new ContainerSpec { CpuShares = 2 }, rules), rules, Engine(4)).Typed.CpuShares.Should().Be(shares);
    }

    [Test]
    public void A_label_that_the_caller_gives_is_overwritten()
    {
        var spec = new ContainerSpec { MemoryBytes = 5, Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Demand, """{"v":1,"memory":1}""")) };

        DemandStamp.Of(Request(spec, DemandRules.Default), DemandRules.Default, Engine(4)).Typed.Labels[SwarmLabels.Demand].Should().Be("""{"v":1,"memory":5}""");
    }

    [Test]
    public void A_container_that_takes_nothing_says_so() =>
        DemandStamp.Of(Request(new ContainerSpec(), DemandRules.Default), DemandRules.Default, Engine(4)).Typed.Labels[SwarmLabels.Demand].Should().Be("""{"v":1}""");

    [Test]
    public void What_an_update_sets_counts_before_what_was_counted_at_creation()
    {
        var rules = new DemandRules { CpuSharesAsCpus = true, CountMemoryReservation = true };
        var counted = new CountedDemand { MemoryBytes = 100, IsMemoryReserved = true, NanoCpus = 2 * Cpu, CpuShares = 512, HostCpus = 4 };

        ResourceDemand.Of(new ContainerLimits { MemoryBytes = 900, MemoryReservationBytes = 300, CpuShares = 768 }, rules, counted).Should().Be(new ResourceVector { MemoryBytes = 300, NanoCpus = 3 * Cpu });
        ResourceDemand.Of(new ContainerLimits { MemoryBytes = 900, MemoryReservationBytes = -1, CpuShares = 100 }, rules, counted).Should().Be(new ResourceVector { MemoryBytes = 900 });
        ResourceDemand.Of(new ContainerLimits { MemoryReservationBytes = -1, CpuShares = 100, NanoCpus = 7 }, rules, counted).Should().Be(new ResourceVector { NanoCpus = 7 });
        ResourceDemand.Of(new ContainerLimits { CpuQuota = -1 }, rules, new CountedDemand { NanoCpus = Cpu, HostCpus = 4 }).Should().Be(default(ResourceVector));
    }

    [Test]
    public void What_was_counted_by_an_option_counts_on_where_the_option_is_off_by_now()
    {
        var counted = new CountedDemand { MemoryBytes = 100, IsMemoryReserved = true, NanoCpus = 2 * Cpu, CpuShares = 512, HostCpus = 4 };

        ResourceDemand.Of(new ContainerLimits { MemoryReservationBytes = 100, CpuShares = 512 }, DemandRules.Default, counted).Should().Be(new ResourceVector { MemoryBytes = 100, NanoCpus = 2 * Cpu });
        ResourceDemand.Of(new ContainerLimits { MemoryBytes = 300, MemoryReservationBytes = 100, NanoCpus = Cpu, CpuShares = 512 }, DemandRules.Default, counted)
            .Should().Be(new ResourceVector { MemoryBytes = 300, NanoCpus = Cpu }, "the engine enforces these");
    }

    [Test]
    public void Shares_of_a_container_that_was_not_created_as_a_number_of_CPUs_are_ordinary_ones()
    {
        var rules = new DemandRules { CpuSharesAsCpus = true };
        var limits = new ContainerLimits { CpuShares = 1024 };

        ResourceDemand.Of(limits, rules).NanoCpus.Should().Be(0);
        ResourceDemand.Of(limits, rules, new CountedDemand()).NanoCpus.Should().Be(0);
    }

    private static PlacementRequest Request(ContainerSpec spec, DemandRules rules)
    {
        ContainerConfig config = spec with { Image = "busybox" };
        return new PlacementRequestFactory(rules, new ExpressionCache()).Create(config.WithLabel(SwarmLabels.Operation, new string('a', 32)));
    }

    private static EngineSpecs Engine(long cpus) => new() { DaemonId = "a", Name = "a", NanoCpus = cpus * Cpu, MemoryBytes = A.GiB };
}
