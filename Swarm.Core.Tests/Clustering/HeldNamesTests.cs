using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class HeldNamesTests
{
    private readonly HeldNames _names = new();

    [Test]
    public void The_last_one_that_is_given_a_name_has_it()
    {
        var (first, second) = (Rename("web"), Rename("web"));
        _names.Put(first);
        _names.Put(second);

        _names.Find("web").Should().BeSameAs(second);
    }

    [Test]
    public void A_name_that_another_has_is_not_taken_from_it()
    {
        var (first, second) = (Rename("web"), Rename("web"));
        _names.PutIfFree(first);
        _names.PutIfFree(second);

        _names.Find("web").Should().BeSameAs(first);
    }

    [Test]
    public void A_name_is_freed_only_by_the_one_that_has_it()
    {
        var (first, second) = (Rename("web"), Rename("web"));
        _names.Put(first);
        _names.Put(second);

        _names.Free(first);
        _names.Find("web").Should().BeSameAs(second);
        _names.Free(second);
        _names.Find("web").Should().BeNull();
    }

    [Test]
    public void A_hold_without_a_name_has_none()
    {
        var hold = Rename(null);
        _names.Put(hold);
        _names.PutIfFree(hold);
        _names.Free(hold);

        _names.Find("").Should().BeNull();
    }

    private static ContainerHold Rename(string? name) => new(null!, "engine-1", "c1", name, update: null, default(ResourceVector));
}
