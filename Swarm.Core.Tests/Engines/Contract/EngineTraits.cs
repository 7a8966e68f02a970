using System.Net;

namespace Swarm.Core.Engines.Contract;

/// <summary>What engines of one kind and age do in a way of their own: where the contract leaves room.</summary>
public sealed record EngineTraits
{
    /// <summary>What the in-memory engine copies.</summary>
    public static EngineTraits Docker20 { get; } = new();

    public static EngineTraits Docker26 { get; } = new()
    {
        EndOfAStop = ["stop", "die"],
        UnknownStopSignal = "invalid signal: ",
    };

    public static EngineTraits Podman { get; } = new()
    {
        SignalsOfAStop = [],
        EndOfAStop = ["die"],
        Restart = ["restart", "die", "start"],
        RestartOfIdle = ["restart", "start"],
        EndOfAForcedRemoval = ["die"],
        Removal = "remove",
        ToldNowAndThen = ["stop", "cleanup"],
        TellsSignals = false,
        TellsOldNames = false,
        UnknownStopSignal = "fill out specgen: invalid signal: ",
        UnnamedVariable = "fill out specgen: invalid variable: \"",
        FirstOfVariableAndImage = "no such image: ",
        ShowsRegistries = true,
        LooksForNetworksAtCreate = true,
        ListsHostAndNone = false,
        KeepsPortsWithoutNetwork = false,
        PublishesWhatIsNotExposed = true,
        RefusesPortsOnJoinedNetworks = false,
        WarnsOfPortsOnTheHostNetwork = false,
        StartsOwnersOfNetworks = true,
        ExitCodeOfAFailedStart = 0,
        ChecksLimits = false,
        KeepsRestartPolicies = false,
        RestartsPaused = false,
        UnpausingWhatIsNotPaused = HttpStatusCode.Conflict,
        PausesBeforeRestarts = false,
        AllowsShortNames = true,
        AllowsRenamingToTheSame = true,
        NamesHolderOfANewName = false,
        ListsNewestFirst = false,
        ListsItsOwnPs = true,
        ChangedByItself = ["/etc"],
    };

    /// <summary>Gets the events of the signals of a stop without grace.</summary>
    public IReadOnlyList<string> SignalsOfAStop { get; init; } = ["kill", "kill"];

    /// <summary>Gets what is told at the end of a stop, in this order.</summary>
    public IReadOnlyList<string> EndOfAStop { get; init; } = ["die", "stop"];

    /// <summary>Gets what is told of a restart without grace, in this order; <see langword="null"/> where that is a stop, a start and then the restart.</summary>
    public IReadOnlyList<string>? Restart { get; init; }

    /// <summary>Gets what is told of a restart of what does not run.</summary>
    public IReadOnlyList<string> RestartOfIdle { get; init; } = ["start", "restart"];

    /// <summary>Gets what is told of a removal by force of what runs, before the removal itself.</summary>
    public IReadOnlyList<string> EndOfAForcedRemoval { get; init; } = ["kill", "die"];

    /// <summary>Gets the event of a removal.</summary>
    public string Removal { get; init; } = "destroy";

    /// <summary>Gets the events that are told at one time and not at another.</summary>
    public IReadOnlyList<string> ToldNowAndThen { get; init; } = [];

    /// <summary>Gets whether the event of a signal tells which one.</summary>
    public bool TellsSignals { get; init; } = true;

    /// <summary>Gets whether the event of a rename tells the old name.</summary>
    public bool TellsOldNames { get; init; } = true;

    /// <summary>Gets how the engine begins to complain of a stop signal that it does not know.</summary>
    public string UnknownStopSignal { get; init; } = "Invalid signal: ";

    /// <summary>Gets how the engine begins to complain of a variable without a name.</summary>
    public string UnnamedVariable { get; init; } = "invalid environment variable: ";

    /// <summary>Gets how the engine begins to complain of a variable without a name for an image that is not there.</summary>
    public string FirstOfVariableAndImage { get; init; } = "invalid environment variable: ";

    /// <summary>Gets whether images are shown with registry, library and tag, however they were asked for.</summary>
    public bool ShowsRegistries { get; init; }

    /// <summary>Gets whether a network that is not there is missed at the create; else it is at the start.</summary>
    public bool LooksForNetworksAtCreate { get; init; }

    /// <summary>Gets whether the networks <c>host</c> and <c>none</c> are listed, and have IDs. Else a container on them has their name for an ID.</summary>
    public bool ListsHostAndNone { get; init; } = true;

    /// <summary>Gets whether bindings of a container without a network are kept; else they are forgotten.</summary>
    public bool KeepsPortsWithoutNetwork { get; init; } = true;

    /// <summary>Gets whether a binding of a port that is not exposed is published.</summary>
    public bool PublishesWhatIsNotExposed { get; init; }

    /// <summary>Gets whether bindings of a container on the network of another are refused; else they are forgotten.</summary>
    public bool RefusesPortsOnJoinedNetworks { get; init; } = true;

    /// <summary>Gets whether bindings of a container on the host's network are warned of.</summary>
    public bool WarnsOfPortsOnTheHostNetwork { get; init; } = true;

    /// <summary>Gets whether a container starts the one whose network it joins; else it cannot be started before that one.</summary>
    public bool StartsOwnersOfNetworks { get; init; }

    /// <summary>Gets the exit code that is shown after a start that failed.</summary>
    public int ExitCodeOfAFailedStart { get; init; } = 128;

    /// <summary>Gets whether limits that cannot be are refused when they are asked for; else they are at the start, or never.</summary>
    public bool ChecksLimits { get; init; } = true;

    /// <summary>Gets whether an update whose restart policy has no name leaves the policy as it is.</summary>
    public bool KeepsRestartPolicies { get; init; } = true;

    /// <summary>Gets whether what is paused can be restarted; else that is a conflict.</summary>
    public bool RestartsPaused { get; init; } = true;

    /// <summary>Gets the status of the refusal to unpause what is not paused.</summary>
    public HttpStatusCode UnpausingWhatIsNotPaused { get; init; } = HttpStatusCode.InternalServerError;

    /// <summary>Gets whether a restart policy pauses longer and longer, and shows that it does.</summary>
    public bool PausesBeforeRestarts { get; init; } = true;

    /// <summary>Gets whether a name may have one letter.</summary>
    public bool AllowsShortNames { get; init; }

    /// <summary>Gets whether a container may be renamed to the name it has.</summary>
    public bool AllowsRenamingToTheSame { get; init; }

    /// <summary>Gets whether the refusal of a rename to a taken name says who holds it.</summary>
    public bool NamesHolderOfANewName { get; init; } = true;

    /// <summary>Gets whether lists begin with the newest container; else they have no order.</summary>
    public bool ListsNewestFirst { get; init; } = true;

    /// <summary>Gets whether lists of processes need no numbers and have the lister in them, for it runs in the container.</summary>
    public bool ListsItsOwnPs { get; init; }

    /// <summary>Gets what the engine changes in the file system of a container that it starts.</summary>
    public IReadOnlyList<string> ChangedByItself { get; init; } = [];

    /// <summary>Gets how an image is shown that was asked for by a name.</summary>
    public string Shown(string image) => ShowsRegistries ? $"docker.io/library/{image}{(image.Contains(':', StringComparison.Ordinal) ? "" : ":latest")}" : image;
}
