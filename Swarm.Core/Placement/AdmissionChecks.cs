namespace Swarm.Core.Placement;

/// <summary>What <see cref="Admission"/> looks at: everything for a create, memory and CPUs for an update.</summary>
[Flags]
internal enum AdmissionChecks
{
    None = 0,
    Memory = 1,
    Cpu = 2,
    Slots = 4,
    NamedResources = 8,
    Ports = 16,
    Eligibility = 32,
    All = Memory | Cpu | Slots | NamedResources | Ports | Eligibility,
}
