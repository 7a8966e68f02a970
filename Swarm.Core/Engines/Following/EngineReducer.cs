using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>State and signal make the next state. Pure: no clock, no I/O, no lock.</summary>
internal static class EngineReducer
{
    // From here on counting anew is cheaper than change by change.
    private const int FewChanges = 64;

    // An engine takes new work only while it has answered to everything.
    private const int FailureLimit = 1;

    /// <summary>Applies a signal.</summary>
    /// <remarks>
    /// One container costs one copy of the container references, and of the tables of ports and of label values where it makes a difference to
    /// them; finding it O(log n). A whole list costs O(n log n). Used resources, ports and label values are carried on, so a placement adds
    /// nothing up.
    /// </remarks>
    public static EngineTransition Apply(this EngineState state, EngineSignal signal)
    {
        var transition = ApplyCore(state, signal);
        return transition.IsEmpty || HasSameGaps(transition.Before, transition.After)
            ? transition
            : transition with { After = transition.After with { Degradations = DegradationsOf(transition.After) } };
    }

    /// <summary>Applies what is to be left out right after a signal, as one change with it.</summary>
    /// <param name="transition">What the signal did.</param>
    /// <param name="allowance">How many bytes what is kept may take.</param>
    public static EngineTransition Fit(this EngineTransition transition, long allowance)
    {
        var fitted = transition.After.Apply(new EngineSignal.Fitted(allowance));
        var before = transition.Containers.ToDictionary(change => (change.Before ?? change.After)!.Id, StringComparer.Ordinal);
        var changes = ImmutableArray.CreateBuilder<ContainerChange>();
        foreach (var change in fitted.Containers)
        {
            changes.Add(before.Remove(change.After!.Id, out var first) ? first with { After = change.After } : change);
        }

        changes.AddRange(transition.Containers.Where(change => before.ContainsKey((change.Before ?? change.After)!.Id)));
        return transition with { After = fitted.After, Containers = changes.ToImmutable() };
    }

    /// <summary>Tells whether there is something to leave out of an engine that takes more than it may.</summary>
    public static bool CanFit(this EngineState state, long allowance) =>
        state.Kept.Total > allowance
        && (state.Detail < ContainerDetail.Core || state.Kept.Images + state.Kept.Networks + state.Kept.Volumes > 0);

