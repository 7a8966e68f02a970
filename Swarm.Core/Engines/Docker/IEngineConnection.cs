namespace Swarm.Core.Engines;

/// <summary>One connection to an engine, whatever it goes over. Disposing of its stream closes it, too.</summary>
internal interface IEngineConnection : IDisposable
{
    /// <summary>Gets what is sent and received.</summary>
    Stream Stream { get; }

    /// <summary>Gets whether it was cut off. Closing it first may end what is received, so a read under way may see an orderly end that is none.</summary>
    bool IsCutOff { get; }

    /// <summary>Closes the connection while somebody may use it.</summary>
    void CutOff();

    /// <summary>Ends the data that is sent; data goes on being received.</summary>
    void CloseSend();
}
