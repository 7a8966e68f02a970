using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Which TLS options are those of an engine: the closest rule's, else the general ones. Certificates are loaded once.</summary>
internal sealed class EngineTlsBook
{
    private readonly (EnginePattern Pattern, EngineTlsCredentials Credentials)[] _rules;
    private readonly EngineTlsCredentials? _general;

    private EngineTlsBook((EnginePattern Pattern, EngineTlsCredentials Credentials)[] rules, EngineTlsCredentials? general)
    {
        _rules = rules;
        _general = general;
    }

    /// <summary>Loads all certificates.</summary>
    /// <param name="options">Where they are; must be valid.</param>
    /// <exception cref="ArgumentException">One cannot be loaded. The message begins with the name of the option.</exception>
    public static EngineTlsBook Load(EngineConnectionOptions options) => new(
        [.. options.TlsRules
            .Select((rule, i) => (Read(rule.Engines), Load(string.Create(CultureInfo.InvariantCulture, $"{nameof(options.TlsRules)}[{i}].{nameof(rule.Tls)}"), rule.Tls)))
            .OrderByDescending(rule => rule.Item1.Rank)],
        options.Tls is null ? null : Load(nameof(options.Tls), options.Tls));

    /// <summary>Returns what is shown to, and asked of, one engine; <see langword="null"/> for no TLS.</summary>
    /// <param name="address">Its address.</param>
    public EngineTlsCredentials? For(EngineAddress address)
    {
        if (address.Scheme != EngineScheme.Tcp)
        {
            return null;
        }

        foreach (var (pattern, credentials) in _rules)
        {
            if (pattern.Matches(address))
            {
                return credentials;
            }
        }

        return _general;
    }

    private static EnginePattern Read(string text) =>
        EnginePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException($"'{CleanText.Of(text)}' names no engines.");

    private static EngineTlsCredentials Load(string name, EngineTlsOptions options)
    {
        try
        {
            return EngineTlsCredentials.Load(options);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"{name}: {error.Message}", error);
        }
    }
}
