using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Swarm.Core.Architecture;

/// <summary>Which code of some assemblies is reached from what they offer to others, found by walking the instructions of every method body.</summary>
/// <remarks>
/// Everything visible from outside is reached, and what reached code calls, creates, reads or names. A virtual method is reached when its type
/// is in use and the slot it fills is called, or belongs to somebody else, who may call it: an interface or a class of the platform. A type is
/// in use as soon as reached code mentions it, so the answer errs on the side of too little dead code, never of too much.
/// </remarks>
internal sealed class Reachability
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly HashSet<Assembly> _own;
    private readonly HashSet<MethodBase> _reached = [];
    private readonly HashSet<Type> _inUse = [];
    private readonly Queue<MethodBase> _methods = new();
    private readonly Queue<Type> _types = new();
    private readonly Dictionary<MethodBase, List<MethodBase>> _waiting = [];

    private Reachability(IEnumerable<Assembly> own)
    {
        _own = [.. own];
    }

    /// <summary>Walks some assemblies as one whole.</summary>
    public static Reachability Of(params IEnumerable<Assembly> own)
    {
        var reachability = new Reachability(own);
        reachability.AddRoots();
        reachability.Walk();
        return reachability;
    }

    /// <summary>Lists what nothing reaches, ordinally: a type of which nothing is reached by its name alone, else its members.</summary>
    /// <remarks>What the compiler writes by itself is not listed: the members of records, code of generators. An automatic property is, when nothing reads it.</remarks>
    public IReadOnlyList<string> Unreached()
    {
        var unreached = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in _own.SelectMany(assembly => assembly.GetTypes()).Where(IsWritten))
        {
            if (!_inUse.Contains(type) && !HoldsOnlyConstants(type))
            {
                unreached.Add(NameOf(type));
            }
            else
            {
                var getters = type.GetProperties(Declared).Select(property => property.GetMethod).OfType<MethodBase>().Where(IsFieldOfItsOwn);
                unreached.UnionWith(Members(type).Where(IsWritten).Concat(getters).Where(member => !_reached.Contains(member)).Select(NameOf));
            }
        }

        unreached.RemoveWhere(name => unreached.Any(other => name.StartsWith(other + ".", StringComparison.Ordinal)));
        return [.. unreached];
    }

    private static bool IsVisible(Type type) =>
        type.IsPublic || (type.IsNested && (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsWritten(Type type) =>
        !type.Name.StartsWith('<')
        && !type.IsSubclassOf(typeof(Delegate))
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));

    // A constructor without parameters may be the compiler's, or private so that nobody makes one; a static one runs when its type is used.
    private static bool IsWritten(MethodBase method) =>
        !method.Name.StartsWith('<')
        && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !method.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        && !(method.IsConstructor && (method.IsStatic || method.GetParameters().Length == 0));

    private static bool IsFieldOfItsOwn(MethodBase getter) =>
        getter.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && getter.DeclaringType!.GetMethod("<Clone>$") is null;

    // Constants and members of enumerations are copied to where they are used, which leaves no trace of their type.
    private static bool HoldsOnlyConstants(Type type) =>
        type.IsEnum || (type is { IsAbstract: true, IsSealed: true } && !Members(type).Any() && type.GetFields(Declared).All(field => field.IsLiteral));

    private static IEnumerable<MethodBase> Members(Type type) => [.. type.GetMethods(Declared), .. type.GetConstructors(Declared)];

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string NameOf(MethodBase method)
    {
        var type = method.DeclaringType!;
        var name = type.GetProperties(Declared).FirstOrDefault(property => property.GetAccessors(nonPublic: true).Contains(method))?.Name
            ?? type.GetEvents(Declared).FirstOrDefault(each => each.AddMethod == method || each.RemoveMethod == method)?.Name
            ?? (method.IsConstructor ? "new" : method.Name);
        return $"{NameOf(type)}.{name}";
    }

    private void AddRoots()
    {
        foreach (var assembly in _own)
        {
            Use(assembly.GetCustomAttributesData());
            Use(assembly.ManifestModule.GetCustomAttributesData());
            foreach (var type in assembly.GetTypes())
            {
                if (IsVisible(type))
                {
                    Use(type);
                    Members(type).Where(IsVisible).ToList().ForEach(Reach);
                }

                Members(type).Where(method => method.IsDefined(typeof(ModuleInitializerAttribute), inherit: false)).ToList().ForEach(Reach);
            }
        }
    }

    private void Walk()
    {
        while (_methods.Count > 0 || _types.Count > 0)
        {
            while (_types.TryDequeue(out var type))
            {
                LookInto(type);
            }

            if (_methods.TryDequeue(out var method))
            {
                LookInto(method);
            }
        }
    }

    private void LookInto(Type type)
    {
        Use(type.BaseType);
        Use(type.GetCustomAttributesData());
        type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()).ToList().ForEach(Use);
        type.GetFields(Declared).ToList().ForEach(field => Use(field.FieldType));
        if (type.TypeInitializer is { } initializer)
        {
            Reach(initializer);
        }

        foreach (var method in type.GetMethods(Declared).Where(method => method.IsVirtual))
        {
            var slot = method.GetBaseDefinition();
            if (slot != method)
            {
                Fill(slot, method);
            }
        }

        foreach (var contract in type.GetInterfaces())
        {
            Use(contract);
            if (!type.IsInterface)
            {
                var map = type.GetInterfaceMap(contract);
                for (var i = 0; i < map.InterfaceMethods.Length; i++)
                {
                    if (map.TargetMethods[i] is { } target)
                    {
                        Fill(map.InterfaceMethods[i], target);
                    }
                }
            }
        }
    }

    private void LookInto(MethodBase method)
    {
        Use(method.DeclaringType);
        Use(method.GetCustomAttributesData());
        foreach (var parameter in method.GetParameters())
        {
            Use(parameter.ParameterType);
            Use(parameter.GetCustomAttributesData());
        }

        if (method is MethodInfo { ReturnType: var returned } called)
        {
            Use(returned);

            // Who calls an override calls the slot, through which others are called too.
            if (called.IsVirtual)
            {
                Reach(called.GetBaseDefinition());
            }
        }

        if (method.GetMethodBody() is { } body)
        {
            body.LocalVariables.ToList().ForEach(local => Use(local.LocalType));
            foreach (var member in Instructions.MembersIn(method, body))
            {
                Use(member);
            }
        }

        foreach (var waiting in _waiting.Remove(method, out var list) ? list : [])
        {
            Reach(waiting);
        }
    }

    private void Fill(MethodBase slot, MethodBase filler)
    {
        var definition = DefinitionOf(slot);
        if (definition is null || _reached.Contains(definition))
        {
            Reach(filler);
        }
        else if (DefinitionOf(filler) is { } own)
        {
            if (!_waiting.TryGetValue(definition, out var list))
            {
                _waiting[definition] = list = [];
            }

            list.Add(own);
        }
    }

    private void Use(MemberInfo member)
    {
        switch (member)
        {
            case MethodBase method:
                Reach(method);
                break;
            case Type type:
                Use(type);
                break;
            case FieldInfo field:
                Use(field.DeclaringType);
                Use(field.FieldType);
                break;
        }
    }

    private void Use(IEnumerable<CustomAttributeData> attributes)
    {
        foreach (var attribute in attributes)
        {
            Reach(attribute.Constructor);
            attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>().ToList().ForEach(Use);
            foreach (var named in attribute.NamedArguments)
            {
                Use(named.TypedValue.Value as Type);
                if (named.MemberInfo is PropertyInfo { SetMethod: { } setter })
                {
                    Reach(setter);
                }
            }
        }
    }

    private void Use(Type? type)
    {
        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        if (type.HasElementType)
        {
            Use(type.GetElementType());
            return;
        }

        if (type.IsGenericType)
        {
            foreach (var argument in type.GenericTypeArguments)
            {
                Use(argument);
            }

            type = type.GetGenericTypeDefinition();
        }

        if (_own.Contains(type.Assembly) && _inUse.Add(type))
        {
            _types.Enqueue(type);
        }
    }

    private void Reach(MethodBase method)
    {
        Use(method.DeclaringType);
        if (method.IsGenericMethod)
        {
            foreach (var argument in method.GetGenericArguments())
            {
                Use(argument);
            }
        }

        if (DefinitionOf(method) is { } definition && _reached.Add(definition))
        {
            _methods.Enqueue(definition);
        }
    }

    // The method as it is written: of the generic type or method rather than of one made from it; nothing for those of others.
    private MethodBase? DefinitionOf(MethodBase method) =>
        method.DeclaringType is { IsArray: false } type && _own.Contains(type.Assembly) ? method.Module.ResolveMethod(method.MetadataToken) : null;
}
