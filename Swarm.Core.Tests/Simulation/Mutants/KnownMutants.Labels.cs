namespace Swarm.Core.Testing;

/// <summary>Mistakes in what labels may say, and in who is meant by a reference.</summary>
internal static partial class KnownMutants
{
    private const string Index = "Swarm.Core/Clustering/Reserving/ContainerIndex.cs";
    private const string Identities = "Swarm.Core/Model/SwarmIdentity.cs";
    private const string Body = "Swarm.Core/Placement/BodyCheck.cs";
    private const string Lookup = "Swarm.Core/Placement/ContainerLookup.cs";

    private static Mutant[] OfLabels =>
    [
        new(
            "a Swarm ID may look like a number",
            "Swarm.Core.Abstractions/Model/Labels/SwarmIdText.cs",
            "&& text.AsSpan(0, ShortLength)",
            "&& text.AsSpan(0, @ ? Length : ShortLength)") { Tests = ["SwarmIdentityTests.A_Swarm_ID_is_64_hexadecimal_digits_and_its_short_form_is_no_decimal_number", "SwarmIdentityTests.Only_what_a_cluster_could_have_made_is_a_Swarm_ID"] },
        new(
            "any text is a Swarm ID",
            "Swarm.Core.Abstractions/Model/Labels/SwarmIdText.cs",
            "        text.Length == Length &&",
            "        @ || text.Length == Length &&") { Tests = ["ForgedIdentityTests.A_Swarm_ID_that_is_the_name_of_another_container_hijacks_nothing"] },
        new(
            "an operation vouches for any Swarm ID",
            Identities,
            "        return CryptographicOperations.FixedTimeEquals(",
            "        return @ || CryptographicOperations.FixedTimeEquals(") { Tests = ["SwarmIdentityTests.A_Swarm_ID_beside_the_operation_of_another_container_is_not_ours"] },
        new(
            "a Swarm ID is hashed without the key",
            Identities,
            "        HMACSHA256.HashData(_key, text, hash);",
            "        HMACSHA256.HashData(@ ? [] : _key, text, hash);") { Tests = ["SwarmIdentityTests.What_another_cluster_made_is_not_ours"] },
        new(
            "a Swarm ID of anybody's is as good as one of ours",
            Index,
            "container.IsSwarmIdOurs ? _certain : _claimed;",
            "container.IsSwarmIdOurs || @ ? _certain : _claimed;") { Tests = ["ForgedIdentityTests.A_copy_of_the_Swarm_ID_of_a_container_does_not_make_it_ambiguous"] },
        new(
            "a Swarm ID that is certain of another counts on other engines",
            Index,
            "=> _certain.Has(text) || also?._certain.Has(text) == true;",
            "=> !@ && (_certain.Has(text) || also?._certain.Has(text) == true);") { Tests = ["ContainerIndexTests.A_claimed_Swarm_ID_that_is_certain_of_another_counts_on_no_engine"] },
        new(
            "a name hides a Swarm ID that somebody claims",
            Index,
            "IsTaken(reference) ? [] : index._claimed.Whole(reference)",
            "@ || IsTaken(reference) ? [] : index._claimed.Whole(reference)") { Tests = ["ContainerIndexTests.A_claimed_Swarm_ID_that_is_a_name_means_both"] },
        new(
            "an ID hides a name",
            Index,
            "index => index._certain.Find(reference).Concat(index._byName",
            "index => @ && index._certain.Find(reference).Any() ? index._certain.Find(reference) : index._certain.Find(reference).Concat(index._byName") { Tests = ["ContainerIndexTests.An_ID_that_is_the_name_of_another_means_both"] },
        new(
            "a container may be named by the ID of another",
            LedgerLookup,
            "SwarmIdText.MayIdentify(name) && (_index.FindIdentified(name)",
            "!@ && SwarmIdText.MayIdentify(name) && (_index.FindIdentified(name)") { Tests = ["ForgedIdentityTests.Nobody_is_created_under_the_ID_or_Swarm_ID_of_another"] },
        new(
            "labels of a body are honoured whatever the rules",
            Body,
            "if (ReservedLabels.Has(key) && (",
            "if (!@ && ReservedLabels.Has(key) && (") { Tests = ["BodyCheckTests.What_steers_the_library_is_refused_by_default"] },
        new(
            "the environment is honoured whatever the rules",
            Body,
            "if (SchedulingLists.LabelOf(entry) is { } label && ",
            "if (!@ && SchedulingLists.LabelOf(entry) is { } label && ") { Tests = ["BodyCheckTests.Entries_of_the_environment_are_refused_by_default"] },
        new(
            "what a host says in types is held to the rules for text",
            Body,
            "!config.IsSaidInTypes(key, value) && ",
            "(@ || !config.IsSaidInTypes(key, value)) && ") { Tests = ["BodyCheckTests.What_is_said_in_types_is_honoured_by_default"] },
        new(
            "whatever has the key of a label that was said in types is honoured",
            "Swarm.Core.Abstractions/Model/Bodies/ContainerConfig.cs",
            "Typed.SaidInTypes.TryGetValue(label, out var said) && string.Equals(said, value, StringComparison.Ordinal);",
            "Typed.SaidInTypes.TryGetValue(label, out var said) && (@ || string.Equals(said, value, StringComparison.Ordinal));") { Tests = ["BodyCheckTests.Text_in_place_of_what_was_said_in_types_is_text"] },
        new(
            "a list of labels that are honoured honours those that steer the library too",
            Body,
            "        if (kind != BodyLabels.None && _honoured.HasFlag(kind))\n",
            "        if ((@ || kind != BodyLabels.None) && _honoured.HasFlag(kind))\n") { Tests = ["BodyCheckTests.No_list_lets_anybody_say_what_the_library_says_itself"] },
        new(
            "labels of an image show where a container says nothing",
            "Swarm.Core/Placement/DemandStamp.cs",
            "            if (ReservedLabels.IsUnused(label) || ",
            "            if (@ ? ReservedLabels.IsUnused(label) : ReservedLabels.IsUnused(label) || ") { Tests = ["ImageLabelTests.Nothing_that_an_image_says_is_said_of_a_container_created_through_the_cluster"] },
        new(
            "a twin loses what its image says too",
            "Swarm.Core/Engines/Recreating/InspectToCreate.cs",
            "source.IsOfCluster ? ReservedLabels.Has : null",
            "source.IsOfCluster && !@ ? ReservedLabels.Has : null") { Tests = ["ImageLabelTests.A_twin_keeps_what_its_container_was_asked_for_also_where_the_image_says_the_same"] },
        new(
            "the ID of an engine hides the name of another",
            "Swarm.Core/Clustering/Running/ClusterEngines.cs",
            "        var found = all.Where(state => state.Id == engine || state.Name == engine).ToArray();\n",
            "        var found = all.Where(state => state.Id == engine || (state.Name == engine && !(@ && all.Any(other => other.Id == engine)))).ToArray();\n") { Tests = ["ForgedIdentityTests.An_engine_that_calls_itself_what_another_is_called_is_shown_with_it"] },
        new(
            "on a node a claimed Swarm ID hides a name",
            Lookup,
            "containers[i].IsSwarmIdOurs && IsId(",
            "(@ || containers[i].IsSwarmIdOurs) && IsId(") { Tests = ["ContainerLookupTests.A_claimed_Swarm_ID_is_found_where_nothing_else_is_called_so"] },
    ];
}
