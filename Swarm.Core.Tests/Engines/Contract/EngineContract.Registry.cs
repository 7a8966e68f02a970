using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines.Contract;

public abstract partial class EngineContract
{
    private const string Password = Canary.Secret;

    /// <summary>Puts a small image into a registry that hands it out to one login only.</summary>
    /// <returns>The image.</returns>
    protected abstract Task<string> ServeImageAsync(string userName, string password);

    [Test]
    public async Task A_registry_that_wants_a_login_hands_an_image_out_for_it()
    {
        var image = await ServeImageAsync("ann", Password);

        await Engine.Images.PullAsync(image, RegistryLogin.FromPassword("ann", new Secret(Password)), Token);

        (await Engine.Images.ListAsync(Token)).SelectMany(each => each.RepoTags).Should().Contain(image);
    }

    [Test]
    public async Task A_wrong_password_is_denied_by_name_and_without_the_secret()
    {
        var image = await ServeImageAsync("ann", Password);

        var error = await FailureAsync<RegistryAccessDeniedException>(() => Engine.Images.PullAsync(image, RegistryLogin.FromPassword("ann", new Secret("wrong-horse-battery")), Token));

        error.Registry.Should().Be(image.Split('/')[0]);
        error.Image.Should().Be(image);
        error.ToString().Should().NotContain("wrong-horse").And.NotContain(Convert.ToBase64String("ann:wrong-horse-battery"u8));
        (await Engine.Images.ListAsync(Token)).SelectMany(each => each.RepoTags).Should().NotContain(image);
    }

    [Test]
    public async Task No_login_is_denied_where_one_is_wanted()
    {
        var image = await ServeImageAsync("ann", Password);

        var error = await FailureAsync<RegistryAccessDeniedException>(() => Engine.Images.PullAsync(image, Token));

        error.Registry.Should().Be(image.Split('/')[0]);
    }
}
