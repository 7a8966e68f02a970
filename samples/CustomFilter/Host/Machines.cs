using Acme.Placement;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Acme.Host;

/// <summary>Acme's machines, in memory: with prices and licences as labels of the engines.</summary>
internal static class Machines
{
    public static InMemoryEngines Create()
    {
        return new InMemoryEngines(
            Machine("office", price: "0.10", licenses: ""),
            Machine("lab", price: "0.35", licenses: "matlab"),
            Machine("render", price: "0.90", licenses: "ansys, matlab"),
            Machine("spare", price: "", licenses: "matlab"));

        static InMemoryEngine Machine(string name, string price, string licenses) => new(new InMemoryEngineOptions
        {
            Address = EngineAddress.Parse($"{name}:2375"),
            Name = name,
            Cpus = 4,
            Labels = LabelSet.Create(new(CheapestStrategy.NodeLabel, price), new(LicenseFilter.NodeLabel, licenses)),
        });
    }
}
