using System.Net;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class DockerErrorsTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public void The_words_of_an_engine_are_escaped()
    {
        CleanText.Of("a\r\nINFO forged\u001b[31m\u2028\u202e").Should().Be("a\\u000d\\u000aINFO forged\\u001b[31m\\u2028\\u202e");
    }

    [TestCase('x')]
    [TestCase('\n')]
    public void The_words_of_an_engine_are_cut(char character)
    {
        var clean = CleanText.Of(new string(character, 100_000));

        clean.Length.Should().BeLessThanOrEqualTo(CleanText.Longest);
        clean.Should().EndWith(" characters)");
    }

    [Test]
    public void A_refusal_carries_status_and_words()
    {
        var error = DockerErrors.Refusal(_address, "start container", HttpStatusCode.Conflict, """{"message":"it is\nbusy"}"""u8);

        error.Should().BeOfType<EngineApiException>().Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        error.Message.Should().Be("Cannot start container on 10.0.0.1:2375: it is\\u000abusy (409).");
    }

    [TestCase("that name is already in use", HttpStatusCode.Conflict)]
    [TestCase("UNIQUE constraint failed: ContainerConfig.Name", HttpStatusCode.Conflict)]
    [TestCase("container state improper", HttpStatusCode.Conflict)]
    [TestCase("container already exists", HttpStatusCode.Conflict)]
    [TestCase("network not found", HttpStatusCode.NotFound)]
    [TestCase("image not known", HttpStatusCode.NotFound)]
    [TestCase("layer not known", HttpStatusCode.InternalServerError, Description = "of a container it says that its storage is damaged, not that it is gone")]
    [TestCase("invalid argument", HttpStatusCode.BadRequest)]
    [TestCase("invalid syntax", HttpStatusCode.BadRequest)]
    [TestCase("OCI runtime attempted to invoke a command that was not found", HttpStatusCode.BadRequest)]
    [TestCase("this container is not logging output", HttpStatusCode.NotImplemented)]
    [TestCase("invalid signal: SIGNONSENSE", HttpStatusCode.BadRequest)]
    [TestCase("invalid variable: =1", HttpStatusCode.BadRequest)]
    [TestCase("OCI runtime error", HttpStatusCode.InternalServerError)]
    [TestCase("that name is already in use by nobody", HttpStatusCode.InternalServerError)]
    public void A_refusal_of_Podman_has_the_status_that_Docker_gives_its_cause(string cause, HttpStatusCode status)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"cause":"{{cause}}","message":"container create: {{cause}}","response":500}""");

        var error = DockerErrors.Refusal(_address, "create container", HttpStatusCode.InternalServerError, body);

        error.Should().BeOfType<EngineApiException>().Which.StatusCode.Should().Be(status);
        error.Message.Should().Contain($"container create: {cause}");
    }

    [Test]
    public void A_cause_changes_no_status_but_that_which_Podman_gives_to_everything() =>
        DockerErrors.Refusal(_address, "remove container", HttpStatusCode.NotFound, """{"cause":"invalid argument","message":"x","response":404}"""u8)
            .Should().BeOfType<EngineApiException>().Which.StatusCode.Should().Be(HttpStatusCode.NotFound);

    [TestCase("not json", "not json")]
    [TestCase("", "Conflict")]
    [TestCase("{\"message\":17}", "{\"message\":17}")]
    [TestCase("[[[[", "[[[[")]
    public void A_refusal_that_is_not_well_put_is_still_a_refusal(string body, string words)
    {
        var error = DockerErrors.Refusal(_address, "ping", HttpStatusCode.Conflict, System.Text.Encoding.UTF8.GetBytes(body));

        error.Should().BeOfType<EngineApiException>().Which.EngineMessage.Should().Be(words);
    }

    [Test]
    public void A_mistake_in_this_program_is_no_failure_of_the_engine()
    {
        DockerErrors.Translate(_address, "ping", new ArgumentNullException(), CancellationToken.None).Should().BeNull();
    }

    [Test]
    public void A_cancellation_is_the_callers_when_the_caller_gave_up()
    {
        using var given = new CancellationTokenSource();
        given.Cancel();

        DockerErrors.Translate(_address, "ping", new TaskCanceledException("aborted", new TimeoutException()), given.Token)
            .Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(given.Token);
    }

    [Test]
    public void A_connection_that_was_not_made_in_time_has_sent_nothing() =>
        DockerErrors.Translate(_address, "ping", new TaskCanceledException("connect", new TimeoutException()), CancellationToken.None)
            .Should().BeOfType<EngineUnreachableException>().Which.NotSent.Should().BeTrue();

    [Test]
    public void Of_several_errors_the_first_is_told() =>
        DockerErrors.Translate(_address, "ping", new AggregateException(new IOException("broken"), new InvalidOperationException()), CancellationToken.None)
            .Should().BeOfType<EngineUnreachableException>().Which.Message.Should().Contain("broken");

    [Test]
    public void A_secret_at_the_cut_is_taken_out_whole()
    {
        var secret = new string('s', 40);
        var words = new string('x', CleanText.Longest - 20) + secret;

        var refusal = DockerErrors.Refusal(_address, "pull", HttpStatusCode.InternalServerError, System.Text.Encoding.UTF8.GetBytes(words), redaction: Redaction.Of(RegistryLogin.FromPassword("somebody", new Secret(secret))));

        refusal.Message.Should().NotContain("ssss");
    }

    [Test]
    public void What_fails_after_the_caller_gave_up_is_a_cancellation()
    {
        using var given = new CancellationTokenSource();
        given.Cancel();

        DockerErrors.Translate(_address, "ping", new IOException("aborted"), given.Token)
            .Should().BeOfType<OperationCanceledException>().Which.CancellationToken.Should().Be(given.Token);
    }

    [TestCase(500, "unauthorized: authentication required", true)]
    [TestCase(500, "Head \"https://reg/v2/app/manifests/1\": no basic auth credentials", true)]
    [TestCase(500, "denied: requested access to the resource is denied", true)]
    [TestCase(500, "unknown: failed to resolve reference \"reg/app:1\": unexpected status from HEAD request to http://reg/v2/app/manifests/1: 401 Unauthorized", true)]
    [TestCase(500, "failed to resolve reference \"reg/app:1\": unexpected status from HEAD request to http://reg/v2/app/manifests/1: 403 Forbidden", true)]
    [TestCase(500, "failed to resolve reference \"reg/app:1\": unexpected status from HEAD request to http://reg/v2/app/manifests/1: 500 Internal Server Error", false)]
    [TestCase(401, "no", true)]
    [TestCase(403, "no", true)]
    [TestCase(500, "no space left on device", false)]
    [TestCase(500, "manifest unknown", false)]
    public void A_registry_that_wants_another_login_is_told_from_other_failures(int status, string words, bool denied)
    {
        DockerErrors.IsAccessDenied((HttpStatusCode)status, words).Should().Be(denied);
    }
}
