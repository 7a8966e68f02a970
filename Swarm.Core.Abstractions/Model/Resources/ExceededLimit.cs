namespace Swarm.Core.Model;

/// <summary>Which limit of the cluster a container request goes beyond.</summary>
/// <param name="Option">The option that sets the limit, for example <c>SwarmOptions.SpecLimits.MaxLabels</c>.</param>
/// <param name="Found">How much was asked for, in the unit of the option.</param>
/// <param name="Allowed">How much is allowed, in the same unit.</param>
/// <param name="Container">The name of the container; <see langword="null"/> when it was given none.</param>
public sealed record ExceededLimit(string Option, long Found, long Allowed, string? Container);
