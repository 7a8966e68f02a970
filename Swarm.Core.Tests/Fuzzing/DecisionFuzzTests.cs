using CsCheck;
using Swarm.Core.Expressions;
using Swarm.Core.Model;

namespace Swarm.Core.Fuzzing;

/// <summary>
/// Whatever a tenant asks for, in words that are well formed, is decided or refused within the steps that a decision may take. Bodies that are
/// not well formed are among the inputs of <see cref="ParserFuzzTests"/>. <c>SWARM_FUZZ_INPUTS</c> says how many there are.
/// </summary>
[Category("Fuzz")]
public sealed class DecisionFuzzTests
{
    private static readonly string[] _evil = [.. EvilPatterns.Create(400).Where(pattern => pattern.Length < 250 && !pattern.Contains('"', StringComparison.Ordinal))];

    private static readonly string[] _keys = ["container", "image", "tier", "com.docker.swarm.long", "com.docker.swarm.id", "region", "storage", "node", "long", "none"];

    private static readonly Gen<string> _value = Gen.Frequency(
        (4, Gen.OneOf(_evil)),
        (2, Gen.OneOf("db", "web-*", "*a*a*a*b", "/web/", "/.*/", "eu-*", "busybox", "n1|n2|n3", "")),
        (1, Gen.String[Gen.Char.AlphaNumeric, 1, 200]));

    private static readonly Gen<string> _expression = Gen.Select(Gen.OneOf(_keys), Gen.OneOf("==", "!=", "==~", "!=~"), _value, (key, comparison, value) => key + comparison + value);

    // Mostly few, now and then as many as are allowed and one more.
    private static readonly Gen<int> _count = Gen.Frequency((20, Gen.Int[0, 4]), (4, Gen.Int[5, 40]), (1, Gen.Int[41, 129]));

    private static readonly Gen<string[]> _expressions = _count.SelectMany(count => _expression.Array[count]);

    private static readonly Gen<ContainerSpec> _spec = Gen.Select(
        _expressions,
        _expressions,
        _count.SelectMany(count => Gen.OneOf("db", "web-1", "a", "ab", "n1/db", "nobody", "db:ro").Array[count]),
        _count.SelectMany(count => Gen.Int[0, 70_000].Array[count]),
        Gen.OneOf("", "host", "container:db", "bridge"),
        (constraints, affinities, others, ports, network) => new ContainerSpec
        {
            Image = "busybox",
            Environment = [.. constraints.Select(text => "constraint:" + text), .. affinities.Select(text => "affinity:" + text), .. others.Take(2).Select(text => "whitelist:node==" + text)],
            VolumesFrom = [.. others],
            Links = [.. others.Skip(3)],
            NetworkMode = network,
            ExposedPorts = [.. ports.Distinct().Select(port => $"{port}/tcp")],
            PortBindings = [.. ports.Select(port => new PortBinding($"{port}/udp", port % 2 == 0 ? "" : "10.0.0.1", $"{port}"))],
            Labels = LabelSet.Create(
                KeyValuePair.Create(SwarmLabels.Tolerations, GoJson.WriteStringList([.. others.Where(text => text.All(char.IsAsciiLetter))])),
                KeyValuePair.Create(SwarmLabels.Resources, "{" + string.Join(',', ports.Take(70).Distinct().Select(port => $"\"r{port}\":1")) + "}")),
        });

    [Test]
    public void No_decision_takes_more_steps_than_it_may()
    {
        var (decided, refused) = (0, 0);

        _spec.Sample(
            spec =>
            {
                ContainerConfig config = spec;
                var before = GC.GetAllocatedBytesForCurrentThread();
                if (DecisionFuzz.Decide(config.Body.ToArray()))
                {
                    Interlocked.Increment(ref decided);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }

                return GC.GetAllocatedBytesForCurrentThread() - before < MostBytes;
            },
            print: spec => System.Text.Encoding.UTF8.GetString(ContainerConfig.FromContainerSpec(spec).Body.Span),
            iter: ParserFuzzTests.Inputs);

        TestContext.Progress.WriteLine($"fuzzed decisions: {decided} decided, {refused} refused");
        decided.Should().BePositive();
        refused.Should().BePositive();
    }

    // A hundred patterns of 256 characters, each a program of its own.
    private const long MostBytes = 64L * 1024 * 1024;
}
