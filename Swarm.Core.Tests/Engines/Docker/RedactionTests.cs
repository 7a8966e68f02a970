using System.Net;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class RedactionTests
{
    // Not the canary: the errors here are made with the secret in them.
    private const string Secret = "s3cr3t-\"quoted\"&\n-line two-";

    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly Redaction _redaction = Redaction.Of((ContainerConfig)new ContainerSpec { Image = "busybox", Environment = ["TOKEN=" + Secret, "PIN=1234", "EMPTY=", "BARE", "=anonymous"] });

    [TestCase("it is " + Secret + "!", "it is [redacted]!", TestName = "{m}(as it is)")]
    [TestCase("TOKEN=" + Secret, "TOKEN=[redacted]", TestName = "{m}(the whole entry)")]
    [TestCase("""{"Env":["TOKEN=s3cr3t-\"quoted\"&\n-line two-"]}""", """{"Env":["TOKEN=[redacted]"]}""", TestName = "{m}(in JSON)")]
    [TestCase("""{"Env":["TOKEN=s3cr3t-\u0022quoted\u0022\u0026\n-line two-"]}""", """{"Env":["TOKEN=[redacted]"]}""", TestName = "{m}(in careful JSON)")]
    [TestCase("""{"Env":["TOKEN=s3cr3t-\"quoted\"\u0026\n-line two-"]}""", """{"Env":["TOKEN=[redacted]"]}""", TestName = "{m}(in the engine's JSON)")]
    [TestCase("it is s3cr3t-\"quoted\"&\\u000a-line two-", "it is [redacted]", TestName = "{m}(with escaped control characters)")]
    [TestCase("the key has '-line two-' in it", "the key has '[redacted]' in it", TestName = "{m}(a line of it)")]
    [TestCase("it is s3cr3t-…", "it is [redacted]…", TestName = "{m}(cut off)")]
    [TestCase("invalid environment variable: =anonymous", "invalid environment variable: =[redacted]", TestName = "{m}(without a name)")]
    [TestCase("PIN=1234 is refused", "PIN=[redacted] is refused", TestName = "{m}(a short one with its name)")]
    public void A_secret_is_taken_out(string words, string shown) => _redaction.Apply(words).Should().Be(shown);

    [TestCase("port 1234 is taken")]
    [TestCase("no such image: busybox")]
    [TestCase("EMPTY= and BARE and TOKEN")]
    [TestCase("it is s3cr…")]
    [TestCase("")]
    public void What_is_no_secret_stays(string words) => _redaction.Apply(words).Should().BeSameAs(words);

    [Test]
    public void A_secret_within_another_leaves_nothing_of_the_longer_one()
    {
        var redaction = Redaction.Of((ContainerConfig)new ContainerSpec { Image = "busybox", Environment = ["A=password", "B=password-of-bob"] });

        redaction.Apply("it is password-of-bob").Should().Be("it is [redacted]");
    }

    [Test]
    public void The_name_of_an_entry_that_is_a_secret_too_is_taken_out() =>
        Of("LONGSECRETNAME=1", "B=LONGSECRETNAME").Apply("it is LONGSECRETNAME=1!").Should().Be("it is [redacted]=[redacted]!");

    [Test]
    public void Secrets_that_overlap_leave_nothing_of_either() =>
        Of("A=password-one", "B=one-password").Apply("<password-one-password>").Should().Be("<[redacted]>");

    [Test]
    public void A_short_value_that_is_cut_off_is_known_by_its_name() => _redaction.Apply("invalid PIN=12…").Should().Be("invalid PIN=[redacted]…");

    [Test]
    public void A_very_long_secret_is_taken_out_to_its_end()
    {
        var secret = string.Concat(Enumerable.Range(0, 1_000).Select(number => $"<{number}>"));

        Of("A=" + secret).Apply($"it is {secret}").Should().Be("it is [redacted]");
    }

    [Test]
    public void A_secret_that_is_no_proper_text_is_taken_out() => Redaction.Of(new ExecConfig { Command = ["true"], Environment = ["A=half-\ud800-secret"] }).Apply("it is half-\ud800-secret").Should().Be("it is [redacted]");

    [Test]
    public void Nothing_is_left_of_a_secret_where_long_words_are_cut()
    {
        for (var left = 0; left <= Secret.Length; left++)
        {
            var shown = _redaction.Apply(new string('x', Redaction.LongestText - left) + Secret + new string('y', 50_000));

            shown.Length.Should().BeLessThan(Redaction.LongestText + 64);
            shown.Should().NotContain(Secret[..Redaction.ShortestValue]).And.EndWith(" characters)");
        }
    }

    [Test]
    public void No_secret_is_left_whatever_the_words()
    {
        var secret = Gen.String[Gen.Char["ab"], 6, 40];
        Gen.Select(secret.Array[1, 6], Gen.OneOf(Gen.Const(""), Gen.Const("…"), Gen.Const("-"), Gen.String[Gen.Char["ab"], 0, 12]).Array[0, 12], Gen.Int[0, 5].Array[0, 12]).Sample((secrets, between, which) =>
        {
            var words = string.Concat(between.Zip(which, (text, number) => text + secrets[number % secrets.Length]));

            var shown = Of([.. secrets.Select((each, number) => $"E{number}={each}")]).Apply(words);

            secrets.Should().OnlyContain(each => !shown.Contains(each, StringComparison.Ordinal));
        }, iter: 1_000);
    }

    [TestCase(0)]
    [TestCase(10)]
    [TestCase(50)]
    public void Marks_of_cuts_cost_no_look_at_each_secret(int marks)
    {
        var redaction = Of([.. Enumerable.Range(0, 400).Select(number => $"E{number}=<{number:d5}-{new string('s', 220)}")]);

        redaction.Apply("network " + string.Concat(Enumerable.Repeat("ssssssss…", marks)) + " not found").Should().EndWith(" not found");

        redaction.Steps.Should().BeLessThan(10_000 + (marks * 1_000));
    }

    [Test]
    public void Of_more_secrets_than_can_be_looked_for_no_words_are_shown() =>
        Of([.. Enumerable.Range(0, 4096).Select(number => $"E{number}=<{number:d5}…{new string('s', 220)}")]).Apply("network not found").Should().Be("[redacted]");

    [Test]
    public void Of_a_value_of_more_lines_than_can_be_looked_for_no_words_are_shown()
    {
        var config = (ContainerConfig)new ContainerSpec { Image = "busybox", Environment = ["E=" + string.Concat(Enumerable.Range(0, 110_000).Select(number => $"<{number:x5}\n"))] };
        _ = config.Typed;

        Allocation.Of(() => Redaction.Of(config).Apply("no such image").Should().Be("[redacted]")).Should().BeLessThan(1_000_000);
    }

    [Test]
    public void Past_its_steps_no_words_are_shown()
    {
        var redaction = Of([.. Enumerable.Range(0, 400).Select(number => "E=" + new string('s', 600 + number))]);

        redaction.Apply(new string('s', Redaction.LongestText)).Should().NotContain("ssssss");
        redaction.Apply(string.Concat(Enumerable.Repeat(new string('s', 500) + "t", 30))).Should().Be("[redacted]");

        redaction.Steps.Should().BeLessThan(SecretSearch.MostSteps + 100_000);
    }

    [Test]
    public async Task An_error_that_cannot_be_read_is_not_given_through()
    {
        var shown = (await Guarding(new UnreadableException()).Should().ThrowAsync<EngineProtocolException>()).Which;

        shown.ToString().Should().NotContain("s3cr3t").And.Contain("could not be read");
    }

    [Test]
    public async Task What_succeeds_is_given_through()
    {
        (await _redaction.GuardAsync(_address, "create container", () => Task.FromResult("done"))).Should().Be("done");
    }

    [Test]
    public async Task An_error_without_a_secret_is_given_through()
    {
        var error = new EngineApiException(_address, "create container", HttpStatusCode.Conflict, "the name is taken");

        (await Guarding(error).Should().ThrowAsync<EngineApiException>()).Which.Should().BeSameAs(error);
    }

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return Case("a refusal", new EngineApiException(_address, "create container", HttpStatusCode.Conflict, $"no {Secret}"), typeof(EngineApiException), "Cannot create container on 10.0.0.1:2375: no [redacted] (409).");
        yield return Case("a missing image", new ImageNotFoundException(_address, "create container", "web:1", $"no {Secret}"), typeof(ImageNotFoundException), "Cannot create container on 10.0.0.1:2375: no [redacted] (404).");
        yield return Case("a lost link", new EngineUnreachableException(_address, "create container", $"no {Secret}"), typeof(EngineUnreachableException), "Cannot create container on 10.0.0.1:2375: no [redacted].");
        yield return Case("a refused certificate", new EngineCertificateException(_address, "create container", $"no {Secret}"), typeof(EngineCertificateException), "Cannot create container on 10.0.0.1:2375: no [redacted].");
        yield return Case("nonsense", new EngineProtocolException(_address, "create container", $"no {Secret}"), typeof(EngineProtocolException), "Cannot create container on 10.0.0.1:2375: no [redacted].");
        yield return Case("a timeout", new EngineTimeoutException(_address, "create container", TimeSpan.FromSeconds(1), new IOException(Secret)), typeof(EngineTimeoutException), "Cannot create container on 10.0.0.1:2375: no answer within 1 s.");
        yield return Case("an inner error", new EngineApiException(_address, "create container", HttpStatusCode.Conflict, "no", new IOException(Secret)), typeof(EngineApiException), "Cannot create container on 10.0.0.1:2375: no (409).");
        yield return Case("an error of the host", new FormatException($"no {Secret}."), typeof(EngineProtocolException), "Cannot create container on 10.0.0.1:2375: FormatException: no [redacted].");
        yield return Case("cancellation", new OperationCanceledException($"no {Secret}"), typeof(OperationCanceledException), "no [redacted]");

        static TestCaseData Case(string name, Exception error, Type kind, string message) => new TestCaseData(error, kind, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task An_error_that_repeats_a_secret_is_thrown_without_it(Exception error, Type kind, string message)
    {
        var shown = (await Guarding(error).Should().ThrowAsync<Exception>()).Which;

        shown.Should().BeOfType(kind);
        shown.Message.Should().Be(message);
        shown.ToString().Should().NotContain("s3cr3t").And.NotContain("line two");
    }

    [Test]
    public async Task An_error_that_carries_a_secret_as_data_is_thrown_without_it()
    {
        var error = new EngineApiException(_address, "create container", HttpStatusCode.Conflict, "no");
        error.Data["body"] = $"[{Secret}]";

        (await Guarding(error).Should().ThrowAsync<EngineApiException>()).Which.Data.Count.Should().Be(0);
    }

    [Test]
    public async Task A_refusal_keeps_its_status_and_a_lost_link_whether_it_was_sent()
    {
        var refusal = await Guarding(new EngineApiException(_address, "create container", HttpStatusCode.Conflict, Secret)).Should().ThrowAsync<EngineApiException>();
        var lost = await Guarding(new EngineUnreachableException(_address, "create container", Secret, notSent: true)).Should().ThrowAsync<EngineUnreachableException>();

        refusal.Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        refusal.Which.EngineMessage.Should().Be(Redaction.Mark);
        lost.Which.NotSent.Should().BeTrue();
    }

    [Test]
    public async Task The_secret_of_a_login_is_taken_out_of_the_errors_of_any_connector()
    {
        var login = RegistryLogin.FromPassword("ann", new Secret("hunter2-hunter2"));
        var error = new RegistryAccessDeniedException(_address, "pull image a", HttpStatusCode.Unauthorized, "reg.example", "a", "no hunter2-hunter2");

        var guard = () => Redaction.Of(login).GuardAsync<int>(_address, "pull image a", () => throw error);

        var shown = (await guard.Should().ThrowAsync<RegistryAccessDeniedException>()).Which;
        shown.ToString().Should().NotContain("hunter2");
        (shown.Registry, shown.Image).Should().Be(("reg.example", "a"));
    }

    [TestCase(470)]
    [TestCase(478)]
    public async Task A_secret_of_a_login_that_a_cut_would_leave_in_part_is_taken_out(int padding)
    {
        var login = RegistryLogin.FromPassword("ann", new Secret("hunter2-hunter2"));
        var error = new EngineApiException(_address, "pull image a", HttpStatusCode.InternalServerError, new string('x', padding) + "hunter2-hunter2" + new string('y', 100));

        var guard = () => Redaction.Of(login).GuardAsync<int>(_address, "pull image a", () => throw error);

        (await guard.Should().ThrowAsync<EngineApiException>()).Which.ToString().Should().NotContain("hun");
    }

    private static Redaction Of(params string[] environment) => Redaction.Of((ContainerConfig)new ContainerSpec { Image = "busybox", Environment = [.. environment] });

    private static Func<Task<int>> Guarding(Exception error) => () => _redaction.GuardAsync<int>(_address, "create container", () => throw error);

    private sealed class UnreadableException() : Exception(Secret)
    {
        public override string Message => throw new InvalidOperationException();
    }
}
