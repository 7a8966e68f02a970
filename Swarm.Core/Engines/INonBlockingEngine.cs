namespace Swarm.Core.Engines;

/// <summary>An engine of this library's own: its calls neither block before they return nor leave anything on the token they are given. A call to any other needs a thread's turn of its own.</summary>
internal interface INonBlockingEngine : IEngine;
