namespace Swarm.Core.Clustering;

/// <summary>How long calls to engines, and to the host's own credentials, may take.</summary>
/// <param name="Call">An ordinary call.</param>
/// <param name="Create">One that makes, starts, stops or removes a container.</param>
/// <param name="Pull">Fetching an image.</param>
/// <param name="Credentials">Asking the host for the login of a registry.</param>
/// <param name="TransferIdle">How long a transfer may stand still.</param>
internal sealed record CallLimits(TimeSpan Call, TimeSpan Create, TimeSpan Pull, TimeSpan Credentials, TimeSpan TransferIdle);