    private static EngineTransition ApplyCore(EngineState state, EngineSignal signal) => signal switch
    {
        EngineSignal.Described described => Plain(state, Count(state with { Specs = described.Specs, Certificate = described.Certificate, ClientCertificate = described.ClientCertificate, ExpiringCertificates = described.Expiring, ForbiddenCalls = described.Forbidden }, static (amounts, bytes) => amounts with { Specs = bytes }, KeptSize.Of(described.Specs))),
        EngineSignal.Admitted admitted => Plain(state, state with { Id = admitted.Id }),
        EngineSignal.Held held => Plain(state, state with { Status = EngineStatus.Pending, Reason = CleanText.Of(held.Reason) }),
        EngineSignal.Recovered => Plain(state, state with { Status = EngineStatus.Healthy, Reason = null, FailureCount = 0 }),
        EngineSignal.Failed failed => Plain(state, state with
        {
            Status = state.Id.Length == 0 ? EngineStatus.Pending : EngineStatus.Unhealthy,
            Reason = CleanText.Of(failed.Reason),
            FailureCount = state.FailureCount + 1,
        }),
        EngineSignal.Discovery discovery => Plain(state, state with { IsDiscovered = discovery.IsDiscovered }),
        EngineSignal.Overlaid overlaid => Plain(state, state with { Overlay = overlaid.Overlay }),
        EngineSignal.Left => Plain(state, state with { Status = EngineStatus.Disconnected, Reason = "The engine left the cluster." }),
        EngineSignal.ContainersRead read => ReadAll(state, read),
        EngineSignal.ContainerRead read => ReadOne(state, read),
        EngineSignal.ContainerGone gone => Remove(state, gone),
        EngineSignal.ImagesRead read when SameThings.Shows(state, read) => new EngineTransition(state, state, []),
        EngineSignal.NetworksRead read when SameThings.Shows(state, read) => new EngineTransition(state, state, []),
        EngineSignal.VolumesRead read when SameThings.Shows(state, read) => new EngineTransition(state, state, []),
        EngineSignal.ImagesRead read => Plain(state, Count(
            state with { Images = read.Images, UncountedImages = read.Uncounted, LeftOut = state.LeftOut with { Images = 0, ImageLabels = false } },
            static (amounts, bytes) => amounts with { Images = bytes },
            KeptThings.SizeOf(read.Images, KeptSize.Of))),
        EngineSignal.NetworksRead read => Plain(state, Count(
            state with { Networks = read.Networks, UncountedNetworks = read.Uncounted, LeftOut = state.LeftOut with { Networks = 0, NetworkLabels = false } },
            static (amounts, bytes) => amounts with { Networks = bytes },
            KeptThings.SizeOf(read.Networks, KeptSize.Of))),
        EngineSignal.VolumesRead read => Plain(state, Count(
            state with { Volumes = read.Volumes, UncountedVolumes = read.Uncounted, LeftOut = state.LeftOut with { Volumes = 0, VolumeLabels = false } },
            static (amounts, bytes) => amounts with { Volumes = bytes },
            KeptThings.SizeOf(read.Volumes, KeptSize.Of))),
        EngineSignal.Fitted fitted => Fit(state, fitted.Allowance),
        EngineSignal.Unlisted unlisted => Plain(state, state with { UnlistedObjects = unlisted.What }),
        EngineSignal.TouchedForgotten forgotten => Plain(state, state with { ReadAt = Math.Max(state.ReadAt, forgotten.At), Touched = state.Touched.Clear() }),
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal.GetType().Name, "No such signal."),
    };

    private static EngineState Count(EngineState state, Func<KeptAmounts, long, KeptAmounts> with, long bytes) =>
        state with { Kept = with(state.Kept, bytes), Wanted = with(state.Wanted, bytes) };

    private static EngineTransition Plain(EngineState before, EngineState after) =>
        new(before, after with { Version = before.Version + 1, HealthIndicator = HealthIndicator.Of(after.Status, after.FailureCount, FailureLimit) }, []);

    // The answer describes the moment it was asked for: whatever was touched since then stays as it is.
    private static EngineTransition ReadAll(EngineState state, EngineSignal.ContainersRead read)
    {
        var next = new SortedDictionary<string, ContainerView>(StringComparer.Ordinal);
        foreach (var container in read.Containers)
        {
            if (!state.WasTouchedAfter(container.Id, read.StartedAt))
            {
                next[container.Id] = container;
            }
        }

        foreach (var container in state.Containers)
        {
            if (state.WasTouchedAfter(container.Id, read.StartedAt))
            {
                next[container.Id] = container;
            }
        }

        var changes = ImmutableArray.CreateBuilder<ContainerChange>();
        var used = default(ResourceVector);
        var unread = 0;
        var (kept, wanted) = (0L, 0L);
        var detail = ContainerDetail.Whole;
        foreach (var container in next.Values)
        {
            used += container.Resources;
            unread += container.IsUnread ? 1 : 0;
            kept += container.KeptBytes;
            wanted += container.WholeBytes;
            detail = container.Detail > detail ? container.Detail : detail;
            var before = state.FindContainer(container.Id);
            if (before is null || !ReferenceEquals(before, container))
            {
                changes.Add(new ContainerChange(before, container));
            }
        }

        foreach (var container in state.Containers)
        {
            if (!next.ContainsKey(container.Id))
            {
                changes.Add(new ContainerChange(container, null));
            }
        }

        ImmutableArray<ContainerView> containers = changes.Count == 0 ? state.Containers : [.. next.Values];
        var after = state with
        {
            Containers = containers,
            Totals = changes.Count > FewChanges ? ContainerTotals.Of(containers) : changes.Aggregate(state.Totals, (totals, change) => totals.With(change.Before, change.After)),
            Used = used,
            UncountedContainers = read.Uncounted,
            UnreadContainers = unread,
            Kept = state.Kept with { Containers = kept },
            Wanted = state.Wanted with { Containers = wanted },
            Detail = detail,
            ReadAt = Math.Max(state.ReadAt, read.StartedAt),
            Touched = state.Touched.RemoveRange(state.Touched.Where(touch => touch.Value <= read.StartedAt).Select(touch => touch.Key)),
        };

        // That an engine was read and is as it was is for its loop alone.
        var isSame = changes.Count == 0 && after.Kept == state.Kept && after.Wanted == state.Wanted && after.Detail == state.Detail && HasSameGaps(state, after);
        return new EngineTransition(state, isSame ? after : after with { Version = state.Version + 1 }, changes.ToImmutable());
    }

    private static EngineTransition ReadOne(EngineState state, EngineSignal.ContainerRead read)
    {
        var container = ContainerAbridger.Abridge(read.Container, state.Detail);
        if (state.WasTouchedAfter(container.Id, read.StartedAt))
        {
            return new EngineTransition(state, state, []);
        }

        var index = state.IndexOf(container.Id);
        var before = index >= 0 ? state.Containers[index] : null;
        if (before is null && state.Containers.Length >= read.MostContainers)
        {
            // How many there are beyond those that are followed, the next list tells.
            return state.UncountedContainers > 0
                ? new EngineTransition(state, state, [])
                : Plain(state, state with { UncountedContainers = 1 });
        }

        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = index >= 0 ? state.Containers.SetItem(index, container) : state.Containers.Insert(~index, container),
                Totals = state.Totals.With(before, container),
                Used = state.Used + container.Resources - (before?.Resources ?? default),
                UnreadContainers = state.UnreadContainers + Unread(container) - Unread(before),
                Kept = state.Kept with { Containers = state.Kept.Containers + container.KeptBytes - (before?.KeptBytes ?? 0) },
                Wanted = state.Wanted with { Containers = state.Wanted.Containers + container.WholeBytes - (before?.WholeBytes ?? 0) },
                Touched = state.Touched.SetItem(container.Id, read.StartedAt),
            },
            [new ContainerChange(before, container)]);
    }

    private static EngineTransition Remove(EngineState state, EngineSignal.ContainerGone gone)
    {
        if (state.WasTouchedAfter(gone.Id, gone.At))
        {
            return new EngineTransition(state, state, []);
        }

        var touched = state.Touched.SetItem(gone.Id, gone.At);
        var index = state.IndexOf(gone.Id);
        if (index < 0)
        {
            return new EngineTransition(state, state with { Version = state.Version + 1, Touched = touched }, []) { Gone = gone.Id };
        }

        var before = state.Containers[index];
        return new EngineTransition(
            state,
            state with
            {
                Version = state.Version + 1,
                Containers = state.Containers.RemoveAt(index),
                Totals = state.Totals.With(before, null),
                Used = state.Used - before.Resources,
                UnreadContainers = state.UnreadContainers - Unread(before),
                Kept = state.Kept with { Containers = state.Kept.Containers - before.KeptBytes },
                Wanted = state.Wanted with { Containers = state.Wanted.Containers - before.WholeBytes },
                Touched = touched,
            },
            [new ContainerChange(before, null)])
        {
            Gone = gone.Id,
        };
    }

    // Containers come first, then images, networks and volumes, each of which gets what those before it leave.
    private static EngineTransition Fit(EngineState state, long allowance)
    {
        var room = allowance - state.Kept.Specs;
        var (containers, detail, bytes) = FitContainers(state, room);
        room -= bytes;
        var images = KeptThings.Fit(state.Images, room, KeptSize.Of, image => image.Id, image => image with { Labels = LabelSet.Empty });
        room -= images.Bytes;
        var networks = KeptThings.Fit(state.Networks, room, KeptSize.Of, network => network.Id, network => network with { Labels = LabelSet.Empty });
        room -= networks.Bytes;
        var volumes = KeptThings.Fit(state.Volumes, room, KeptSize.Of, volume => volume.Name, volume => volume with { Labels = LabelSet.Empty });
        var before = state.LeftOut;
        var after = state with
        {
            Version = state.Version + 1,
            Allowance = allowance,
            Detail = detail,
            Images = images.Kept,
            Networks = networks.Kept,
            Volumes = volumes.Kept,
            LeftOut = new LeftOut
            {
                Images = before.Images + images.LeftOut,
                ImageLabels = before.ImageLabels || images.LeavesLabels,
                Networks = before.Networks + networks.LeftOut,
                NetworkLabels = before.NetworkLabels || networks.LeavesLabels,
                Volumes = before.Volumes + volumes.LeftOut,
                VolumeLabels = before.VolumeLabels || volumes.LeavesLabels,
            },
            Kept = state.Kept with { Containers = bytes, Images = images.Bytes, Networks = networks.Bytes, Volumes = volumes.Bytes },
        };
        if (detail == state.Detail)
        {
            return new EngineTransition(state, after, []);
        }

        return new EngineTransition(
            state,
            after with
            {
                Containers = containers,
                Totals = ContainerTotals.Of(containers),
                Used = containers.Aggregate(default(ResourceVector), (used, container) => used + container.Resources),
            },
            [.. state.Containers.Zip(containers, (one, other) => new ContainerChange(one, other)).Where(change => !ReferenceEquals(change.Before, change.After))]);
    }

    private static (ImmutableArray<ContainerView> Containers, ContainerDetail Detail, long Bytes) FitContainers(EngineState state, long room)
    {
        var (containers, detail, bytes) = (state.Containers, state.Detail, state.Kept.Containers);
        while (bytes > room && detail < ContainerDetail.Core)
        {
            detail++;
            containers = [.. containers.Select(container => ContainerAbridger.Abridge(container, detail))];
            bytes = containers.Sum(container => (long)container.KeptBytes);
        }

        return (containers, detail, bytes);
    }

    private static int Unread(ContainerView? container) => container is { IsUnread: true } ? 1 : 0;

    private static bool HasSameGaps(EngineState one, EngineState other) =>
        one.UncountedContainers == other.UncountedContainers
        && one.UnreadContainers == other.UnreadContainers
        && one.UncountedImages == other.UncountedImages
        && one.UncountedNetworks == other.UncountedNetworks
        && one.UncountedVolumes == other.UncountedVolumes
        && one.UnlistedObjects == other.UnlistedObjects
        && one.ExpiringCertificates == other.ExpiringCertificates
        && one.ForbiddenCalls == other.ForbiddenCalls
        && one.Detail == other.Detail
        && one.LeftOut == other.LeftOut
        && (!LacksMemory(other) || (one.Allowance == other.Allowance && one.Wanted == other.Wanted));

    private static bool LacksMemory(EngineState state) => state.Detail != ContainerDetail.Whole || state.LeftOut != default;

    private static ImmutableArray<EngineDegradation> DegradationsOf(EngineState state)
    {
        var degradations = ImmutableArray.CreateBuilder<EngineDegradation>();
        AddUncounted(EngineDegradationKind.TooManyContainers, "containers", state.Containers.Length, state.UncountedContainers);
        if (state.UnreadContainers > 0)
        {
            var first = state.Containers.First(container => container.IsUnread);
            degradations.Add(new EngineDegradation(
                EngineDegradationKind.UnreadableContainers,
                string.Create(CultureInfo.InvariantCulture, $"{state.UnreadContainers} of its containers cannot be looked at, such as {first.Id}")));
        }

        AddUncounted(EngineDegradationKind.TooManyImages, "images", state.Images.Length, state.UncountedImages);
        AddUncounted(EngineDegradationKind.TooManyNetworks, "networks", state.Networks.Length, state.UncountedNetworks);
        AddUncounted(EngineDegradationKind.TooManyVolumes, "volumes", state.Volumes.Length, state.UncountedVolumes);
        if (state.UnlistedObjects.Length > 0)
        {
            degradations.Add(new EngineDegradation(EngineDegradationKind.UnreadableLists, $"it does not list its {state.UnlistedObjects}"));
        }

        if (state.ExpiringCertificates.Length > 0)
        {
            degradations.Add(new EngineDegradation(EngineDegradationKind.ExpiringCertificate, state.ExpiringCertificates));
        }

        if (state.ForbiddenCalls.Length > 0)
        {
            degradations.Add(new EngineDegradation(EngineDegradationKind.ForbiddenCalls, $"a proxy before it or an authorization plug-in does not allow {state.ForbiddenCalls}"));
        }

        if (LacksMemory(state))
        {
            degradations.Add(OfMemory(state));
        }

        return degradations.DrainToImmutable();

        void AddUncounted(EngineDegradationKind kind, string what, int followed, int uncounted)
        {
            if (uncounted > 0)
            {
                degradations.Add(new EngineDegradation(kind, string.Create(CultureInfo.InvariantCulture, $"it has more {what} than are followed: {uncounted} at least beyond {followed}"))
                {
                    Observed = (long)followed + uncounted,
                    Limit = followed,
                });
            }
        }
    }

    private static EngineDegradation OfMemory(EngineState state)
    {
        var leftOut = string.Join(", ", new[]
        {
            Many(state.LeftOut.Volumes, "volumes"),
            Many(state.LeftOut.Networks, "networks"),
            Many(state.LeftOut.Images, "images"),
            state.LeftOut is { VolumeLabels: false, NetworkLabels: false, ImageLabels: false } ? null : "labels of what there is beside containers",
            state.Detail >= ContainerDetail.WithoutAnswer ? "what containers could be made again from" : null,
            state.Detail >= ContainerDetail.WithoutDetails ? "ordinary labels and networks of containers" : null,
            state.Detail >= ContainerDetail.Core ? "whatever else containers are not known by" : null,
        }.OfType<string>());
        return new EngineDegradation(
            state.Detail >= ContainerDetail.WithoutDetails ? EngineDegradationKind.AbridgedContainers : EngineDegradationKind.TooMuchMemory,
            string.Create(CultureInfo.InvariantCulture, $"what there is to know of it takes {state.Wanted.Total} bytes of memory where it may take {state.Allowance}; left out are {leftOut}"))
        {
            Observed = state.Wanted.Total,
            Limit = state.Allowance,
        };

        static string? Many(int count, string what) => count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{count} {what}");
    }
}
