using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>A text that ought to be the address of an engine is none.</summary>
public sealed class InvalidAddressException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The text at fault.</param>
    /// <param name="reason">What is wrong with it.</param>
    public InvalidAddressException(string address, string reason)
        : base($"'{AddressText.Of(address)}' is not the address of an engine: {CleanText.Of(reason)}.")
    {
        Address = address;
        Reason = CleanText.Of(reason);
    }

    /// <summary>Gets the text at fault, as it was given: a password that stands in it is left out of the message only.</summary>
    public string Address { get; }

    /// <summary>Gets what is wrong with it, as a clause without a full stop.</summary>
    public string Reason { get; }
}
