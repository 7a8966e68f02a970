using System.Text.Json.Nodes;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    /// <summary>Starts the process of a container that has none.</summary>
    /// <exception cref="DaemonErrorException">It cannot be started; the container keeps why.</exception>
    private void Run(InMemoryContainer container)
    {
        NetworkView? network;
        try
        {
            network = JoinNetwork(container);
            if (container.Process.StartError is { } startError)
            {
                Events.PublishConnection(container, network, "connect");
                Events.PublishConnection(container, network, "disconnect");
                container.ExitCode = 127;
                throw DaemonErrorException.BadRequest(startError);
            }
        }
        catch (DaemonErrorException error)
        {
            _ports.ReleaseAll(container.Id);
            container.Published.Clear();
            container.Error = error.Message;
            Events.Changed();
            container.ExitCode = container.ExitCode == 0 ? 128 : container.ExitCode;
            if (container.Host.Flag("AutoRemove"))
            {
                RemoveItself(container);
            }

            throw;
        }

        var run = new InMemoryRun();
        container.Run = run;
        container.IsRunning = true;
        container.IsPaused = false;
        container.IsRestarting = false;
        container.Error = "";
        container.ExitCode = 0;
        container.RanOutOfMemory = false;
        container.StartedAt = Now;
        container.Health = HasHealthCheck(container) ? "starting" : null;
        container.Changes.AddRange(container.Process.Changes.Except(container.Changes));
        Events.PublishConnection(container, network, "connect");
        Events.PublishMounts(container, "mount");
        Events.Publish(container, "start");
        PlanOutput(container, run);
        if ((TakeEarlyInput(container) ? TimeSpan.Zero : container.Process.RunsFor) is not { } runsFor)
        {
            return;
        }

        if (runsFor <= TimeSpan.Zero)
        {
            EndedByItself(container, run);
        }
        else
        {
            run.End = Ring(runsFor, _ => EndedByItself(container, run));
        }
    }

    private NetworkView? JoinNetwork(InMemoryContainer container)
    {
        var mode = NetworkNameOf(container.NetworkMode);
        if (mode.StartsWith("container:", StringComparison.Ordinal))
        {
            var owner = Find(mode["container:".Length..]);
            return owner.HasProcess ? null
                : throw DaemonErrorException.Conflict($"cannot join network of a non running container: {owner.Id}");
        }

        var network = FindNetwork(mode) ?? throw DaemonErrorException.NotFound($"network {mode} not found");
        if (network.Driver is not ("host" or "null"))
        {
            PublishPorts(container);
        }

        return network;
    }

    // Only exposed ports are published: the engine ignores a binding of any other, however odd that looks.
    private void PublishPorts(InMemoryContainer container)
    {
        var bindings = (container.Host["PortBindings"] as JsonObject ?? new JsonObject()).ToLookup(binding => WithProtocol(binding.Key), binding => binding.Value, StringComparer.Ordinal);
        foreach (var exposed in container.Config.Keys("ExposedPorts").Order(StringComparer.Ordinal))
        {
            var port = WithProtocol(exposed);
            var asked = bindings[port].FirstOrDefault() as JsonArray;
            if (asked is null or { Count: 0 })
            {
                if (!container.Host.Flag("PublishAllPorts"))
                {
                    continue;
                }

                asked = [new JsonObject { ["HostIp"] = "", ["HostPort"] = "" }];
            }

            foreach (var binding in asked)
            {
                var (ip, hostPort) = (binding!.AsObject().Text("HostIp"), binding.AsObject().Text("HostPort"));
                var (number, error) = _ports.Take(container.Id, port[(port.IndexOf('/', StringComparison.Ordinal) + 1)..], ip, hostPort);
                if (error is not null)
                {
                    throw DaemonErrorException.Internal(
                        $"driver failed programming external connectivity on endpoint {container.Name} ({_ids.NextId()}): {error}");
                }

                container.Published.Add(new PortBinding(port, ip.Length == 0 ? "0.0.0.0" : ip, Text(number)));
                if (ip.Length == 0)
                {
                    container.Published.Add(new PortBinding(port, "::", Text(number)));
                }
            }
        }
    }

    private static string WithProtocol(string port) => port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp";

    private static bool HasHealthCheck(InMemoryContainer container) =>
        container.Config["Healthcheck"] is JsonObject check
        && check.FirstOrDefault(member => string.Equals(member.Key, "Test", StringComparison.OrdinalIgnoreCase)).Value is JsonArray { Count: > 0 } test
        && !Same(test[0]?.ToString() ?? "", "NONE");
}
