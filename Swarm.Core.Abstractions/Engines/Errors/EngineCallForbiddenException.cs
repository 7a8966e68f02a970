using System.Net;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What stands before an engine, such as a socket proxy, or an authorization plug-in of it, does not allow a call. Nothing was done.</summary>
/// <remarks>
/// Told from what the engine itself refuses, and what a registry refuses it, by the answer: daemons give their API version with every answer of theirs, and
/// neither proxies nor plug-ins do. The rights to give there are those of <see cref="Call"/>.
/// </remarks>
public sealed class EngineCallForbiddenException : EngineApiException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="statusCode">The status of the answer.</param>
    /// <param name="call">The call that is not allowed, such as <c>POST /containers/{id}/start</c>.</param>
    /// <param name="engineMessage">The words of the answer.</param>
    public EngineCallForbiddenException(EngineAddress address, string operation, HttpStatusCode statusCode, string call, string engineMessage)
        : base(address, operation, statusCode, engineMessage, $"{call} is not allowed there, by a proxy before the engine or an authorization plug-in: ")
    {
        Call = CleanText.Of(call);
    }

    /// <summary>Gets the call that is not allowed: the method and the path, without version and query, with <c>{id}</c> or <c>{name}</c> for whose it is.</summary>
    public string Call { get; }
}
