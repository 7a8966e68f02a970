using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace QuickStart;

/// <summary>What was asked for on the command line.</summary>
internal sealed record Arguments
{
    public const string Usage = """
        Usage: QuickStart [ADDRESS ...] [options]

        Without addresses it uses five engines in memory; with addresses such as
        tcp://127.0.0.1:2375 or unix:///var/run/docker.sock it uses those engines.

        Options:
          --image NAME           the image to run (default: busybox), with sleep and cat; pulled where it is missing
          --tlscacert FILE       PEM file with the authority that vouches for the engines
          --tlscert FILE         PEM file with the client certificate
          --tlskey FILE          PEM file with its private key
          --allow-insecure-tcp   allow plain tcp beyond this machine
          --help                 show this
        """;

    public IReadOnlyList<EngineAddress> Addresses { get; init; } = [];

    public string Image { get; init; } = "busybox";

    public EngineConnectionOptions Connection { get; init; } = new();

    public bool Help { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="InvalidAddressException">An address is none.</exception>
    /// <exception cref="FormatException">An option is unknown or lacks its value.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var addresses = new List<EngineAddress>();
        var image = "busybox";
        var connection = new EngineConnectionOptions();
        var help = false;
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    help = true;
                    break;
                case "--image":
                    image = Value();
                    break;
                case "--tlscacert":
                    (connection.Tls ??= new()).CertificateAuthorityPath = Value();
                    break;
                case "--tlscert":
                    (connection.Tls ??= new()).ClientCertificatePath = Value();
                    break;
                case "--tlskey":
                    (connection.Tls ??= new()).ClientKeyPath = Value();
                    break;
                case "--allow-insecure-tcp":
                    connection.AllowInsecureTcp = true;
                    break;
                case var option when option.StartsWith('-'):
                    throw new FormatException($"There is no option {option}.");
                case var address:
                    addresses.Add(EngineAddress.Parse(address));
                    break;
            }

            string Value() => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value.");
        }

        return new Arguments { Addresses = addresses, Image = image, Connection = connection, Help = help };
    }
}
