using System.Numerics;
using CsCheck;

namespace Swarm.Core.Model;

public sealed class ResourceVectorTests
{
    private static readonly Gen<long> _amount = Gen.OneOf(
        Gen.Long[-3, 3], Gen.Long, Gen.Long[long.MaxValue - 3, long.MaxValue], Gen.Long[long.MinValue, long.MinValue + 3]);

    private static readonly Gen<NamedResources> _named = Gen.Select(Gen.OneOf("a", "b", "c"), _amount, KeyValuePair.Create)
        .Array[0, 3].Select(amounts => NamedResources.Create(amounts.DistinctBy(amount => amount.Key)));

    private static readonly Gen<ResourceVector> _vector = Gen.Select(_amount, _amount, _amount, _named, (memory, cpu, slots, named) =>
        new ResourceVector { MemoryBytes = memory, NanoCpus = cpu, Slots = slots, Named = named });

    [Test]
    public void A_sum_saturates_in_every_part() => Gen.Select(_vector, _vector).Sample((left, right) =>
        Parts(left + right).Should().Equal(Parts(left).Zip(Parts(right), (a, b) => Clamp((BigInteger)a + b))));

    [Test]
    public void A_difference_saturates_in_every_part() => Gen.Select(_vector, _vector).Sample((left, right) =>
        Parts(left - right).Should().Equal(Parts(left).Zip(Parts(right), (a, b) => Clamp((BigInteger)a - b))));

    [Test]
    public void Adding_and_taking_away_again_changes_nothing_short_of_the_limits()
    {
        var small = Gen.Select(Gen.Long[-1000, 1000], Gen.Long[-1000, 1000], Gen.Long[-1000, 1000], Gen.Long[-5, 5], (memory, cpu, slots, named) =>
            new ResourceVector { MemoryBytes = memory, NanoCpus = cpu, Slots = slots, Named = NamedResources.Create([new("gpu", named)]) });

        Gen.Select(small, small).Sample((left, right) => ((left + right) - right).Should().Be(left));
    }

    [Test]
    public void The_named_methods_do_what_the_operators_do() => Gen.Select(_vector, _vector).Sample((left, right) =>
    {
        ResourceVector.Add(left, right).Should().Be(left + right);
        ResourceVector.Subtract(left, right).Should().Be(left - right);
    });

    [Test]
    public void The_shortage_is_the_one_exact_arithmetic_finds() => Gen.Select(_vector, _vector, _vector).Sample((total, used, request) =>
        ResourceVector.FindShortage(total, used, request).Should().Be(ExactShortage(total, used, request)));

    [Test]
    public void A_request_for_exactly_what_is_left_fits() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue]).Sample((total, used) =>
    {
        if (used < total)
        {
            var left = new ResourceVector { MemoryBytes = total - used };
            ResourceVector.FindShortage(new() { MemoryBytes = total }, new() { MemoryBytes = used }, left).Should().BeNull();
            ResourceVector.FindShortage(new() { MemoryBytes = total }, new() { MemoryBytes = used + 1 }, left)
                .Should().Be(new ResourceShortage(ResourceNames.Memory, total - used, total - used - 1));
        }
    });

    [Test]
    public void What_is_not_asked_for_may_be_overfull()
    {
        var total = new ResourceVector { MemoryBytes = 10, NanoCpus = 10, Slots = 1 };
        var used = new ResourceVector { MemoryBytes = 20, NanoCpus = 20, Slots = 2 };

        ResourceVector.FindShortage(total, used, default).Should().BeNull();
    }

    [Test]
    public void A_negative_total_refuses_even_what_is_not_asked_for() =>
        ResourceVector.FindShortage(new ResourceVector { MemoryBytes = -1 }, default, default)
            .Should().Be(new ResourceShortage(ResourceNames.Memory, 0, -1));

    [Test]
    public void Unlimited_slots_are_never_short()
    {
        var total = new ResourceVector { Slots = ResourceVector.UnlimitedSlots };
        var used = new ResourceVector { Slots = long.MaxValue };

        ResourceVector.FindShortage(total, used, new ResourceVector { Slots = long.MaxValue }).Should().BeNull();
    }

    [Test]
    public void The_default_has_no_named_resources_and_equals_an_empty_amount()
    {
        default(ResourceVector).Named.Should().BeSameAs(NamedResources.Empty);
        default(ResourceVector).Should().Be(new ResourceVector { Named = NamedResources.Empty });
        default(ResourceVector).GetHashCode().Should().Be(new ResourceVector { Named = NamedResources.Empty }.GetHashCode());
    }

    private static ResourceShortage? ExactShortage(ResourceVector total, ResourceVector used, ResourceVector request)
    {
        var resources = new List<(string Name, long Total, long Used, long Request)>
        {
            (ResourceNames.Memory, total.MemoryBytes, used.MemoryBytes, request.MemoryBytes),
            (ResourceNames.Cpu, total.NanoCpus, used.NanoCpus, request.NanoCpus),
        };
        if (request.Slots > 0 && total.Slots != ResourceVector.UnlimitedSlots)
        {
            resources.Add((ResourceNames.Slots, total.Slots, used.Slots, request.Slots));
        }

        resources.AddRange(request.Named.Select(named => (named.Key, total.Named[named.Key], used.Named[named.Key], named.Value)));
        foreach (var (name, has, taken, asked) in resources)
        {
            if (has < asked || (asked > 0 && (BigInteger)taken + asked > has))
            {
                return new ResourceShortage(name, asked, Clamp((BigInteger)has - taken));
            }
        }

        return null;
    }

    private static long[] Parts(ResourceVector vector) =>
        [vector.MemoryBytes, vector.NanoCpus, vector.Slots, vector.Named["a"], vector.Named["b"], vector.Named["c"]];

    private static long Clamp(BigInteger exact) => (long)BigInteger.Clamp(exact, long.MinValue, long.MaxValue);
}
