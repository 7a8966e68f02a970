using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads which engine the docker command would talk to, and how, as that reads it: variables of the environment first, then its contexts.</summary>
/// <param name="around">The environment and the home folder.</param>
internal sealed class DockerEnvironment(DockerSurroundings around)
{
    private const string HostVariable = "DOCKER_HOST";
    private const string ContextVariable = "DOCKER_CONTEXT";
    private const string ConfigVariable = "DOCKER_CONFIG";
    private const string VerifyVariable = "DOCKER_TLS_VERIFY";
    private const string TlsVariable = "DOCKER_TLS";
    private const string CertificatesVariable = "DOCKER_CERT_PATH";
    private const string DefaultContext = "default";
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads it.</summary>
    /// <returns>The address of the engine, and options for connections to it and to no other.</returns>
    /// <exception cref="DockerEnvironmentException">Something that counts cannot be used.</exception>
    public (EngineAddress Address, EngineConnectionOptions Options) Read()
    {
        if (Variable(HostVariable) is { } host)
        {
            var (address, tls) = (Parse(HostVariable, host, usesTls: Variable(VerifyVariable) is not null), TlsOfVariables());
            return (address, Options(address, tls));
        }

        var (context, setting) = Context();
        return context == DefaultContext ? OfDefault(TlsOfVariables()) : OfContext(context, setting);
    }

