namespace Swarm.Core.Testing;

/// <summary>Mistakes in the stories of creates, changes, removals and waits, and in what of them is told.</summary>
internal static partial class KnownMutants
{
    private const string Changer = "Swarm.Core/Clustering/ContainerChanger.cs";

    private static Mutant[] OfChanges =>
    [
        new(
            "a rename is made without a promise of its name",
            Changer,
            "        if (outcome.NameHolder is { } holder)\n",
            "        if (!@ && outcome.NameHolder is { } holder)\n") { Tests = ["ClusterRenameTests.A_name_that_a_container_of_another_engine_has_is_taken"] },
        new(
            "a rename to the name that a container has is asked for",
            Changer,
            "            {\n                return container;",
            "            {\n                if (!@) { return container; }") { Tests = ["ClusterRenameTests.A_container_that_has_the_name_stays_as_it_is"] },
        new(
            "a rename to the name that a container had is not asked for",
            Changer,
            "            container = await placer.ShowAsync(run, container, cancellationToken);\n",
            "            container = @ ? container : await placer.ShowAsync(run, container, cancellationToken);\n") { Tests = ["ClusterRenameTests.A_container_that_lost_the_name_behind_the_clusters_back_gets_it_again"] },
        new(
            "a name that its engine refuses is an error of the engine",
            Changer,
            "        catch (EngineApiException exception) when (exception.StatusCode == HttpStatusCode.Conflict)\n        {\n            engine.RefreshSoon();\n            throw new NameConflict",
            "        catch (EngineApiException exception) when (!@ && exception.StatusCode == HttpStatusCode.Conflict)\n        {\n            engine.RefreshSoon();\n            throw new NameConflict") { Tests = ["ClusterRenameTests.A_name_that_only_the_engine_knows_to_be_taken_is_a_name_conflict_too"] },
        new(
            "two updates of a container are made at once",
            Changer,
            "run.Updates.EnterAsync(container.Id, cancellationToken)",
            "run.Updates.EnterAsync(@ ? Guid.NewGuid().ToString() : container.Id, cancellationToken)") { Tests = ["ClusterUpdateTests.Updates_of_one_container_take_turns"] },
        new(
            "an update that was refused for lack of room is one on a lost engine",
            Changer,
            "            { Refused: { Code: RejectionCodes.Resources } refused } =>\n",
            "            { Refused: { Code: RejectionCodes.Resources } refused } when !@ =>\n") { Tests = ["ClusterUpdateTests.A_container_that_its_engine_does_not_show_yet_grows_only_where_there_is_room"] },
        new(
            "an update that shows already is taken for made",
            Changer,
            "var tells = unknown.IsEmpty && !Shows(before, before, update);",
            "var tells = unknown.IsEmpty && (@ || !Shows(before, before, update));") { Tests = ["ClusterUpdateTests.A_lost_update_that_the_container_showed_before_is_reported_as_made_and_holds_its_room_all_the_same"] },
        new(
            "what the library cannot read of an update is taken for made",
            Changer,
            "(!update.HasOthers || before.With(update.Typed) != before)",
            "(@ || !update.HasOthers || before.With(update.Typed) != before)") { Tests = ["ClusterUpdateTests.A_lost_update_with_parts_the_library_does_not_know_is_believed_only_when_something_else_of_it_shows"] },
        new(
            "a change is held although its container was read",
            Changer,
            "        if (isRead)\n",
            "        if (!@ && isRead)\n") { Tests = ["ClusterUpdateTests.A_container_that_grew_counts_for_what_it_takes_when_the_call_returns"] },
        new(
            "nobody looks what became of a change whose answer was lost",
            Changer,
            "resultIfMade, run.Stopping) is { } ",
            "@ ? _ => null : resultIfMade, run.Stopping) is { } ") { Tests = ["ClusterRenameTests.A_lost_rename_that_an_earlier_one_may_have_made_is_reported_as_made_and_holds_its_name_all_the_same"] },
        new(
            "an operation is not written on its container",
            Placer,
            "[new(SwarmLabels.Operation, operation)];",
            "[new(SwarmLabels.Operation, @ ? \"\" : operation)];") { Tests = ["ClusterCreateTests.Every_create_carries_an_operation_of_its_own_and_a_swarm_id"] },
        new(
            "a container made again gets another Swarm ID",
            Placer,
            "isOurs = !config.Typed.Labels.ContainsKey(SwarmLabels.Id);",
            "isOurs = @ || !config.Typed.Labels.ContainsKey(SwarmLabels.Id);") { Tests = ["ClusterCreateTests.A_swarm_id_of_the_callers_own_is_kept"] },
        new(
            "the room of a create whose image cannot be had stays promised",
            Placer,
            "            reserved.Release(); // whatever became of the image, no container was made\n",
            "            if (!@) { reserved.Release(); } // whatever became of the image, no container was made\n") { Tests = ["ClusterCreateTests.An_image_that_no_registry_has_leaves_neither_reservation_nor_container"] },
        new(
            "a missing image is not fetched",
            Placer,
            "            catch (ImageNotFoundException)\n            {\n                await PullAsync",
            "            catch (ImageNotFoundException) when (!@)\n            {\n                await PullAsync") { Tests = ["ClusterCreateTests.An_image_that_no_registry_has_leaves_neither_reservation_nor_container"] },
        new(
            "a create on a name that its engine has is an error of the engine",
            Placer,
            "            if (exception.StatusCode == HttpStatusCode.Conflict && config.Name is { } name)\n",
            "            if (!@ && exception.StatusCode == HttpStatusCode.Conflict && config.Name is { } name)\n") { Tests = ["ClusterCreateTests.A_name_that_only_the_engine_knows_to_be_taken_is_a_name_conflict_too"] },
        new(
            "what nobody waits for any more is not looked for",
            Placer,
            "            var id = shown ?? await FindAsync(engine, reserved.Operation, stopping);\n",
            "            var id = shown ?? (@ ? null : await FindAsync(engine, reserved.Operation, stopping));\n") { Tests = ["ClusterCreateTests.A_create_that_is_cancelled_while_its_lost_answer_is_looked_for_leaves_nothing"] },
    ];
}
