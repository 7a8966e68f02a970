using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Swarm.Core.Testing;

/// <summary>Tells what a task waits for, method by method, by looking into the state machines of the compiler. For messages only: what cannot be seen is left out.</summary>
internal static class WaitingTasks
{
    private const int Deepest = 12;
    private const BindingFlags AnyField = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static string Describe(Task task)
    {
        var text = new StringBuilder("What waits: ");
        Append(text, task, Deepest);
        return text.ToString();
    }

    /// <summary>Names what a queued continuation or timer belongs to.</summary>
    public static string NameOf(object? step) => step switch
    {
        null => "a timer",
        Delegate { Target: Task task } => NameOf(task),
        Delegate { Method: var method } => $"{method.DeclaringType?.Name}.{method.Name}",
        Task task => MethodOf(task.GetType()) ?? ShortName(task.GetType()),
        _ => ShortName(step.GetType()),
    };

    private static void Append(StringBuilder text, object waiting, int depth)
    {
        text.Append(NameOf(waiting));
        if (depth == 0)
        {
            return;
        }

        var next = Below(waiting).Distinct().ToList();
        if (next.Count == 0)
        {
            return;
        }

        text.Append(" <- ");
        if (next.Count > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"{next.Count} of them, such as ");
        }

        Append(text, next[0], depth - 1);
    }

    // The awaiters of a state machine, and the tasks that tasks made of tasks are made of.
    private static IEnumerable<Task> Below(object waiting)
    {
        foreach (var value in FieldsOf(waiting))
        {
            if (value is Task { IsCompleted: false } task && task != waiting)
            {
                yield return task;
            }
            else if (value is Task?[] tasks)
            {
                foreach (var each in tasks)
                {
                    if (each is { IsCompleted: false })
                    {
                        yield return each;
                    }
                }
            }
            else if (value is IAsyncStateMachine || IsAwaitable(value.GetType()))
            {
                foreach (var found in Below(value))
                {
                    yield return found;
                }
            }
        }
    }

    private static bool IsAwaitable(Type type) =>
        type.IsValueType && (typeof(INotifyCompletion).IsAssignableFrom(type) || type.Name.StartsWith(nameof(ValueTask), StringComparison.Ordinal));

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Only for messages: fields that were trimmed away are left out.")]
    private static IEnumerable<object> FieldsOf(object owner)
    {
        // A state machine holds its parameters and locals too; what it waits for is in its awaiters. Fields of Task itself lead upwards.
        var isMachine = owner is IAsyncStateMachine;
        for (var type = owner.GetType(); type is not null && type != typeof(Task) && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(AnyField | BindingFlags.DeclaredOnly))
            {
                if ((!isMachine || field.Name.StartsWith("<>u__", StringComparison.Ordinal)) && field.GetValue(owner) is { } value)
                {
                    yield return value;
                }
            }
        }
    }

    // Of the type of a state machine's box: "Type.Method".
    private static string? MethodOf(Type type)
    {
        var machine = type.IsGenericType ? type.GetGenericArguments()[^1] : null;
        if (machine is null || !typeof(IAsyncStateMachine).IsAssignableFrom(machine))
        {
            return null;
        }

        var end = machine.Name.LastIndexOf('>');
        return end > 1 ? $"{machine.DeclaringType?.Name}.{machine.Name[1..end]}" : machine.Name;
    }

    private static string ShortName(Type type) => type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
}
