namespace Swarm.Core.Testing;

/// <summary>The types that fields of a create body have in the engine.</summary>
internal enum BodyFieldKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A Boolean.</summary>
    Flag,

    /// <summary>A whole number of 64 bits.</summary>
    Number,

    /// <summary>A list of strings.</summary>
    Texts,

    /// <summary>A list of strings, or one string that stands for a list of one.</summary>
    Words,

    /// <summary>Strings by string.</summary>
    TextMap,

    /// <summary>A set of strings, written as an object of empty objects.</summary>
    Set,

    /// <summary>Lists of host address and port by container port.</summary>
    PortMap,

    /// <summary>A restart policy.</summary>
    RestartPolicy,

    /// <summary>Anything else, taken over as it is.</summary>
    Other,
}
