namespace Swarm.Core.Engines;

/// <summary>TLS options of their own for some engines. Read once, when a connector is created: later changes have no effect.</summary>
public sealed class EngineTlsRule
{
    /// <summary>Gets or sets which engines it is for, by what their address says.</summary>
    /// <value>
    /// One of <c>host:port</c> or <c>[ipv6]:port</c>, one address; <c>host</c>, a name or an IP address with any port; <c>*.example.com</c>, all names that
    /// end so; <c>10.0.0.0/8</c>, all IP addresses in a network. There is no default.
    /// </value>
    /// <remarks>
    /// A network is compared with addresses that discovery gives as IP addresses, never with what a name resolves to: a name service must not choose
    /// which certificate is shown.
    /// </remarks>
    public string Engines { get; set; } = "";

    /// <summary>Gets or sets the TLS options for these engines. They take the place of <see cref="EngineConnectionOptions.Tls"/> as a whole.</summary>
    /// <value>The default shows no certificate, and trusts those that the machine trusts.</value>
    public EngineTlsOptions Tls { get; set; } = new();
}
