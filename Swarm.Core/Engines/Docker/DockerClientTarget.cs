using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What one Docker client is made for.</summary>
/// <param name="Address">The address of the engine.</param>
/// <param name="Transport">Its connections.</param>
/// <param name="Operation">What the client is to do, for errors.</param>
/// <param name="LineLimit">The most bytes of one line of an answer to accept.</param>
/// <param name="Login">What the engine is to show to the registry, or <see langword="null"/>.</param>
/// <param name="Registry">The host of that registry.</param>
/// <param name="Forbidden">Hears which calls come through.</param>
internal sealed record DockerClientTarget(EngineAddress Address, EngineTransport Transport, string Operation, int LineLimit, RegistryLogin? Login = null, string Registry = "", ForbiddenCallBook? Forbidden = null);
