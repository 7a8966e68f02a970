using System.Text;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class RegistryLoginTests
{
    // Its base64 has all that is written differently in addresses.
    private const string Password = "hunter2???>>>\"ü";

    private static readonly JsonSerializerOptions _withFields = new() { IncludeFields = true };

    [Test]
    public void A_password_goes_out_as_user_name_password_and_server()
    {
        Decode(RegistryLogin.FromPassword("ann", new Secret(Password)).ToHeader("reg.example:5000"))
            .Should().Equal(new Dictionary<string, string> { ["username"] = "ann", ["password"] = Password, ["serveraddress"] = "reg.example:5000" });
    }

    [Test]
    public void The_default_registry_goes_out_under_its_old_address()
    {
        Decode(RegistryLogin.FromPassword("ann", new Secret(Password)).ToHeader("docker.io"))["serveraddress"].Should().Be("https://index.docker.io/v1/");
    }

    [Test]
    public void A_token_goes_out_as_what_it_is()
    {
        Decode(RegistryLogin.FromIdentityToken(new Secret("t0ken")).ToHeader("r.io")).Should().Contain("identitytoken", "t0ken");
        Decode(RegistryLogin.FromRegistryToken(new Secret("t0ken")).ToHeader("r.io")).Should().Contain("registrytoken", "t0ken");
    }

    [Test]
    public void A_login_does_not_show_its_secret()
    {
        foreach (var login in (RegistryLogin[])[RegistryLogin.FromPassword("ann", new Secret(Password)), RegistryLogin.FromIdentityToken(new Secret(Password))])
        {
            login.ToString().Should().NotContain("hunter2");
            JsonSerializer.Serialize(login, _withFields).Should().NotContain("hunter2");
        }
    }

    [Test]
    public void Every_form_in_which_a_secret_was_sent_is_taken_out_of_the_words_of_others()
    {
        var login = RegistryLogin.FromPassword("ann", new Secret(Password));
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}"));
        string[] forms = [Password, pair, pair.TrimEnd('='), pair.Replace('+', '-').Replace('/', '_'), Uri.EscapeDataString(Password), "hunter2???>>>\\\"ü"];

        foreach (var form in forms)
        {
            login.Redact($"unauthorized: not {form}!").Should().Be("unauthorized: not ***!", "it was sent as {0}", form);
        }
    }

    private static Dictionary<string, string> Decode(string header)
    {
        header.Should().MatchRegex("^[A-Za-z0-9_=-]+$");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')))!;
    }
}
