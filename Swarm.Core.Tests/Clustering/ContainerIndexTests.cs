using CsCheck;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class ContainerIndexTests
{
    private const string Id = "0123456789abcdef";
    private const string SwarmId = "fedcba9876543210";

    [TestCase(Id)]
    [TestCase("0123456789ab")]
    [TestCase(SwarmId)]
    [TestCase("fedcba987654")]
    [TestCase("web")]
    [TestCase("/web")]
    [TestCase("db/alias")]
    [TestCase("/db/alias")]
    [TestCase("0")]
    [TestCase("0123456789abc")]
    [TestCase("fedcba9876543")]
    public void A_container_is_found_by_each_of_its_references(string reference) =>
        Find(Index(("e1", Container(Id, SwarmId, "/web", "/db/alias"))), reference).Should().Equal(("e1", Id));

    [TestCase("")]
    [TestCase("/")]
    [TestCase("we")]
    [TestCase("alias")]
    [TestCase("WEB")]
    [TestCase("1")]
    [TestCase("0123456789abcdef0")]
    public void What_refers_to_nothing_finds_nothing(string reference) =>
        Find(Index(("e1", Container(Id, SwarmId, "/web", "/db/alias"))), reference).Should().BeEmpty();

    [TestCase("0123456789abcdef")]
    [TestCase("0123456789ab")]
    public void An_ID_goes_before_a_Swarm_ID(string reference) =>
        Find(Index(("e1", Container("aa", Id)), ("e2", Container(Id))), reference).Should().Equal(("e2", Id));

    [TestCase("0123456789abcdef")]
    [TestCase("0123456789ab")]
    public void A_Swarm_ID_goes_before_a_name(string reference) =>
        Find(Index(("e1", Container("aa", "", "/" + reference)), ("e2", Container("bb", Id))), reference).Should().Equal(("e2", "bb"));

    [Test]
    public void A_name_goes_before_a_prefix() =>
        Find(Index(("e1", Container("aabb")), ("e2", Container("cc", "", "/aa"))), "aa").Should().Equal(("e2", "cc"));

    [Test]
    public void A_container_whose_ID_and_Swarm_ID_both_begin_so_is_one() =>
        Find(Index(("e1", Container("aabb", "aacc"))), "aa").Should().Equal(("e1", "aabb"));

    [Test]
    public void A_container_whose_Swarm_ID_is_its_ID_is_one() =>
        Find(Index(("e1", Container(Id, Id))), Id).Should().Equal(("e1", Id));

    [Test]
    public void A_container_that_lists_a_name_twice_is_one() =>
        Find(Index(("e1", Container(Id, "", "/web", "web", "/web"))), "web").Should().Equal(("e1", Id));

    [TestCase("web")]
    [TestCase("ab")]
    public void All_that_a_reference_can_mean_are_given_in_order(string reference) =>
        Find(Index(("e2", Container("ab2", "", "/web")), ("e1", Container("ab1", "", "/web"))), reference)
            .Should().Equal(("e1", "ab1"), ("e2", "ab2"));

    [Test]
    public void One_ID_on_two_engines_is_two_containers() =>
        Find(Index(("e2", Container(Id)), ("e1", Container(Id))), Id).Should().Equal(("e1", Id), ("e2", Id));

    [Test]
    public void Of_very_many_with_a_prefix_enough_are_given_to_see_that_it_is_ambiguous() =>
        Find(Index([.. Enumerable.Range(10, 50).Select(number => ("e1", Container($"a{number}")))]), "a")
            .Should().HaveCountGreaterThan(1).And.HaveCountLessThan(50);

    [Test]
    public void On_a_given_engine_the_others_do_not_count_however_many_they_are()
    {
        var index = Index([.. Enumerable.Range(10, 50).Select(number => ("e1", Container($"a{number}", "", "/a9"))), ("e2", Container("a99"))]);

        index.Find("a9", engine => engine == "e2").Select(found => (found.EngineId, found.Container.Id)).Should().Equal(("e2", "a99"));
    }

    [Test]
    public void After_a_rename_the_old_name_is_free()
    {
        var before = Container(Id, "", "/old");
        var index = Index(("e1", before));

        index.Remove("e1", before);
        index.Add("e1", before with { Names = ["/new"] });

        index.FindName("old").Should().BeNull();
        index.FindName("new")!.Value.Container.Id.Should().Be(Id);
    }

    [Test]
    public void It_finds_what_a_search_through_a_list_finds()
    {
        // Few engines, IDs and names, so that they meet; texts of 11 to 13 characters around the short form.
        var identifier = Gen.OneOf("a", "ab", "b", "aaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaab", "aaaaaaaaaaaac", "abcabcabcabcabc");
        var name = Gen.OneOf("/web", "web", "/db/web", "/a", "/ab", "/aaaaaaaaaaaa", "/abcabcabcabc", "");
        var step = Gen.Select(Gen.OneOf("e1", "e2"), identifier, Gen.OneOf(Gen.Const(""), identifier), name.Array[0, 3]);
        string[] references = ["", "/", "a", "ab", "abc", "b", "aaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaab", "abcabcabcabc", "abcabcabcabcabc", "web", "/web", "db/web", "/db/web", "c"];

        step.Array[0, 12].Sample(steps =>
        {
            var index = new ContainerIndex();
            var list = new List<(string EngineId, ContainerView Container)>();
            foreach (var (engine, id, swarmId, names) in steps)
            {
                // A container that is there goes, as one that is read anew does before it is added again.
                var known = list.FindIndex(each => each.EngineId == engine && each.Container.Id == id);
                if (known >= 0)
                {
                    index.Remove(engine, list[known].Container);
                    list.RemoveAt(known);
                }

                if (known < 0 || names.Length > 0)
                {
                    var container = Container(id, swarmId, names);
                    index.Add(engine, container);
                    list.Add((engine, container));
                }
            }

            foreach (var reference in references)
            {
                index.Find(reference).Select(found => (found.EngineId, found.Container)).Should().BeEquivalentTo(Search(list, reference), reference);
                index.Find(reference, engine => engine == "e2").Select(found => (found.EngineId, found.Container))
                    .Should().BeEquivalentTo(Search([.. list.Where(each => each.EngineId == "e2")], reference), reference);
                if (!reference.StartsWith('/'))
                {
                    index.FindName(reference).HasValue.Should().Be(reference.Length > 0 && list.Exists(each => IsNamed(each.Container, reference)), reference);
                }
            }

            foreach (var (engine, container) in list)
            {
                index.Remove(engine, container);
            }

            references.Should().OnlyContain(reference => index.Find(reference).IsEmpty, "everything was removed");
        }, iter: 500);
    }

    private static IEnumerable<(string EngineId, ContainerView Container)> Search(List<(string EngineId, ContainerView Container)> list, string reference)
    {
        Func<ContainerView, bool>[] rules =
        [
            container => Is(container.Id, reference),
            container => Is(container.SwarmId, reference),
            container => IsNamed(container, reference.StartsWith('/') ? reference[1..] : reference),
            container => container.Id.StartsWith(reference, StringComparison.Ordinal) || container.SwarmId.StartsWith(reference, StringComparison.Ordinal),
        ];
        return reference.Length == 0
            ? []
            : rules.Select(rule => list.Where(each => rule(each.Container)).ToArray()).FirstOrDefault(found => found.Length > 0) ?? [];
    }

    private static bool Is(string identifier, string reference) => identifier == reference || (reference.Length == 12 && identifier.Length > 12 && identifier[..12] == reference);

    private static bool IsNamed(ContainerView container, string name) => name.Length > 0 && container.Names.Any(each => each == name || each == "/" + name);

    private static ContainerIndex Index(params (string EngineId, ContainerView Container)[] containers)
    {
        var index = new ContainerIndex();
        foreach (var (engine, container) in containers)
        {
            index.Add(engine, container);
        }

        return index;
    }

    private static IEnumerable<(string EngineId, string ContainerId)> Find(ContainerIndex index, string reference) =>
        index.Find(reference).Select(found => (found.EngineId, found.Container.Id));

    private static ContainerView Container(string id, string swarmId = "", params string[] names) => new()
    {
        Id = id,
        Names = [.. names],
        Labels = swarmId.Length == 0 ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Id, swarmId)]),
    };
}
