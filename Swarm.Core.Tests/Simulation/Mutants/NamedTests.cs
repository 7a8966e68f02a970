using System.Globalization;
using System.Reflection;
using System.Text;
using NUnit;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Swarm.Core.Testing;

/// <summary>Runs single tests of this assembly in a process of their own.</summary>
internal static class NamedTests
{
    /// <summary>What the program ends with when a test was not run, so that nothing can be said.</summary>
    public const int NotRun = 4;

    // A test that waits for what a mistake has prevented is told by that; without the mistake each takes a fraction of this.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(45);

    /// <summary>Finds a test that needs no real engine.</summary>
    /// <param name="name">The test as <c>Fixture.Method</c>.</param>
    /// <returns>The fixture; <see langword="null"/> when there is no such test, or no such fixture alone.</returns>
    public static Type? FindFixture(string name) => name.Split('.') is [var fixture, var method]
        && typeof(NamedTests).Assembly.GetTypes().Where(type => type.Name == fixture && !type.IsAbstract && type.Namespace != typeof(Docker.DockerDaemons).Namespace).ToArray() is [var found]
        && found.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).Any(each => each.Name == method && IsTest(each))
            ? found
            : null;

    /// <summary>Runs tests and prints those that fail.</summary>
    /// <param name="names">The tests as <c>Fixture.Method</c>, with all their cases.</param>
    /// <returns>The exit code: 0 when all have passed.</returns>
    public static int Run(IReadOnlyCollection<string> names)
    {
        var tests = names.Distinct(StringComparer.Ordinal).Select(name => (Fixture: FindFixture(name), Method: name.Split('.')[^1], Name: name)).ToArray();
        if (tests.FirstOrDefault(test => test.Fixture is null) is { Name: { } unknown })
        {
            Console.WriteLine($"There is no test {unknown}.");
            return NotRun;
        }

        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(NamedTests).Assembly, new Dictionary<string, object>
        {
            [FrameworkPackageSettings.LOAD] = tests.Select(test => test.Fixture!.FullName!).Distinct(StringComparer.Ordinal).ToList(),
            [FrameworkPackageSettings.NumberOfTestWorkers] = 0,
            [FrameworkPackageSettings.StopOnError] = true,
        });
        var filter = TestFilter.FromXml($"<filter><or>{string.Concat(tests.Select(test => $"<and><class>{test.Fixture!.FullName}</class><method>{test.Method}</method></and>"))}</or></filter>");
        var results = new Results();
        runner.RunAsync(results, filter);
        if (!runner.WaitForCompletion((int)_longest.TotalMilliseconds * tests.Length))
        {
            Console.WriteLine($"violated: {results.UnderWay} does not end.");
            return ScenarioProgram.Violated;
        }

        Console.Write(results.Text);
        var missing = tests.Where(test => !results.Passed.Contains($"{test.Fixture!.FullName}.{test.Method}")).Select(test => test.Name).ToArray();
        if (results.HasFailed || missing.Length == 0)
        {
            return results.HasFailed ? ScenarioProgram.Violated : 0;
        }

        Console.WriteLine($"Not run: {string.Join(", ", missing)}.");
        return NotRun;
    }

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes().Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder);

    private sealed class Results : ITestListener
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();

        public HashSet<string> Passed { get; } = new(StringComparer.Ordinal);

        public bool HasFailed { get; private set; }

        public string UnderWay { get; private set; } = "A test";

        public string Text
        {
            get
            {
                lock (_gate)
                {
                    return _text.ToString();
                }
            }
        }

        public void TestStarted(ITest test)
        {
            if (!test.IsSuite)
            {
                UnderWay = test.FullName;
            }
        }

        public void TestFinished(ITestResult result)
        {
            lock (_gate)
            {
                if (result.ResultState.Status == TestStatus.Failed && (!result.Test.IsSuite || result.ResultState.Site is FailureSite.SetUp or FailureSite.TearDown))
                {
                    HasFailed = true;
                    _text.Append(CultureInfo.InvariantCulture, $"violated: {result.Test.FullName}: {result.Message}\n");
                }
                else if (result.ResultState.Status == TestStatus.Passed && !result.Test.IsSuite)
                {
                    Passed.Add($"{result.Test.ClassName}.{result.Test.MethodName}");
                }
            }
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
