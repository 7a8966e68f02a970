using System.Collections.Immutable;
using CsCheck;
using Swarm.Core.Model;

namespace Swarm.Core.Builders;

/// <summary>Generated container specs, every field in use.</summary>
internal static class ContainerSpecGen
{
    private static readonly Gen<long> _number = Gen.OneOf(Gen.Const(0L), Gen.Long, Gen.Long[-2, 4096]);

    private static readonly Gen<ImmutableArray<string>> _list = JsonGen.Text.Array[0, 3].Select(items => items.ToImmutableArray());

    private static readonly Gen<PortBinding> _binding = Gen.Select(
        Gen.OneOf("80/tcp", "80", "53/udp", "443/tcp"), Gen.OneOf("", "0.0.0.0", "::1"), Gen.OneOf("", "8080", "9000-9002"),
        (port, ip, host) => new PortBinding(port, ip, host));

    private static readonly Gen<LabelSet> _labels = Gen.Select(JsonGen.Text, JsonGen.Text, KeyValuePair.Create).Array[0, 4]
        .Select(pairs => LabelSet.Create(pairs));

    private static readonly Gen<NamedResources> _resources = Gen.Select(JsonGen.Word, Gen.Long[1, 9], KeyValuePair.Create).Array[0, 3]
        .Select(amounts => NamedResources.Create(amounts.DistinctBy(amount => amount.Key)));

    public static Gen<ContainerSpec> Specs { get; } = Gen.Select(JsonGen.Text.Array[10], _list.Array[9], _number.Array[8], Gen.Bool.Array[5], _labels, _resources, _binding.Array[0, 5], Gen.Int[-1, 3])
        .Select((texts, lists, numbers, flags, labels, resources, bindings, small) => new ContainerSpec
        {
            Constraints = lists[6],
            Affinities = lists[7],
            Labels = labels,
            Whitelists = lists[8],
            NamedResources = resources,
            Name = small < 0 ? null : "web" + small,
            Image = texts[0],
            Command = lists[0],
            Entrypoint = lists[1],
            Environment = lists[2].Add(Canary.Environment),
            WorkingDirectory = texts[1],
            User = texts[2],
            Hostname = texts[3],
            Tty = flags[0],
            OpenStdin = flags[1],
            StdinOnce = flags[2],
            ExposedPorts = [.. bindings.Select(binding => binding.ContainerPort)],
            PortBindings = [.. bindings],
            PublishAllPorts = flags[2],
            MemoryBytes = numbers[0],
            MemoryReservationBytes = numbers[1],
            MemorySwapBytes = numbers[2],
            NanoCpus = numbers[3],
            CpuShares = numbers[4],
            CpuQuota = numbers[5],
            CpuPeriod = numbers[6],
            CpusetCpus = texts[4],
            NetworkMode = texts[5],
            IpcMode = texts[6],
            PidMode = texts[7],
            VolumesFrom = lists[3],
            Links = lists[4],
            Binds = lists[5],
            RestartPolicy = small < 0 ? null : new RestartPolicy(texts[8], small),
            AutoRemove = flags[3],
            Privileged = flags[4],
            StopSignal = texts[9],
            StopTimeoutSeconds = small < 1 ? null : small,
        });
}
