using System.Text;
using System.Text.Json.Nodes;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class InspectToCreateTests
{
    private const string Id = "bb463d5955ec14ee586652a0332c5de0d26157465687b10a0fa54398bfb1764a";

    [TestCase("0", """{"Aliases":["www"]}""")]
    [TestCase("7", """{"Aliases":["www"],"GwPriority":7}""")]
    public void A_priority_of_gateways_stays_where_one_was_asked_for(string priority, string endpoint)
    {
        var container = """{"Id":"ID","Name":"/web","Config":{"Image":"app"},"HostConfig":{"NetworkMode":"net"},"NetworkSettings":{"Networks":{"net":{"Aliases":["www"],"GwPriority":PRIORITY}}}}"""
            .Replace("ID", Id, StringComparison.Ordinal).Replace("PRIORITY", priority, StringComparison.Ordinal);

        var body = InspectToCreate.Convert(Encoding.UTF8.GetBytes(container), """{"Config":{}}"""u8.ToArray(), "node", new Version(1, 51)).Config.Body;

        JsonNode.Parse(body.Span)!["NetworkingConfig"]!["EndpointsConfig"]!["net"]!.ToJsonString().Should().Be(endpoint);
    }
}
