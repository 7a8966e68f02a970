using System.Text;
using Swarm.Core.Builders;

namespace Swarm.Core.Docker;

/// <summary>An engine that plays given bytes: it answers well what a cluster asks to watch an engine that lists nothing, has the one container that is made on it, and answers everything else as a test says.</summary>
internal static class CannedEngine
{
    /// <summary>The ID of the one container that is made here.</summary>
    public const string ContainerId = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

    /// <summary>What HAProxy answers for what its rules forbid, as socket proxies ship it: HTTP/1.0, no length, and the connection ends.</summary>
    public const string Forbidden =
        "HTTP/1.0 403 Forbidden\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n"
        + "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n";

    /// <summary>What it answers while there is no engine behind it.</summary>
    public const string Unavailable =
        "HTTP/1.0 503 Service Unavailable\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n"
        + "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n";

    /// <summary>The words of <see cref="Forbidden"/>.</summary>
    public const string ForbiddenWords = "403 Forbidden Request forbidden by administrative rules.";

    /// <summary>Answers with a page that ends with its connection.</summary>
    public static ProxyFault Page(string page) => ProxyFault.Say(page, ProxyEnd.Close);

    /// <summary>Answers that something is missing, with a length.</summary>
    public static ProxyFault Missing(string message) => ProxyFault.Say(RecordingProxy.Answer(404, $$"""{"message":"{{message}}"}"""));

    /// <summary>Starts one; what the test wants to be otherwise goes before.</summary>
    public static RecordingProxy Start(params (Func<RecordedRequest, bool> Matches, ProxyFault Fault)[] otherwise)
    {
        var proxy = new RecordingProxy();
        foreach (var (matches, fault) in otherwise)
        {
            proxy.Always(matches, fault);
        }

        proxy.Always(Path("/_ping"), ProxyFault.Say(RecordingProxy.Pong));
        Says("/version", Encoding.UTF8.GetString(Documents.Answer("version.json")));
        Says("/info", Encoding.UTF8.GetString(Documents.Answer("info.json")));
        proxy.Always(Path("/events"), ProxyFault.Say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
        Says("/containers/json", "[]");
        Says("/images/json", "[]");
        Says("/networks", "[]");
        Says("/volumes", """{"Volumes":[]}""");
        proxy.Always(request => request.IsCreate, ProxyFault.Say(RecordingProxy.Answer(201, $$"""{"Id":"{{ContainerId}}","Warnings":[]}""")));
        Says($"/containers/{ContainerId}/json", $$$$"""{"Id":"{{{{ContainerId}}}}","Name":"/made","Image":"sha256:{{{{ContainerId}}}}","State":{"Status":"created"},"Config":{"Image":"app:1","Labels":{}},"HostConfig":{},"NetworkSettings":{"Networks":{}}}""");
        proxy.Always(request => request.Target.Contains("/images/", StringComparison.Ordinal) && request.Method == "GET", Missing("No such image"));
        proxy.Always(_ => true, Missing("No such container"));
        return proxy;

        void Says(string path, string body) => proxy.Always(Path(path), ProxyFault.Say(RecordingProxy.Answer(200, body)));
    }

    /// <summary>Matches what goes to a path, whatever the API version and the query.</summary>
    public static Func<RecordedRequest, bool> Path(string path) => request => request.Target.Split('?')[0] is var target && (target == path || target.EndsWith(path, StringComparison.Ordinal));
}
