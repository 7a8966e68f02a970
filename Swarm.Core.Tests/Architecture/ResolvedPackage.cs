namespace Swarm.Core.Architecture;

/// <summary>A package that the restore has resolved, and where it is used.</summary>
/// <param name="Use">What for: <c>ships</c>, <c>build</c>, or <c>tests</c>, samples and benchmarks included.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, or that it is the SDK's own.</param>
/// <param name="Licence">Its licence, as its manifest says.</param>
/// <param name="Projects">The projects that get it, in order.</param>
internal sealed record ResolvedPackage(string Use, string Name, string Version, string Licence, string Projects);
