using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace QuickStart;

/// <summary>Five engines in memory, of different sizes and with different labels.</summary>
internal static class EmbeddedEngines
{
    public static InMemoryEngines Create()
    {
        var engines = new InMemoryEngines();
        Add("frankfurt", cpus: 8, gibibytes: 16, "eu-central", "ssd");
        Add("dublin", cpus: 4, gibibytes: 8, "eu-west", "ssd");
        Add("paris", cpus: 4, gibibytes: 8, "eu-west", "disk");
        Add("virginia", cpus: 16, gibibytes: 32, "us-east", "ssd");
        Add("tokyo", cpus: 2, gibibytes: 4, "asia", "disk");
        return engines;

        void Add(string name, int cpus, int gibibytes, string region, string storage) => engines.Add(new InMemoryEngineOptions
        {
            Address = EngineAddress.Parse($"{name}:2375"),
            Name = name,
            Cpus = cpus,
            MemoryBytes = (long)gibibytes << 30,
            Labels = LabelSet.Create([new("region", region), new("storage", storage)]),
        });
    }
}
