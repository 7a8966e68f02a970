namespace Swarm.Core.Testing;

/// <summary>What operations are called in errors.</summary>
internal static class EngineOperationNames
{
    public static string NameOf(EngineOperation operation) => operation switch
    {
        EngineOperation.Connect => "connect",
        EngineOperation.Ping => "ping",
        EngineOperation.GetSpecs => "get specs",
        EngineOperation.OpenEvents => "open events",
        EngineOperation.ListContainers => "list containers",
        EngineOperation.InspectContainer => "inspect container",
        EngineOperation.CreateContainer => "create container",
        EngineOperation.StartContainer => "start container",
        EngineOperation.StopContainer => "stop container",
        EngineOperation.KillContainer => "kill container",
        EngineOperation.RemoveContainer => "remove container",
        EngineOperation.ListImages => "list images",
        EngineOperation.PullImage => "pull image",
        EngineOperation.ListNetworks => "list networks",
        EngineOperation.ListVolumes => "list volumes",
        EngineOperation.RestartContainer => "restart container",
        EngineOperation.PauseContainer => "pause container",
        EngineOperation.UnpauseContainer => "unpause container",
        EngineOperation.RenameContainer => "rename container",
        EngineOperation.UpdateContainer => "update container",
        EngineOperation.ListProcesses => "list processes",
        EngineOperation.ListChanges => "list changes",
        EngineOperation.ResizeTerminal => "resize terminal",
        EngineOperation.WaitContainer => "wait for container",
        EngineOperation.ReadLogs => "read logs",
        EngineOperation.AttachContainer => "attach to container",
        EngineOperation.ReadStats => "read stats",
        EngineOperation.DescribePath => "describe path",
        EngineOperation.ReadArchive => "read archive",
        EngineOperation.WriteArchive => "write archive",
        EngineOperation.ExportContainer => "export container",
        EngineOperation.CreateExec => "create exec",
        EngineOperation.StartExec => "start exec",
        EngineOperation.InspectExec => "inspect exec",
        EngineOperation.ResizeExec => "resize exec",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "There is no such operation."),
    };
}
