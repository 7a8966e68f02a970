using System.Globalization;

namespace Swarm.Core.Benchmarks;

/// <summary>The command line, read.</summary>
internal sealed record Options(Selection Selection, MeterSettings Settings, string? Json, bool OnlyLists)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project benchmarks/Swarm.Core.Benchmarks -- quick [options]
               dotnet run -c Release --project benchmarks/Swarm.Core.Benchmarks -- compare BEFORE.json AFTER.json

          --mode M,...      request decision reserve fill create canned plans pending start idle flap events heap patterns
          --only W,...      workloads: W1 to W7, and W1p with plug-ins of the host
          --engines N,...   how many engines, any number; else 10, 100, 1000 and 10000
          --fill K,...      containers on each beforehand, at most 30; else 0, 15 and 30
          --backend B,...   canned, memory
          --pending P,...   creates in flight meanwhile; else 0, 16, 128 and 1024
          --callers C,...   callers at once; else 1 and 100 (plans: 1, 16 and 100)
          --batches R       batches of a cell; else 5
          --budget SECONDS  most processor time of a cell, machines and what is taken back not counted; else 5
          --window SECONDS  how long an idle or flapping cluster is watched; else 60
          --json FILE       writes the figures there too
          --list            only lists the cells
        """;

    private static readonly string[] _names = ["--mode", "--only", "--engines", "--fill", "--backend", "--pending", "--callers", "--batches", "--budget", "--window", "--json"];

    /// <summary>Reads it; <see langword="null"/> when it cannot be read.</summary>
    public static Options? Read(ReadOnlySpan<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var onlyLists = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--list")
            {
                onlyLists = true;
            }
            else if (!_names.Contains(arguments[i]) || i + 1 == arguments.Length || !given.TryAdd(arguments[i], arguments[++i]))
            {
                return null;
            }
        }

        try
        {
            return new Options(
                new Selection
                {
                    Modes = Texts("--mode"),
                    Workloads = Texts("--only"),
                    Backends = Texts("--backend"),
                    Engines = Numbers("--engines"),
                    Fills = Numbers("--fill"),
                    Pending = Numbers("--pending"),
                    Callers = Numbers("--callers"),
                },
                new MeterSettings(Number("--batches", 5), TimeSpan.FromSeconds(Number("--budget", 5)), TimeSpan.FromSeconds(Number("--window", 60))),
                given.GetValueOrDefault("--json"),
                onlyLists);
        }
        catch (FormatException)
        {
            return null;
        }

        string[]? Texts(string name) => given.GetValueOrDefault(name)?.Split(',');

        int[]? Numbers(string name) => Texts(name)?.Select(text => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();

        int Number(string name, int usual) => given.TryGetValue(name, out var text) ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : usual;
    }
}
