using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Swarm.Core.Architecture;
using Swarm.Core.Model;

namespace Swarm.Core.Diagnostics;

/// <summary>Every event that is logged, found by reflection, is given hostile words wherever it takes words, behind the wall that every logger of a host is behind.</summary>
[TestFixture]
internal sealed class LogTextTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static IEnumerable<TestCaseData> Events => PackedLibraries.Names.SelectMany(name => Assembly.Load(name).GetTypes())
        .SelectMany(type => type.GetMethods(Declared))
        .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
        .Select(method => new TestCaseData(method).SetArgDisplayNames(method.GetCustomAttribute<LoggerMessageAttribute>()!.EventName!));

    [TestCaseSource(nameof(Events))]
    public void Its_message_and_its_values_have_nothing_in_them_that_is_not_seen(MethodInfo method)
    {
        foreach (var words in Hostile.Words)
        {
            var entry = Say(method, words);

            Hostile.FindProblem(entry.Message).Should().BeNull();
            foreach (var (key, value) in entry.Values.Where(each => each.Key != "{OriginalFormat}"))
            {
                Hostile.FindProblem(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Should().BeNull(key);
            }
        }
    }

    [TestCaseSource(nameof(Events))]
    public void The_error_it_comes_with_has_nothing_in_it_that_is_not_seen(MethodInfo method)
    {
        foreach (var words in Hostile.Words)
        {
            for (var error = Say(method, words).Exception; error is not null; error = error.InnerException)
            {
                Hostile.FindProblem(error.Message).Should().BeNull();
                Hostile.FindProblem(error.ToString(), isOfLines: true).Should().BeNull();
            }
        }
    }

    [TestCaseSource(nameof(Events))]
    public void Clean_words_are_handed_on_as_they_are(MethodInfo method)
    {
        const string Words = "größer";
        var plain = new Capture();
        Say(method, Words, plain);

        var entry = Say(method, Words);

        entry.Message.Should().Be(plain.Entries.Single().Message);
        entry.Values.Should().Equal(plain.Entries.Single().Values);
        entry.Type.Should().Be(plain.Entries.Single().Type);
    }

    [TestCaseSource(nameof(Events))]
    public void Hostile_words_change_nothing_of_the_message_but_themselves(MethodInfo method)
    {
        var clean = Say(method, "evil\\u000a");

        Say(method, "evil\n").Message.Should().Be(clean.Message);
    }

    [Test]
    public void An_error_that_cannot_be_asked_is_logged_all_the_same()
    {
        var capture = new Capture();

        Guarded(capture).Log(LogLevel.Error, new EventId(1), "said", new Silent(), static (state, _) => state);

        capture.Entries.Single().Exception!.Message.Should().Be("(its message could not be read: NotSupportedException)");
    }

    [Test]
    public void A_clean_error_is_logged_itself()
    {
        var capture = new Capture();
        var error = new IOException("broken", new InvalidOperationException("at rest"));

        Guarded(capture).Log(LogLevel.Error, new EventId(1), "said", error, static (state, _) => state);

        capture.Entries.Single().Exception.Should().BeSameAs(error);
    }

    private static Entry Say(MethodInfo method, string words)
    {
        var capture = new Capture();
        Say(method, words, Guarded(capture));
        return capture.Entries.Single();
    }

    private static void Say(MethodInfo method, string words, ILogger logger) =>
        method.Invoke(null, [.. method.GetParameters().Select(parameter => ValueOf(parameter.ParameterType, words, logger))]);

    private static object? ValueOf(Type type, string words, ILogger logger) =>
        type == typeof(ILogger) ? logger
        : type == typeof(string) ? words
        : type == typeof(Exception) ? new InvalidOperationException(words, new AggregateException(words, new IOException(words), new IOException(words)))
        : type == typeof(EngineAddress) ? EngineAddress.Parse("10.0.0.1:2375")
        : type.IsValueType ? Activator.CreateInstance(type)
        : throw new NotSupportedException($"Say how hostile words get into a {type.Name}.");

    private static ILogger Guarded(ILogger logger) => GuardedLogger.Create(new Factory(logger), "test", new HostFailures());

    private sealed record Entry(Type Type, string Message, IReadOnlyList<KeyValuePair<string, object?>> Values, Exception? Exception);

    private sealed class Capture : ILogger
    {
        public List<Entry> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add(new Entry(typeof(TState), formatter(state, exception), state is IReadOnlyList<KeyValuePair<string, object?>> values ? [.. values] : [], exception));
    }

    private sealed class Factory(ILogger logger) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Silent : Exception
    {
        public override string Message => throw new NotSupportedException();
    }
}
