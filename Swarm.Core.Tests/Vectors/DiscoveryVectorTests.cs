using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Model;

namespace Swarm.Core.Vectors;

public class DiscoveryVectorTests
{
    private const string ListError = ", please check you are using the correct discovery (missing token:// ?)";

    // Open: the stores behind the other schemes are not there yet, so of their lines only the splitting of the URL is compared.
    private static readonly string[] _schemes = [DiscoveryUrl.Nodes, DiscoveryUrl.File];

    private static IEnumerable<TestCaseData> Cases() => VectorFile.Read("discovery")
        .Where(vector => !vector.IsSkipped)
        .Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.Id, vector.Kind));

    [TestCaseSource(nameof(Cases))]
    public async Task Discovery_behaves_as_recorded(VectorCase vector)
    {
        try
        {
            await CompareAsync(vector);
        }
        catch (InvalidAddressException error)
        {
            (vector.ErrorKind ?? vector.Error).Should().Be(vector.ErrorKind is null ? Classic(vector, error) : "invalid_address", vector.Json);
            return;
        }

        vector.ErrorKind.Should().BeNull(vector.Json);
        if (!IsOpen(vector))
        {
            vector.Error.Should().BeNull(vector.Json);
        }
    }

    private static async Task CompareAsync(VectorCase vector)
    {
        var input = vector.Input;
        switch (vector.Kind)
        {
            case "generate":
                AddressPattern.Expand(input.GetProperty("pattern").GetString()!).Should().Equal(Texts(vector.Expected, "addresses"), vector.Json);
                break;
            case "new_entry":
                Show(DiscoveryEntry.Parse(input.GetProperty("address").GetString()!)).Should().Be(Show(vector.Expected), vector.Json);
                break;
            case "create_entries":
                Same(ParseAll(Texts(input, "addresses")), vector, "entries");
                break;
            case "diff":
                CompareDiff(vector);
                break;
            case "contains":
                Entries(input, "entries").Contains(Entry(input.GetProperty("entry"))).Should().Be(vector.Expected.GetProperty("contains").GetBoolean(), vector.Json);
                break;
            case "file_content":
                CompareContent(vector);
                break;
            case "file_fetch":
                await CompareFetchAsync(vector);
                break;
            case "url":
                CompareUrl(vector);
                break;
            case "register":
                // A backend has no way to register: what classic refuses at run time cannot even be written.
                typeof(IDiscoveryBackend).GetMethods().Select(method => method.Name).Should().Equal([nameof(IDiscoveryBackend.WatchAsync)], vector.Json);
                break;
            default:
                Assert.Fail($"Unknown kind: {vector}");
                break;
        }
    }

    private static void CompareDiff(VectorCase vector)
    {
        var current = Entries(vector.Input, "current");
        var next = Entries(vector.Input, "next");
        var diff = DiscoveryDiff<DiscoveryEntry>.Between(current, next);
        Same(diff.Joined, vector, "added");
        Same(diff.Left, vector, "removed");
        current.SequenceEqual(next).Should().Be(vector.Expected.GetProperty("equals").GetBoolean(), vector.Json);
    }

    private static void CompareContent(VectorCase vector)
    {
        var addresses = DiscoveryFileContent.Read(vector.Input.GetProperty("content").GetString()!)
            .SelectMany(line => AddressPattern.Expand(line.Pattern))
            .ToList();
        addresses.Should().Equal(Texts(vector.Expected, "addresses"), vector.Json);
        Same(ParseAll(addresses), vector, "entries");
    }

    // As a file is read: what is empty is passed over, the first bad one fails all.
    private static IEnumerable<DiscoveryEntry> ParseAll(IEnumerable<string> texts) => texts.Where(text => text.Length > 0).Select(DiscoveryEntry.Parse);

    private static async Task CompareFetchAsync(VectorCase vector)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(vector.Input.GetProperty("path").GetString()!);
        var exists = vector.Input.GetProperty("exists").GetBoolean();
        if (exists)
        {
            await File.WriteAllTextAsync(path, vector.Input.GetProperty("content").GetString());
        }

        await using var watch = new FileDiscovery(path).WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        var read = () => watch.MoveNextAsync().AsTask();
        if (vector.Error is not null || vector.ErrorKind is not null)
        {
            var error = (await read.Should().ThrowAsync<DiscoveryException>(vector.Json)).Which;
            if (exists)
            {
                throw error.InnerException!;
            }

            Assert.Pass("The text of a missing file's error is the operating system's.");
        }

        await read();
        watch.Current.Addresses.Select(address => address.ToString())
            .Should().BeEquivalentTo(Elements(vector.Expected, "entries").Select(entry => entry.GetProperty("string").GetString()).Distinct(), vector.Json);
    }

    private static void CompareUrl(VectorCase vector)
    {
        var url = DiscoveryUrl.Parse(vector.Input.GetProperty("url").GetString()!);
        url.Scheme.Should().Be(vector.Expected.GetProperty("scheme").GetString(), vector.Json);
        url.Rest.Should().Be(vector.Expected.GetProperty("rest").GetString(), vector.Json);
        switch (url.Scheme)
        {
            case DiscoveryUrl.Nodes:
                Same(url.Rest.Split(',').SelectMany(AddressPattern.Expand).Select(DiscoveryEntry.Parse), vector, "entries");
                break;
            case DiscoveryUrl.File:
                url.Rest.Should().Be(vector.Expected.GetProperty("path").GetString(), vector.Json);
                break;
        }
    }

    private static bool IsOpen(VectorCase vector) =>
        vector.Kind == "register" || (vector.Kind == "url" && !_schemes.Contains(vector.Expected.GetProperty("scheme").GetString()));

    // Classic's text is made of what the error carries; a list of nodes adds its hint.
    private static string Classic(VectorCase vector, InvalidAddressException error)
    {
        var text = error.Address.Length == 0 ? error.Reason : $"address {error.Address}: {error.Reason}";
        return vector.Kind == "url" ? text + ListError : text;
    }

    private static void Same(IEnumerable<DiscoveryEntry> actual, VectorCase vector, string property) =>
        actual.Select(Show).ToList().Should().Equal(Elements(vector.Expected, property).Select(Show), vector.Json);

    private static string Show(DiscoveryEntry entry) => $"{entry.Host}|{entry.Port}|{entry}";

    private static string Show(JsonElement entry) =>
        $"{entry.GetProperty("host").GetString()}|{entry.GetProperty("port").GetString()}|{entry.GetProperty("string").GetString()}";

    private static List<DiscoveryEntry> Entries(JsonElement parent, string property) => [.. Elements(parent, property).Select(Entry)];

    private static DiscoveryEntry Entry(JsonElement entry) => new(entry.GetProperty("host").GetString()!, entry.GetProperty("port").GetString()!);

    private static IEnumerable<string> Texts(JsonElement parent, string property) => Elements(parent, property).Select(element => element.GetString()!);

    private static List<JsonElement> Elements(JsonElement parent, string property) =>
        parent.TryGetProperty(property, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
