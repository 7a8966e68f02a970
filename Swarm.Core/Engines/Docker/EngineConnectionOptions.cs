using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>How connections to engines are made. Read once, when a connector is created: later changes have no effect.</summary>
public sealed class EngineConnectionOptions
{
    /// <summary>The largest <see cref="ConnectTimeout"/> that is accepted.</summary>
    internal static readonly TimeSpan MaxConnectTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The largest <see cref="CertificateWarningTime"/> that is accepted.</summary>
    internal static readonly TimeSpan MaxCertificateWarningTime = TimeSpan.FromDays(366);

    /// <summary>Gets or sets how long resolving a name, connecting to the first of its addresses that answers, and the TLS handshake may take together. 5 seconds when not set; at most 5 minutes.</summary>
    public TimeSpan ConnectTimeout { get; set; } = EngineTimings.Default.ConnectTimeout;

    /// <summary>Gets or sets whether tcp without TLS may be used beyond this machine. Whoever reaches such an engine is root on its host.</summary>
    /// <remarks>Loopback addresses and unix sockets never need it, where they may be used at all. What counts is the address a name resolves to.</remarks>
    public bool AllowInsecureTcp { get; set; }

    /// <summary>Gets or sets how engines and this program prove to each other who they are, for all engines that none of <see cref="TlsRules"/> is for; <see langword="null"/> for no TLS. Unix sockets never use TLS.</summary>
    /// <remarks>
    /// Whatever address discovery gives is shown the client certificate in here when it asks. Where that must not be, give rules instead: then
    /// an engine that none is for is shown nothing, and reached at all only with <see cref="AllowInsecureTcp"/>.
    /// </remarks>
    public EngineTlsOptions? Tls { get; set; }

    /// <summary>Gets TLS options of their own for some engines. A client certificate is shown to the engines of its own rule and to no others; redirects are never followed.</summary>
    /// <remarks>
    /// Of several rules that match, that for the address itself counts before one for its host, and that before ones for names that end so and for networks, of which
    /// the longest counts. The order they are given in does not matter, and two for the same engines are a mistake.
    /// </remarks>
    public IList<EngineTlsRule> TlsRules { get; } = [];

    /// <summary>Gets or sets the networks engines may be in, such as <c>10.0.0.0/8</c>; empty for any but link-local, reserved, multicast and unspecified addresses.</summary>
    /// <value>The default is empty. Give it wherever others than the program itself can write the addresses of engines.</value>
    /// <remarks>
    /// Compared with the address a name resolves to, just before connecting to exactly that address; an IPv4 address in the form of IPv6 counts as
    /// the IPv4 address. A network that is wider than a special range says nothing of that range: <c>0.0.0.0/0</c> allows neither <c>127.0.0.1</c>
    /// nor <c>169.254.169.254</c>, while <c>127.0.0.0/8</c> and <c>169.254.0.0/16</c>, or parts of them, do. Multicast and unspecified addresses
    /// are never connected to.
    /// </remarks>
    public NetworkList AllowedNetworks { get; set; } = [];

    /// <summary>Gets or sets whether engines may be reached over addresses of this machine itself (<c>127.0.0.0/8</c>, <c>::1</c>).</summary>
    /// <value>
    /// The default is <see langword="null"/>: where the program itself wrote such an address or <c>localhost</c>, in a static discovery,
    /// and <see cref="AllowedNetworks"/> is empty; else only as far as that names such a network. So neither a file, a store nor a name service can lead the
    /// program to what listens on its own machine. <see langword="true"/> and <see langword="false"/> hold whatever <see cref="AllowedNetworks"/> says.
    /// </value>
    public bool? AllowLoopback { get; set; }

    /// <summary>Gets or sets whether engines may be reached over unix sockets of this machine, or, on Windows, over its named pipes. They never use TLS: what listens there proves nothing.</summary>
    /// <value>
    /// The default is <see langword="null"/>: where the program itself wrote the address, in a static discovery, and <see cref="AllowedNetworks"/>
    /// is empty. <see langword="true"/> and <see langword="false"/> hold whatever <see cref="AllowedNetworks"/> says.
    /// </value>
    public bool? AllowUnix { get; set; }

    /// <summary>Gets or sets whether engines may be reached through <c>ssh</c>, by addresses such as <c>ssh://me@engine</c>. This runs the command of that name, as this user, with its keys and settings.</summary>
    /// <value>
    /// The default is <see langword="false"/>. Where <see cref="AllowedNetworks"/> is given, or others than the program itself write the addresses, hosts must be IP addresses that
    /// the other options allow: what a name means to ssh is said by its own files.
    /// </value>
    /// <remarks>
    /// As the docker command does it: <c>ssh … -- host docker system dial-stdio</c>, so the engine's machine needs that command. Nobody is asked for passwords, and hosts must be known to ssh
    /// already. Each connection is a process, 16 for an engine at most, which ends with it.
    /// </remarks>
    public bool AllowSsh { get; set; }

