using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class ContainerIndexTests
{
    private const string Id = "0123456789abcdef";
    private const string SwarmId = "fedcba9876543210";

    private static readonly string _claim = string.Concat(Enumerable.Repeat("c0ffee00", 8));

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
    public void An_ID_that_is_the_Swarm_ID_of_another_means_both(string reference) =>
        Find(Index(("e1", Container("aa", Id)), ("e2", Container(Id))), reference).Should().Equal(("e1", "aa"), ("e2", Id));

    [TestCase("0123456789abcdef")]
    [TestCase("0123456789ab")]
    public void A_Swarm_ID_that_is_the_name_of_another_means_both(string reference) =>
        Find(Index(("e1", Container("aa", "", "/" + reference)), ("e2", Container("bb", Id))), reference).Should().Equal(("e1", "aa"), ("e2", "bb"));

    [TestCase("0123456789abcdef")]
    [TestCase("0123456789ab")]
    public void An_ID_that_is_the_name_of_another_means_both(string reference) =>
        Find(Index(("e1", Container("aa", "", "/" + reference)), ("e2", Container(Id))), reference).Should().Equal(("e1", "aa"), ("e2", Id));

    [Test]
    public void A_claimed_Swarm_ID_is_found_by_its_whole_its_short_form_and_its_beginning() =>
        FindAll(Index(("e1", Claimant("aa", _claim)))).Should().Equal(("e1", "aa"), ("e1", "aa"), ("e1", "aa"));

    [Test]
    public void A_claimed_Swarm_ID_that_is_an_ID_means_what_has_the_ID() =>
        FindAll(Index(("e1", Claimant("aa", _claim)), ("e2", Container(_claim)))).Should().Equal(("e2", _claim), ("e2", _claim), ("e2", _claim));

    [Test]
    public void A_claimed_Swarm_ID_that_this_cluster_gave_another_means_that_one() =>
        FindAll(Index(("e1", Claimant("aa", _claim)), ("e2", Container("bb", _claim)))).Should().Equal(("e2", "bb"), ("e2", "bb"), ("e2", "bb"));

    [Test]
    public void A_claimed_Swarm_ID_that_is_a_name_means_both()
    {
        var index = Index(("e1", Claimant("aa", _claim)), ("e2", Container("bb", "", "/" + _claim)));

        Find(index, _claim).Should().Equal(("e1", "aa"), ("e2", "bb"));
        Find(index, _claim[..12]).Should().Equal(("e1", "aa"));
        index.Find(_claim, engine => engine == "e1").Select(found => found.EngineId).Should().Equal("e1");
    }

    [Test]
    public void A_claimed_Swarm_ID_that_is_certain_of_another_counts_on_no_engine() =>
        Index(("e1", Claimant("aa", _claim)), ("e2", Container("bb", _claim))).Find(_claim, engine => engine == "e1").Should().BeEmpty();

    [Test]
    public void A_claimed_Swarm_ID_whose_short_form_is_a_name_or_begins_an_ID_gives_way()
    {
        Find(Index(("e1", Claimant("aa", _claim)), ("e2", Container("bb", "", "/" + _claim[..12]))), _claim[..12]).Should().Equal(("e2", "bb"));
        Find(Index(("e1", Claimant("aa", _claim)), ("e2", Container(_claim[..20]))), _claim[..12]).Should().Equal(("e2", _claim[..20]));
        Find(Index(("e1", Claimant("aa", _claim)), ("e2", Container(_claim[..20]))), _claim[..4]).Should().Equal(("e2", _claim[..20]));
    }

    [Test]
    public void A_Swarm_ID_that_two_claim_means_both() =>
        FindAll(Index(("e2", Claimant("bb", _claim)), ("e1", Claimant("aa", _claim)))).Should().Equal(
            ("e1", "aa"), ("e2", "bb"), ("e1", "aa"), ("e2", "bb"), ("e1", "aa"), ("e2", "bb"));

    [Test]
    public void What_is_in_another_index_is_not_hidden_by_what_is_here() =>
        Index(("e1", Container("aa", "", "/web"))).Find("web", null, Index(("e2", Container("bb", "", "/web")))).Select(found => found.EngineId).Should().Equal("e1", "e2");

    [Test]
    public void What_is_in_both_indexes_is_one_container() =>
        Index(("e1", Container("aa", "", "/web"))).Find("web", null, Index(("e1", Container("aa", "", "/web")))).Should().ContainSingle();

    [Test]
    public void What_is_certain_in_another_index_goes_before_a_claim_here() =>
        Index(("e1", Claimant("aa", _claim))).Find(_claim, null, Index(("e2", Container("bb", _claim)))).Select(found => found.EngineId).Should().Equal("e2");

    [Test]
    public void A_text_that_is_an_ID_or_a_Swarm_ID_is_told()
    {
        var index = Index(("e1", Container(Id, SwarmId)), ("e2", Claimant("aa", _claim)));

        new[] { Id, Id[..12], SwarmId, SwarmId[..12], _claim, _claim[..12] }.Should().OnlyContain(text => index.FindIdentified(text) != null);
        new[] { Id[..11], _claim[..11], "web", "", "web-and-more" }.Should().OnlyContain(text => index.FindIdentified(text) == null);
    }

    [Test]
    public void Of_very_many_with_one_name_enough_are_given_to_see_that_it_is_ambiguous() =>
        Find(Index([.. Enumerable.Range(10, 50).Select(number => ("e1", Container($"a{number}", "", "/web")))]), "web")
            .Should().HaveCountGreaterThan(1).And.HaveCountLessThan(50);

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

    [TestCase("one name")]
    [TestCase("one name, many times")]
    [TestCase("one Swarm ID")]
    public void Very_many_with_one_key_come_and_go_without_a_walk_over_them_for_each(string shared)
    {
        const int Count = 5_000;
        ContainerView[] containers = [.. Enumerable.Range(0, Count).Select(number => shared switch
        {
            "one name" => Container($"{number:x8}", "", "x"),
            "one Swarm ID" => Claimant($"{number:x8}", _claim),
            _ => Container($"{number:x8}", "", [.. Enumerable.Repeat("x", 20)]),
        })];
        var order = new CountingOrder();
        var index = new ContainerIndex(order);

        Array.ForEach(containers, container => index.Add("e1", container));
        Array.ForEach(containers, container => index.Remove("e1", container));

        // 20 names, added, looked up and removed, in a tree of no more than twice the least height.
        order.Comparisons.Should().BeLessThan(3 * 20 * Count * 2 * 13);
        index.FindName("x").Should().BeNull();
        index.FindIdentified(_claim).Should().BeNull();
    }

    [Test]
    public void A_name_that_is_listed_many_times_is_kept_once()
    {
        static long BytesFor(int times)
        {
            ContainerView[] containers = [.. Enumerable.Range(0, 100).Select(number => Container($"{number:x8}", "", [.. Enumerable.Repeat("x", times)]))];
            return Allocation.Of(() =>
            {
                var index = new ContainerIndex();
                Array.ForEach(containers, container => index.Add("e1", container));
            });
        }

        BytesFor(20).Should().Be(BytesFor(1));
    }

    [Test]
    public void A_container_that_is_added_anew_takes_the_place_of_what_it_was()
    {
        var index = Index(("e1", Container("aa", "", "/web")), ("e1", Container("bb", "", "/web")));
        var anew = Container("bb", "", "/web");

        index.Add("e1", anew);

        index.Find("web").Select(found => found.Container.Id).Should().Equal("aa", "bb");
        index.Find("web")[1].Container.Should().BeSameAs(anew);
    }

    [Test]
    public void It_finds_what_a_search_through_a_list_finds()
    {
        // Few engines, IDs and names, so that they meet, but no more containers than are given for one reference; texts of 11 to 13 characters around the short form.
        var identifier = Gen.OneOf("a", "ab", "b", "aaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaab", "aaaaaaaaaaaac", "abcabcabcabcabc");
        var name = Gen.OneOf("/web", "web", "/db/web", "/a", "/ab", "/aaaaaaaaaaaa", "/abcabcabcabc", "");
        var claim = Gen.OneOf(_claim, _claim[..12] + new string('d', 52));
        var step = Gen.Select(Gen.OneOf("e1", "e2"), Gen.OneOf(identifier, claim), Gen.OneOf(Gen.Const(""), identifier, claim), Gen.OneOf(name, Gen.Const("/" + _claim), Gen.Const(_claim[..12])).Array[0, 3], Gen.Bool);
        string[] references = [_claim, _claim[..12], _claim[..3], _claim[..60], "", "/", "a", "ab", "abc", "b", "aaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaab", "abcabcabcabc", "abcabcabcabcabc", "web", "/web", "db/web", "/db/web", "c"];

        step.Array[0, 10].Sample(steps =>
        {
            var index = new ContainerIndex();
            var list = new List<(string EngineId, ContainerView Container)>();
            foreach (var (engine, id, swarmId, names, isOurs) in steps)
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
                    var container = Container(id, swarmId, names) with { IsSwarmIdOurs = isOurs };
                    index.Add(engine, container);
                    list.Add((engine, container));
                }
            }

            foreach (var reference in references)
            {
                index.Find(reference).Select(found => (found.EngineId, found.Container)).Should().BeEquivalentTo(Search(list, reference), reference);
                index.Find(reference, engine => engine == "e2").Select(found => (found.EngineId, found.Container))
                    .Should().BeEquivalentTo(Search(list, reference, engine => engine == "e2"), reference);
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

    private static IEnumerable<(string EngineId, ContainerView Container)> Search(List<(string EngineId, ContainerView Container)> list, string reference, Predicate<string>? isOnEngine = null)
    {
        var name = reference.StartsWith('/') ? reference[1..] : reference;
        Func<ContainerView, bool>[] ranks =
        [
            container => Is(container.Id, reference) || (container.IsSwarmIdOurs && Is(container.SwarmId, reference)) || IsNamed(container, name) || (IsUnusedClaim(container) && container.SwarmId == reference),
            container => container.Id.StartsWith(reference, StringComparison.Ordinal) || (container.IsSwarmIdOurs && container.SwarmId.StartsWith(reference, StringComparison.Ordinal)),
            container => IsUnusedClaim(container) && Is(container.SwarmId, reference),
            container => IsUnusedClaim(container) && container.SwarmId.StartsWith(reference, StringComparison.Ordinal),
        ];
        return reference.Length == 0
            ? []
            : ranks.Select(rank => list.Where(each => (isOnEngine is null || isOnEngine(each.EngineId)) && rank(each.Container)).ToArray()).FirstOrDefault(found => found.Length > 0) ?? [];

        bool IsUnusedClaim(ContainerView container) => container.SwarmId.Length > 0 && !container.IsSwarmIdOurs && container.SwarmId != container.Id
            && !list.Exists(other => other.Container.Id == container.SwarmId || (other.Container.IsSwarmIdOurs && other.Container.SwarmId == container.SwarmId));
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

    private static IEnumerable<(string EngineId, string ContainerId)> FindAll(ContainerIndex index) =>
        new[] { _claim, _claim[..12], _claim[..5] }.SelectMany(reference => Find(index, reference));

    private sealed class CountingOrder : IComparer<(string EngineId, ContainerView Container)>
    {
        public long Comparisons { get; private set; }

        public int Compare((string EngineId, ContainerView Container) x, (string EngineId, ContainerView Container) y)
        {
            Comparisons++;
            return CarrierOrder.Instance.Compare(x, y);
        }
    }

    private static ContainerView Claimant(string id, string swarmId) => Container(id, swarmId) with { IsSwarmIdOurs = false };

    private static ContainerView Container(string id, string swarmId = "", params string[] names) => new()
    {
        Id = id,
        Names = [.. names],
        Labels = swarmId.Length == 0 ? LabelSet.Empty : LabelSet.Create([new(SwarmLabels.Id, swarmId)]),
        IsSwarmIdOurs = swarmId.Length > 0,
    };
}
