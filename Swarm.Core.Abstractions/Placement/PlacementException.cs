using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>No node can run the container. <see cref="Result"/> says why, node by node.</summary>
public sealed class PlacementException : SwarmException, ICleanMessage
{
    /// <summary>Creates the error.</summary>
    /// <param name="result">The decision.</param>
    public PlacementException(PlacementResult result)
        : base("No node can run the container.")
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
    }

    /// <summary>Gets the explanation of <see cref="Result"/>. Worked out when it is first read, which looks at every node and may ask filters of the host; it throws nothing.</summary>
    public override string Message => field ??= Explain();

    /// <summary>Gets the decision, with a reason for every node.</summary>
    public PlacementResult Result { get; }

    private string Explain()
    {
        try
        {
            return Result.Explain();
        }
        catch (Exception error)
        {
            // Whatever a plug-in does: a message does not throw.
            return $"{base.Message} Why cannot be said: {CleanText.Of(error.Message, CleanText.LongestMessage)}";
        }
    }

    /// <summary>Returns the same error as whoever wrote the configuration may see it: without the host program's own conditions.</summary>
    /// <returns>The error, not thrown yet; its result is <see cref="PlacementResult.ForTenant"/>.</returns>
    /// <exception cref="PlacementPluginException">A filter threw.</exception>
    public PlacementException ForTenant() => Result.Request.Conditions is null ? this : new PlacementException(Result.ForTenant());
}
