using System.Globalization;
using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Which TLS options are those of an engine: the closest rule's, else the general ones.</summary>
internal sealed class EngineTlsBook
{
    private readonly (EnginePattern Pattern, EngineTlsSource Credentials)[] _rules;
    private readonly EngineTlsSource? _general;

    private EngineTlsBook((EnginePattern Pattern, EngineTlsSource Credentials)[] rules, EngineTlsSource? general)
    {
        _rules = rules;
        _general = general;
    }

    /// <summary>Loads all certificates.</summary>
    /// <param name="options">Where they are; must be valid.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where to tell what cannot be used later.</param>
    /// <exception cref="ArgumentException">One cannot be loaded. The message begins with the name of the option.</exception>
    public static EngineTlsBook Load(EngineConnectionOptions options, TimeProvider time, ILogger? logger) => new(
        [.. options.TlsRules
            .Select((rule, i) => (Read(rule.Engines), Load(string.Create(CultureInfo.InvariantCulture, $"{nameof(options.TlsRules)}[{i}].{nameof(rule.Tls)}"), rule.Tls, time, logger)))
            .OrderByDescending(rule => rule.Item1.Rank)],
        options.Tls is null ? null : Load(nameof(options.Tls), options.Tls, time, logger));

    /// <summary>Returns what is shown to, and asked of, one engine; <see langword="null"/> for no TLS.</summary>
    /// <param name="address">Its address.</param>
    public EngineTlsSource? For(EngineAddress address)
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
        EnginePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException($"'{AddressText.Of(text)}' names no engines.");

    private static EngineTlsSource Load(string name, EngineTlsOptions options, TimeProvider time, ILogger? logger)
    {
        try
        {
            return EngineTlsSource.Load(options, $"Connection.{name}", time, logger);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"{name}: {error.Message}", error);
        }
    }
}
