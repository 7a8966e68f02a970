namespace Swarm.Core.Engines;

/// <summary>What of a container to attach to. The defaults attach to both outputs, from now on.</summary>
public sealed record AttachOptions
{
    /// <summary>Gets whether to attach to the input. The container must have been created with <c>OpenStdin</c>, or nothing that is written arrives.</summary>
    public bool Input { get; init; }

    /// <summary>Gets whether to attach to standard output.</summary>
    public bool StandardOutput { get; init; } = true;

    /// <summary>Gets whether to attach to standard error.</summary>
    public bool StandardError { get; init; } = true;

    /// <summary>Gets whether to begin with what was logged before.</summary>
    public bool Logs { get; init; }

    /// <summary>Gets the keys that detach from a terminal, as the engine writes them; <see langword="null"/> for its default, <c>ctrl-p,ctrl-q</c>.</summary>
    public string? DetachKeys { get; init; }
}
