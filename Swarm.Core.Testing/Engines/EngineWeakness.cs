namespace Swarm.Core.Testing;

/// <summary>One kind of call that fails for the time being.</summary>
/// <param name="Operation">The kind.</param>
/// <param name="ContainerId">The container it fails for, by its full ID; <see langword="null"/> for all.</param>
/// <param name="Hangs">Whether it never gets an answer; else it is answered with status 500.</param>
internal sealed record EngineWeakness(EngineOperation Operation, string? ContainerId, bool Hangs);
