using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>One pull that reached an in-memory engine.</summary>
/// <param name="Reference">The image that was asked for.</param>
/// <param name="Login">The login that came with it, or <see langword="null"/>.</param>
public sealed record InMemoryPull(string Reference, RegistryLogin? Login);
