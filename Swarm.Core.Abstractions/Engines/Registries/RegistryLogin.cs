using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a registry is shown so that it hands out an image: user name and password, or one of two kinds of token.</summary>
/// <remarks>Its secret shows neither as text, nor in JSON, nor in a debugger. Immutable.</remarks>
public sealed class RegistryLogin
{
    // The registry is called so in images, and so in what goes to it; docker's own clients do the same.
    private const string DockerHub = "docker.io";
    private const string DockerHubAddress = "https://index.docker.io/v1/";
    private const int ShortestRedacted = 4;

    private readonly string _kind;
    private readonly Secret _secret;

    private RegistryLogin(string kind, string? userName, Secret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _kind = kind;
        UserName = userName;
        _secret = secret;
    }

    /// <summary>Gets the user name; <see langword="null"/> for a token.</summary>
    public string? UserName { get; }

    /// <summary>Makes a login of a user name and a password, or an access token in its place.</summary>
    /// <param name="userName">The user name.</param>
    /// <param name="password">The password.</param>
    /// <returns>The login.</returns>
    /// <exception cref="ArgumentException">The user name is empty, or holds half a surrogate pair.</exception>
    public static RegistryLogin FromPassword(string userName, Secret password)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        if (!JsonText.IsWellFormed(userName))
        {
            throw new ArgumentException("The user name holds half a surrogate pair, which is no text.", nameof(userName));
        }

        return new RegistryLogin("password", userName, password);
    }

    /// <summary>Makes a login of an identity token: what a registry gave for a password once, and exchanges for tokens of single pulls.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The login.</returns>
    public static RegistryLogin FromIdentityToken(Secret token) => new("identitytoken", null, token);

    /// <summary>Makes a login of a registry token, which is shown to the registry as it is.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The login.</returns>
    public static RegistryLogin FromRegistryToken(Secret token) => new("registrytoken", null, token);

    /// <summary>Returns the kind of login and the user name, without the secret.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => UserName is null ? $"{_kind} ***" : $"{UserName}:***";

    /// <summary>Writes the value of the <c>X-Registry-Auth</c> header: JSON in the base64 that is safe in addresses.</summary>
    /// <param name="registry">The registry.</param>
    internal string ToHeader(string registry) => UrlSafe(Convert.ToBase64String(JsonText.Write((Login: this, Registry: registry), static (json, value) =>
    {
        json.WriteStartObject();
        if (value.Login.UserName is { } userName)
        {
            json.WriteString("username", userName);
        }

        json.WriteString(value.Login._kind, value.Login._secret.Reveal());
        json.WriteString("serveraddress", value.Registry == DockerHub ? DockerHubAddress : value.Registry);
        json.WriteEndObject();
    })));

    /// <summary>Takes the secret out of somebody else's words, in every form it was sent in: a registry may repeat what it was shown, and an engine repeats the registry.</summary>
    internal string Redact(string words)
    {
        var secret = _secret.Reveal();
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{secret}"));
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        foreach (var form in FormsOf(pair, plain, secret))
        {
            // Shorter ones are no secret, and would tear every other word apart.
            if (form.Length >= ShortestRedacted)
            {
                words = words.Replace(form, "***", StringComparison.Ordinal);
            }
        }

        return words;
    }

    /// <summary>Tells whether another login says the same.</summary>
    internal bool IsSameAs(RegistryLogin? other) =>
        other is not null && _kind == other._kind && UserName == other.UserName && _secret.Reveal() == other._secret.Reveal();

    // The longer forms first, so that none leaves its rest behind.
    private static string[] FormsOf(string pair, string plain, string secret) =>
    [
        pair, UrlSafe(pair), pair.TrimEnd('='), UrlSafe(pair).TrimEnd('='),
        plain, UrlSafe(plain), plain.TrimEnd('='), UrlSafe(plain).TrimEnd('='),
        Uri.EscapeDataString(secret), JsonEncodedText.Encode(secret).Value, JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value, secret,
    ];

    private static string UrlSafe(string base64) => base64.Replace('+', '-').Replace('/', '_');
}
