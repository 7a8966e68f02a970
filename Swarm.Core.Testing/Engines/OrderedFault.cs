namespace Swarm.Core.Testing;

/// <summary>A fault that was ordered for one call.</summary>
/// <param name="Operation">The operation; <see langword="null"/> for whichever comes next.</param>
/// <param name="Exception">What the call throws; <see langword="null"/> when its answer gets lost.</param>
internal sealed record OrderedFault(EngineOperation? Operation, Exception? Exception);