    /// <summary>Gets or sets the <c>ssh</c> command: a name that is looked up in <c>PATH</c>, never in the current folder, or an absolute path.</summary>
    /// <value>The default is <c>ssh</c>.</value>
    public string SshPath { get; set; } = "ssh";

    /// <summary>Gets or sets how long before a certificate expires, an engine's or the one it is shown, the state of the engine and the log say so.</summary>
    /// <value>The default is 7 days; zero for not before it has expired; at most a year. Of a certificate that lives shorter than four times that it is said in the last quarter of its life.</value>
    public TimeSpan CertificateWarningTime { get; set; } = EngineTimings.Default.CertificateWarningTime;

    /// <summary>Reads how the docker command of this user would connect: <c>DOCKER_HOST</c> with <c>DOCKER_TLS_VERIFY</c> and <c>DOCKER_CERT_PATH</c>, else <c>DOCKER_CONTEXT</c>, else the context in use, else the engine of this machine.</summary>
    /// <param name="address">The address of the engine, for the discovery.</param>
    /// <returns>New options. TLS options are for that address alone; whether it may be reached without TLS, or over ssh, is still the program's to say.</returns>
    /// <exception cref="DockerEnvironmentException">Something that counts cannot be used; it names the variable or the file.</exception>
    /// <remarks>Contexts are those in <c>~/.docker</c>, or in <c>DOCKER_CONFIG</c>. What asks for TLS without verifying is refused. Files of certificates are named, not read: those of the connector are.</remarks>
    public static EngineConnectionOptions FromDockerEnvironment(out EngineAddress address)
    {
        (address, var options) = new DockerEnvironment(DockerSurroundings.OfProcess).Read();
        return options;
    }

    /// <inheritdoc cref="FromDockerEnvironment(out EngineAddress)"/>
    public static EngineConnectionOptions FromDockerEnvironment() => FromDockerEnvironment(out _);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <returns>Sentences that name the option at fault; none when all is well.</returns>
    internal IEnumerable<string> Validate()
    {
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > MaxConnectTimeout)
        {
            yield return $"{nameof(ConnectTimeout)} is {ConnectTimeout}; it must be positive and at most {MaxConnectTimeout}.";
        }

        if (CertificateWarningTime < TimeSpan.Zero || CertificateWarningTime > MaxCertificateWarningTime)
        {
            yield return $"{nameof(CertificateWarningTime)} is {CertificateWarningTime}; it must be between zero and {MaxCertificateWarningTime}.";
        }

        if (string.IsNullOrEmpty(SshPath) || CleanText.HasUnseen(SshPath) || (SshPath.AsSpan().ContainsAny('/', '\\') && !Path.IsPathFullyQualified(SshPath)))
        {
            yield return $"{nameof(SshPath)} is '{CleanText.Of(SshPath ?? "")}'; it must be a name or an absolute path.";
        }

        if (AllowedNetworks is null)
        {
            yield return $"{nameof(AllowedNetworks)} is null; it is empty when engines may be in any network.";
        }

        foreach (var error in AllowedNetworks?.Validate(nameof(AllowedNetworks)) ?? [])
        {
            yield return error;
        }

        foreach (var error in ValidateRules())
        {
            yield return error;
        }

        foreach (var error in Tls?.Validate() ?? [])
        {
            yield return $"{nameof(Tls)}.{error}";
        }
    }

    private IEnumerable<string> ValidateRules()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < TlsRules.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{nameof(TlsRules)}[{i}]");
            if (TlsRules[i] is not { Tls: { } tls } rule)
            {
                yield return $"{name} is null, or its {nameof(EngineTlsRule.Tls)} is.";
                continue;
            }

            if (!EnginePattern.TryParse(rule.Engines, out var pattern))
            {
                yield return $"{name}.{nameof(rule.Engines)} is '{AddressText.Of(rule.Engines)}'; it must be an address (host:port), a host, *.example.com or a network (10.0.0.0/8).";
            }
            else if (!seen.TryAdd(pattern.Text, i))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} is for the same engines as {nameof(TlsRules)}[{seen[pattern.Text]}]: '{pattern}'.");
            }

            foreach (var error in tls.Validate())
            {
                yield return $"{name}.{nameof(rule.Tls)}.{error}";
            }
        }
    }
}
