using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>A process to run in a running container.</summary>
public sealed record ExecConfig
{
    /// <summary>Gets the program and its arguments.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Gets what is added to the environment of the container, as <c>NAME=value</c>. Never shown by <see cref="ToString"/>.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Gets the directory it starts in; <see langword="null"/> for that of the container.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Gets the user, by name or number, optionally with <c>:group</c>; <see langword="null"/> for that of the container.</summary>
    public string? User { get; init; }

    /// <summary>Gets whether it has all capabilities.</summary>
    public bool Privileged { get; init; }

    /// <summary>Gets whether it has a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Gets whether its input can be written to; otherwise it reads the end of file at once.</summary>
    public bool Input { get; init; }

    /// <summary>Gets whether its standard output is sent.</summary>
    public bool StandardOutput { get; init; } = true;

    /// <summary>Gets whether its standard error is sent.</summary>
    public bool StandardError { get; init; } = true;

    /// <summary>Gets the keys that detach from a terminal, as the engine writes them; <see langword="null"/> for its default.</summary>
    public string? DetachKeys { get; init; }

    /// <summary>Shows the program without its arguments, which may hold secrets.</summary>
    /// <returns>The name of the program.</returns>
    public override string ToString() => Command.IsDefaultOrEmpty ? "no command" : Command[0];
}