    private static string IdOf(string context) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context)));

    private static EngineConnectionOptions Options(EngineAddress address, EngineTlsOptions? tls)
    {
        var options = new EngineConnectionOptions();
        if (tls is not null && address.Scheme == EngineScheme.Tcp)
        {
            // For this engine alone: the certificate is nobody else's to see.
            options.TlsRules.Add(new EngineTlsRule { Engines = address.ToString(), Tls = tls });
        }

        return options;
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MostBytes];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read < bytes.Length ? bytes[..read] : throw new IOException("it is too long");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DockerEnvironmentException(path, $"it cannot be read ({ExceptionText.MessageOf(error)})", error);
        }
    }

    private static JsonDocument ReadJson(string path)
    {
        try
        {
            var document = JsonDocument.Parse(ReadFile(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw new DockerEnvironmentException(path, "it is no JSON object");
        }
        catch (JsonException error)
        {
            throw new DockerEnvironmentException(path, $"it is no JSON ({ExceptionText.MessageOf(error)})", error);
        }
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    // What the command takes for an address and this library does not write so: no scheme, no host or no port.
    private EngineAddress Parse(string setting, string host, bool usesTls)
    {
        var text = host.Trim();
        text = text is "unix://" ? "unix:///var/run/docker.sock" : text is "npipe://" ? "npipe:////./pipe/docker_engine" : text;
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            text = "tcp://" + text;
        }

        if (text.StartsWith("tcp://", StringComparison.Ordinal))
        {
            var place = text["tcp://".Length..];
            place = place.EndsWith('/') ? place[..^1] : place;
            place = place.Length == 0 || place[0] == ':' ? (around.IsWindows ? "127.0.0.1" : "localhost") + place : place;
            text = "tcp://" + (place.EndsWith(']') || !place.Contains(':', StringComparison.Ordinal) ? $"{place}:{(usesTls ? "2376" : "2375")}" : place);
        }

        try
        {
            return EngineAddress.Parse(text);
        }
        catch (InvalidAddressException error)
        {
            throw new DockerEnvironmentException(setting, $"'{AddressText.Of(host)}' cannot be used: {error.Reason}", error);
        }
    }

    private string? Variable(string name) => around.Variable(name) is { Length: > 0 } value ? value : null;

    private string ConfigFolder() => Variable(ConfigVariable)
        ?? (around.Home.Length > 0 ? Path.Combine(around.Home, ".docker") : throw new DockerEnvironmentException("HOME", $"there is no home folder; set {HostVariable} or {ConfigVariable}"));

    private (string Context, string Setting) Context()
    {
        if (Variable(ContextVariable) is { } chosen)
        {
            return (chosen, ContextVariable);
        }

        // Without a home there are no contexts, and the engine of this machine is meant.
        if (Variable(ConfigVariable) is null && around.Home.Length == 0)
        {
            return (DefaultContext, "");
        }

        var path = Path.Combine(ConfigFolder(), "config.json");
        if (!File.Exists(path))
        {
            return (DefaultContext, path);
        }

        using var config = ReadJson(path);
        return Member(config.RootElement, "currentContext") switch
        {
            null or { ValueKind: JsonValueKind.Null } => (DefaultContext, path),
            { ValueKind: JsonValueKind.String } name => (name.GetString() is { Length: > 0 } text ? text : DefaultContext, path),
            _ => throw new DockerEnvironmentException(path, "its currentContext is no text"),
        };
    }

    private (EngineAddress Address, EngineConnectionOptions Options) OfDefault(EngineTlsOptions? tls)
    {
        var address = EngineAddress.Parse(around.IsWindows ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock");
        return (address, Options(address, tls));
    }

    private (EngineAddress Address, EngineConnectionOptions Options) OfContext(string context, string setting)
    {
        // The name becomes no part of a path, its hash does.
        var path = Path.Combine(ConfigFolder(), "contexts", "meta", IdOf(context), "meta.json");
        if (!File.Exists(path))
        {
            throw new DockerEnvironmentException(setting, $"there is no context '{context}': there would be a file {path}");
        }

        using var meta = ReadJson(path);
        if (Member(meta.RootElement, "Endpoints") is not { } endpoints || Member(endpoints, "docker") is not { ValueKind: JsonValueKind.Object } endpoint)
        {
            throw new DockerEnvironmentException(path, "it names no Docker endpoint");
        }

        if (Member(endpoint, "SkipTLSVerify") is { ValueKind: JsonValueKind.True })
        {
            throw new DockerEnvironmentException(path, "its SkipTLSVerify is true: there is no TLS without verifying; make the context anew with a certificate authority");
        }

        var tls = TlsOfContext(Path.Combine(ConfigFolder(), "contexts", "tls", IdOf(context), "docker"));
        switch (Member(endpoint, "Host"))
        {
            case { ValueKind: JsonValueKind.String } host when host.GetString() is { Length: > 0 } text:
                var address = Parse(path, text, usesTls: tls is not null);
                return (address, Options(address, tls));
            case null or { ValueKind: JsonValueKind.String }:
                return OfDefault(tls);
            default:
                throw new DockerEnvironmentException(path, "its Host is no text");
        }
    }

    private static EngineTlsOptions? TlsOfContext(string folder)
    {
        var (authority, certificate, key) = (FileIn(folder, "ca.pem"), FileIn(folder, "cert.pem"), FileIn(folder, "key.pem"));
        return authority is null && certificate is null && key is null ? null : Tls(folder, authority, certificate, key);
    }

    private EngineTlsOptions? TlsOfVariables()
    {
        if (Variable(VerifyVariable) is null)
        {
            return Variable(TlsVariable) is null ? null
                : throw new DockerEnvironmentException(TlsVariable, $"there is no TLS without verifying; set {VerifyVariable} instead");
        }

        var folder = Variable(CertificatesVariable) ?? ConfigFolder();
        var authority = FileIn(folder, "ca.pem")
            ?? throw new DockerEnvironmentException(Variable(CertificatesVariable) is null ? VerifyVariable : CertificatesVariable, $"there is no file {Path.Combine(folder, "ca.pem")}");
        return Tls(folder, authority, FileIn(folder, "cert.pem"), FileIn(folder, "key.pem"));
    }

    private static EngineTlsOptions Tls(string folder, string? authority, string? certificate, string? key) =>
        (certificate is null) == (key is null)
            ? new EngineTlsOptions { CertificateAuthorityPath = authority, ClientCertificatePath = certificate, ClientKeyPath = key }
            : throw new DockerEnvironmentException(folder, $"it holds {(certificate is null ? "key.pem without cert.pem" : "cert.pem without key.pem")}");

    private static string? FileIn(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
}
