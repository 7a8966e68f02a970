using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads what an engine says of itself, and makes sure that it is one daemon that says it, the same each time.</summary>
/// <remarks>
/// An ID counts without further questions only where it is the one that is known. Otherwise it is asked for again, several times at once, so that each question takes a
/// connection of its own: before a load balancer, or a name with several addresses, these lead to different daemons. One ID all the time is a daemon, perhaps a new one in
/// place of another; another ID each time is a daemon that makes its ID up, as Podman does; anything else is more than one daemon, and there nothing may be created.
/// </remarks>
internal sealed class DaemonRecognition(FollowingCalls calls, EngineIntake intake, ILogger logger)
{
    /// <summary>How often a daemon is asked for its ID when two answers differ.</summary>
    public const int MostAnswers = 5;

    private const string Operation = "describe engine";

    /// <summary>Reads what the engine says of itself.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="known">What it said before; <see langword="null"/> when nothing is known of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineAmbiguousException">More than one daemon answers.</exception>
    public async Task<EngineSpecs> ReadAsync(IEngine engine, EngineSpecs? known, CancellationToken cancellationToken)
    {
        var answers = await AskAsync(engine, known is null && !intake.IsAddressIdentity ? 2 : 1, cancellationToken);
        if (intake.IsAddressIdentity || !answers[0].HasLastingId || answers[0].DaemonId == known?.DaemonId)
        {
            return intake.Identified(calls.Address, answers[0]);
        }

        if (known is not null || IdsOf(answers) > 1)
        {
            answers = answers.AddRange(await AskAsync(engine, MostAnswers - answers.Length, cancellationToken));
        }

        var latest = answers[^1];
        if (IdsOf(answers) == 1)
        {
            return latest;
        }

        if (IdsOf(answers) < answers.Length || answers.Any(each => each.Name != latest.Name))
        {
            throw new EngineAmbiguousException(
                calls.Address,
                Operation,
                [.. answers.Select(each => (each.DaemonId, each.Name)).Distinct().OrderBy(each => each.DaemonId, StringComparer.Ordinal)],
                engine.Addresses);
        }

        if (known?.HasLastingId != false)
        {
            EngineLog.IdMadeUp(logger, calls.Address, CleanText.Of(latest.Name));
        }

        return intake.Identified(calls.Address, latest with { HasLastingId = false });
    }

    private static int IdsOf(ImmutableArray<EngineSpecs> answers) => answers.DistinctBy(each => each.DaemonId, StringComparer.Ordinal).Count();

    private async Task<ImmutableArray<EngineSpecs>> AskAsync(IEngine engine, int count, CancellationToken cancellationToken)
    {
        var questions = new Task<EngineSpecs>[count];
        for (var index = 0; index < count; index++)
        {
            questions[index] = calls.RunOrRepeatAsync(engine, Operation, token => engine.System.GetSpecsAsync(token), cancellationToken);
        }

        // Each of them ends, by its time limit at the latest, and none may fail unseen.
        var answers = ImmutableArray.CreateBuilder<EngineSpecs>(count);
        Exception? failure = null;
        foreach (var question in questions)
        {
            try
            {
                answers.Add(intake.Specs(calls.Address, await question));
            }
            catch (Exception exception)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return answers.DrainToImmutable();
    }
}
