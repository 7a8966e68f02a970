using System.Reflection;

namespace Swarm.Core.Benchmarks;

/// <summary>Any interface, answered by one function: for stand-ins that are asked for a few members of many.</summary>
public class Face : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

    public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var face = Create<T, Face>();
        ((Face)(object)face)._answer = answer;
        return face;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
