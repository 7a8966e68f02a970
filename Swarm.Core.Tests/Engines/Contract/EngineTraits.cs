using System.Net;

namespace Swarm.Core.Engines.Contract;

/// <summary>What engines of one kind and age do in a way of their own: where the contract leaves room.</summary>
public sealed record EngineTraits
{
    /// <summary>Gets what Docker 20.10 does, which the in-memory engine copies.</summary>
    public static EngineTraits Docker20 { get; } = new();

    /// <summary>Gets what Docker 26.1 does.</summary>
    public static EngineTraits Docker26 { get; } = new()
    {
        EndOfAStop = ["stop", "die"],
        UnknownStopSignal = "invalid signal: ",
    };

    /// <summary>Gets what Docker 28.5 does.</summary>
    public static EngineTraits Docker28 { get; } = Docker26 with
    {
        ArchiveIntoAFile = HttpStatusCode.BadRequest,
        ExitCodeOfWhatCannotBeRun = 127,
    };

    /// <summary>Gets what Podman 5.8 does.</summary>
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
        ShowsTagsBesideDigests = false,
        LooksForNetworksAtCreate = true,
        ListsHostAndNone = false,
        KeepsPortsWithoutNetwork = false,
        PublishesWhatIsNotExposed = true,
        TakesPortsThatAreNone = true,
        TakesProtocolsOfHostPorts = false,
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
        ExitCodesOfWhatNeverRan = ["0", "-1"],
        ExitCodeOfWhatCannotBeRun = 127,
        SaysWhyInOutput = false,
        KeepsProcessIds = false,
        ClosesInputsOfOthers = true,
        ShowsCpusAtOnce = false,
        MakesFoldersForArchives = true,
        EndsWaitsOfWhatNeverRan = false,
    };

    /// <summary>Gets what Podman 5.4 does.</summary>
    public static EngineTraits Podman54 { get; } = Podman with
    {
        TellsFractionsOfSeconds = false,
    };

    /// <summary>Gets the events of the signals of a stop without grace.</summary>
    [EngineFeature("events of the signals of a stop without grace")]
    public IReadOnlyList<string> SignalsOfAStop { get; init; } = ["kill", "kill"];

    /// <summary>Gets what is told at the end of a stop, in this order.</summary>
    [EngineFeature("events of the end of a stop")]
    public IReadOnlyList<string> EndOfAStop { get; init; } = ["die", "stop"];

    /// <summary>Gets what is told of a restart without grace, in this order.</summary>
    [EngineFeature("events of a restart without grace")]
    public IReadOnlyList<string> Restart
    {
        get => field ?? [.. SignalsOfAStop, .. EndOfAStop, "start", "restart"];
        init;
    }

    /// <summary>Gets what is told of a restart of what does not run.</summary>
    [EngineFeature("events of a restart of what does not run")]
    public IReadOnlyList<string> RestartOfIdle { get; init; } = ["start", "restart"];

    /// <summary>Gets what is told of a removal by force of what runs, before the removal itself.</summary>
    [EngineFeature("events of a forced removal of what runs, before the removal")]
    public IReadOnlyList<string> EndOfAForcedRemoval { get; init; } = ["kill", "die"];

    /// <summary>Gets the event of a removal.</summary>
    [EngineFeature("event of a removal")]
    public string Removal { get; init; } = "destroy";

    /// <summary>Gets the events that are told at one time and not at another.</summary>
    [EngineFeature("events that come at one time and not at another")]
    public IReadOnlyList<string> ToldNowAndThen { get; init; } = [];

    /// <summary>Gets whether the event of a signal tells which one.</summary>
    [EngineFeature("the event of a signal tells its number")]
    public bool TellsSignals { get; init; } = true;

    /// <summary>Gets whether the event of a rename tells the old name.</summary>
    [EngineFeature("the event of a rename tells the old name")]
    public bool TellsOldNames { get; init; } = true;

    /// <summary>Gets how the engine begins to complain of a stop signal that it does not know.</summary>
    [EngineFeature("complains of an unknown stop signal with")]
    public string UnknownStopSignal { get; init; } = "Invalid signal: ";

    /// <summary>Gets how the engine begins to complain of a variable without a name.</summary>
    [EngineFeature("complains of a variable without a name with")]
    public string UnnamedVariable { get; init; } = "invalid environment variable: ";

    /// <summary>Gets how the engine begins to complain of a variable without a name for an image that is not there.</summary>
    [EngineFeature("complains of that, where the image is not there either, with")]
    public string FirstOfVariableAndImage { get; init; } = "invalid environment variable: ";

    /// <summary>Gets whether images are shown with registry, library and tag, however they were asked for.</summary>
    [EngineFeature("shows images with registry, library and tag, however they were asked for")]
    public bool ShowsRegistries { get; init; }

    /// <summary>Gets whether the image of a container that was asked for by tag and digest is shown with both; else with its digest.</summary>
    [EngineFeature("shows tag and digest of an image that was asked for by both")]
    public bool ShowsTagsBesideDigests { get; init; } = true;

    /// <summary>Gets whether a network that is not there is missed at the create; else it is at the start.</summary>
    [EngineFeature("misses a network at the create, not only at the start")]
    public bool LooksForNetworksAtCreate { get; init; }

    /// <summary>Gets whether the networks <c>host</c> and <c>none</c> are listed, and have IDs. Else a container on them has their name for an ID.</summary>
    [EngineFeature("lists the networks `host` and `none`")]
    public bool ListsHostAndNone { get; init; } = true;

    /// <summary>Gets whether bindings of a container without a network are kept; else they are forgotten.</summary>
    [EngineFeature("keeps the port bindings of a container without a network")]
    public bool KeepsPortsWithoutNetwork { get; init; } = true;

    /// <summary>Gets whether a binding of a port that is not exposed is published.</summary>
    [EngineFeature("publishes a port that is bound, but not exposed")]
    public bool PublishesWhatIsNotExposed { get; init; }

    /// <summary>Gets whether a host port with a sign before it is taken, and one beyond the highest or below zero for the rest of its division by 65,536; else they are refused.</summary>
    [EngineFeature("takes host ports with a sign, and 99999 for 34463")]
    public bool TakesPortsThatAreNone { get; init; }

    /// <summary>Gets whether a protocol behind a host port is taken and not looked at; else it is refused.</summary>
    [EngineFeature("takes any protocol behind a host port, and does not look at it")]
    public bool TakesProtocolsOfHostPorts { get; init; } = true;

    /// <summary>Gets whether bindings of a container on the network of another are refused; else they are forgotten.</summary>
    [EngineFeature("refuses port bindings on the network of another container")]
    public bool RefusesPortsOnJoinedNetworks { get; init; } = true;

    /// <summary>Gets whether bindings of a container on the host's network are warned of.</summary>
    [EngineFeature("warns of port bindings on the host's network")]
    public bool WarnsOfPortsOnTheHostNetwork { get; init; } = true;

    /// <summary>Gets whether a container starts the one whose network it joins; else it cannot be started before that one.</summary>
    [EngineFeature("starts the container whose network another one joins")]
    public bool StartsOwnersOfNetworks { get; init; }

    /// <summary>Gets the exit code that is shown after a start that failed.</summary>
    [EngineFeature("exit code after a start that failed")]
    public int ExitCodeOfAFailedStart { get; init; } = 128;

    /// <summary>Gets whether limits that cannot be are refused when they are asked for; else they are at the start, or never.</summary>
    [EngineFeature("refuses limits that cannot be when they are asked for")]
    public bool ChecksLimits { get; init; } = true;

    /// <summary>Gets whether an update whose restart policy has no name leaves the policy as it is.</summary>
    [EngineFeature("leaves the restart policy alone in an update that names none")]
    public bool KeepsRestartPolicies { get; init; } = true;

    /// <summary>Gets whether what is paused can be restarted; else that is a conflict.</summary>
    [EngineFeature("restarts what is paused")]
    public bool RestartsPaused { get; init; } = true;

    /// <summary>Gets the status of the refusal to unpause what is not paused.</summary>
    [EngineFeature("status where what is not paused is unpaused")]
    public HttpStatusCode UnpausingWhatIsNotPaused { get; init; } = HttpStatusCode.InternalServerError;

    /// <summary>Gets whether a restart policy pauses longer and longer, and shows that it does.</summary>
    [EngineFeature("pauses longer and longer before it restarts what ends, and shows that")]
    public bool PausesBeforeRestarts { get; init; } = true;

    /// <summary>Gets whether a name may have one letter.</summary>
    [EngineFeature("takes names of one letter")]
    public bool AllowsShortNames { get; init; }

    /// <summary>Gets whether a container may be renamed to the name it has.</summary>
    [EngineFeature("renames to the name it has")]
    public bool AllowsRenamingToTheSame { get; init; }

    /// <summary>Gets whether the refusal of a rename to a taken name says who holds it.</summary>
    [EngineFeature("says who holds the name when it refuses a rename")]
    public bool NamesHolderOfANewName { get; init; } = true;

    /// <summary>Gets whether lists begin with the newest container; else they have no order.</summary>
    [EngineFeature("lists the newest container first")]
    public bool ListsNewestFirst { get; init; } = true;

    /// <summary>Gets whether lists of processes need no numbers and have the lister in them, for it runs in the container.</summary>
    [EngineFeature("lists its own `ps` among the processes of a container")]
    public bool ListsItsOwnPs { get; init; }

    /// <summary>Gets what the engine changes in the file system of a container that it starts.</summary>
    [EngineFeature("changes in each container by itself")]
    public IReadOnlyList<string> ChangedByItself { get; init; } = [];

    /// <summary>Gets the exit codes that a wait may end with for what has never run.</summary>
    [EngineFeature("exit code of a wait for what has never run")]
    public IReadOnlyList<string> ExitCodesOfWhatNeverRan { get; init; } = ["0"];

    /// <summary>Gets whether a wait for the next exit ends when its container, which has never run, is removed; else it is never answered.</summary>
    [EngineFeature("ends a wait for the next exit when what has never run is removed")]
    public bool EndsWaitsOfWhatNeverRan { get; init; } = true;

    /// <summary>Gets whether the times of lines of a log have fractions of a second.</summary>
    [EngineFeature("times of lines of a log have fractions of a second")]
    public bool TellsFractionsOfSeconds { get; init; } = true;

    /// <summary>Gets whether an input that is to stay open for others is closed with the one attached to it; else the container runs on.</summary>
    [EngineFeature("ends an input that is to stay open when one who is attached goes")]
    public bool ClosesInputsOfOthers { get; init; }

    /// <summary>Gets the exit code of an exec that cannot be run.</summary>
    [EngineFeature("exit code of an exec that cannot be run")]
    public long ExitCodeOfWhatCannotBeRun { get; init; } = 126;

    /// <summary>Gets whether the output of an exec that cannot be run says why.</summary>
    [EngineFeature("says in the output of an exec why it cannot be run")]
    public bool SaysWhyInOutput { get; init; } = true;

    /// <summary>Gets whether the process ID of an exec is shown after its end.</summary>
    [EngineFeature("shows the process ID of an exec that has ended")]
    public bool KeepsProcessIds { get; init; } = true;

    /// <summary>Gets whether a single look at the stats tells the processors in use; else only a stream does.</summary>
    [EngineFeature("tells the processors in use at the first look")]
    public bool ShowsCpusAtOnce { get; init; } = true;

    /// <summary>Gets whether the folder that an archive goes to is made where it is missing; else it is refused.</summary>
    [EngineFeature("makes the folder that an archive goes to")]
    public bool MakesFoldersForArchives { get; init; }

    /// <summary>Gets the status of the refusal of an archive that is to go into a file.</summary>
    [EngineFeature("status where an archive is to go into a file")]
    public HttpStatusCode ArchiveIntoAFile { get; init; } = HttpStatusCode.InternalServerError;

    /// <summary>Gets how an image is shown that was asked for by a name.</summary>
    public string Shown(string image) => ShowsRegistries ? $"docker.io/library/{image}{(image.Contains(':', StringComparison.Ordinal) ? "" : ":latest")}" : image;
}
