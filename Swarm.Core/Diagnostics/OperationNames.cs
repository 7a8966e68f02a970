namespace Swarm.Core.Diagnostics;

/// <summary>Operations as tags know them: a few words out of a small set.</summary>
internal static class OperationNames
{
    private const int Words = 2;

    /// <summary>Leaves out what an operation is about: it begins with a verb and a noun, and what follows may be data (<c>pull image redis:7</c>).</summary>
    public static string Of(string operation)
    {
        var end = -1;
        for (var word = 0; word < Words; word++)
        {
            end = operation.IndexOf(' ', end + 1);
            if (end < 0)
            {
                return operation;
            }
        }

        return operation[..end];
    }
}
