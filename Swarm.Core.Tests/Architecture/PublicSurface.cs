using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Swarm.Core.Architecture;

/// <summary>Writes down what an assembly offers to others, as text that a person can review: one line per type and member, ordinally.</summary>
public sealed class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    private readonly NullabilityInfoContext _nullability = new();
    private readonly SortedDictionary<string, Assembly> _assemblies = new(StringComparer.Ordinal);

    private PublicSurface()
    {
        Text = "";
    }

    /// <summary>Gets the text.</summary>
    public string Text { get; private set; }

    /// <summary>Gets the names of all assemblies whose types occur in a signature.</summary>
    public IEnumerable<string> Assemblies => _assemblies.Keys;

    /// <summary>Reads the surface of an assembly.</summary>
    public static PublicSurface Of(Assembly assembly)
    {
        var surface = new PublicSurface();
        var types = assembly.GetTypes().Where(IsVisible).OrderBy(type => type.FullName, StringComparer.Ordinal);
        surface.Text = string.Concat(types.Select(surface.Describe));
        return surface;
    }

    private static bool IsVisible(Type type) =>
        type.IsPublic || (type.IsNested && (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!));

    private string Describe(Type type)
    {
        var text = new StringBuilder().Append(Attributes(type)).Append(Declaration(type)).Append('\n');
        foreach (var line in Members(type).Order(StringComparer.Ordinal))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        return text.Append('\n').ToString();
    }

    private string Declaration(Type type)
    {
        var name = type.Namespace + "." + Name(type);
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"public delegate {Returned(invoke)} {name}({Parameters(invoke)}){Constraints(type.GetGenericArguments())}";
        }

        if (type.IsEnum)
        {
            return $"public enum {name} : {Name(Enum.GetUnderlyingType(type))}";
        }

        var bases = Interfaces(type);
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object))
        {
            bases = bases.Prepend(Name(parent));
        }

        return $"public {Kind(type)} {name}{Listed(" : ", bases)}{Constraints(type.GetGenericArguments())}";
    }

    private static string Kind(Type type)
    {
        if (type.IsInterface)
        {
            return "interface";
        }

        if (type.IsValueType)
        {
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct";
        }

        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static class",
            (true, false) => "abstract class",
            (false, true) => "sealed class",
            _ => "class",
        };
    }

    private IEnumerable<string> Interfaces(Type type) =>
        type.GetInterfaces().Where(IsVisible).Except(type.BaseType?.GetInterfaces() ?? []).Select(each => Name(each)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Members(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            return [];
        }

        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }

        return
        [
            .. type.GetFields(Declared).Where(field => Access(field.Attributes) is not null && !IsHidden(field)).Select(Describe),
            .. type.GetConstructors(Declared).Where(each => Access(each) is not null && !each.IsStatic).Select(each => Attributes(each) + $"{Access(each)} {type.Name.Split('`')[0]}({Parameters(each)})"),
            .. type.GetProperties(Declared).Where(each => Accessors(each).Any(accessor => Access(accessor) is not null) && !IsHidden(each)).Select(Describe),
            .. type.GetEvents(Declared).Where(each => Access(each.AddMethod!) is not null).Select(each => $"{Access(each.AddMethod!)}{Modifiers(each.AddMethod!)} event {Name(each.EventHandlerType!, _nullability.Create(each))} {each.Name}"),
            .. type.GetMethods(Declared).Where(each => Access(each) is not null && !IsHidden(each) && (!each.IsSpecialName || each.Name.StartsWith("op_", StringComparison.Ordinal))).Select(Describe),
        ];
    }

    private string Describe(FieldInfo field)
    {
        var modifiers = field.IsLiteral ? " const" : (field.IsStatic ? " static" : "") + (field.IsInitOnly ? " readonly" : "");
        var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        return Attributes(field) + $"{Access(field.Attributes)}{modifiers} {Name(field.FieldType, _nullability.Create(field))} {field.Name}{value}";
    }

    private string Describe(PropertyInfo property)
    {
        var open = Accessors(property).Where(each => Access(each) is not null).ToList();
        var access = open.Any(each => each.IsPublic) ? "public" : "protected";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? " required" : "";
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Describe))}]";
        var accessors = open.Select(each => (Access(each) == access ? "" : Access(each) + " ") + Keyword(property, each));
        return Attributes(property) + $"{access}{Modifiers(open[0])}{required} {Name(property.PropertyType, _nullability.Create(property))} {name} {{ {string.Join("; ", accessors)}; }}";
    }

    private string Describe(MethodInfo method) =>
        Attributes(method) + $"{Access(method)}{Modifiers(method)} {Returned(method)} {method.Name}{Listed("<", method.GetGenericArguments().Select(each => each.Name), ">")}({Parameters(method)}){Constraints(method.GetGenericArguments())}";

    private string Describe(ParameterInfo parameter)
    {
        var extension = parameter.Position == 0 && parameter.Member.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        var prefix = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true } => parameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "in " : "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) => "params ",
            _ => "",
        };
        var isDefaultStruct = parameter is { HasDefaultValue: true, DefaultValue: null, ParameterType.IsValueType: true } && Nullable.GetUnderlyingType(parameter.ParameterType) is null;
        var value = parameter.HasDefaultValue ? $" = {(isDefaultStruct ? "default" : Literal(parameter.DefaultValue))}" : "";
        return $"{extension}{prefix}{Name(parameter.ParameterType, _nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Describe));

    private string Returned(MethodInfo method) =>
        (method.ReturnType.IsByRef ? "ref " : "") + Name(method.ReturnType, _nullability.Create(method.ReturnParameter));

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) => property.GetAccessors(nonPublic: true).OrderBy(each => each != property.GetMethod);

    private static string Keyword(PropertyInfo property, MethodInfo accessor)
    {
        if (accessor == property.GetMethod)
        {
            return "get";
        }

        return accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";
    }

    private static string? Access(MethodBase method) => Access((FieldAttributes)(method.Attributes & MethodAttributes.MemberAccessMask));

    private static string? Access(FieldAttributes attributes) => (attributes & FieldAttributes.FieldAccessMask) switch
    {
        FieldAttributes.Public => "public",
        FieldAttributes.Family or FieldAttributes.FamORAssem => "protected",
        _ => null,
    };

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? " static" : "";
        }

        if (method.IsStatic)
        {
            return " static";
        }

        if (method.IsAbstract)
        {
            return " abstract";
        }

        var isOverride = method.GetBaseDefinition() != method;
        return method switch
        {
            { IsVirtual: false } => "",
            { IsFinal: true } => isOverride ? " sealed override" : "",
            _ => isOverride ? " override" : " virtual",
        };
    }

    // What the compiler adds to records without a name that C# can say.
    private static bool IsHidden(MemberInfo member) =>
        member.Name.Contains('<') || member.Name is "EqualityContract" or "PrintMembers";

    private static string Attributes(MemberInfo member) =>
        member.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete ? $"[Obsolete({Literal(obsolete.Message)})] " : "";

    private string Constraints(Type[] arguments) => string.Concat(arguments.Where(each => each.IsGenericParameter).Select(Constraint));

    private string Constraint(Type argument)
    {
        var flags = argument.GenericParameterAttributes;
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var types = argument.GetGenericParameterConstraints().Where(each => each != typeof(ValueType)).Select(each => Name(each)).Order(StringComparer.Ordinal);
        string[] words =
        [
            .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
            .. isStruct ? ["struct"] : Array.Empty<string>(),
            .. types,
            .. flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? ["new()"] : Array.Empty<string>(),
        ];
        return Listed($" where {argument.Name} : ", words);
    }

    private string Name(Type type, NullabilityInfo? nullability = null)
    {
        if (type.HasElementType)
        {
            var element = Name(type.GetElementType()!, type.IsArray ? nullability?.ElementType : null);
            if (!type.IsArray)
            {
                return type.IsByRef ? Marked(element, type.GetElementType()!, nullability) : element + "*";
            }

            return Marked($"{element}[{new string(',', type.GetArrayRank() - 1)}]", type, nullability);
        }

        if (type.IsGenericParameter)
        {
            return Marked(type.Name, type, nullability);
        }

        _assemblies.TryAdd(type.Assembly.GetName().Name!, type.Assembly);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        return Marked(_keywords.GetValueOrDefault(type) ?? Qualified(type, nullability), type, nullability);
    }

    private string Qualified(Type type, NullabilityInfo? nullability)
    {
        var arguments = type.GetGenericArguments();
        var inherited = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var own = arguments.Skip(inherited).Select((each, index) => Name(each, Argument(nullability, inherited + index)));
        var outer = type.DeclaringType is { } declaring ? Qualified(declaring, null) + "." : "";
        return outer + type.Name.Split('`')[0] + Listed("<", own, ">");
    }

    private static NullabilityInfo? Argument(NullabilityInfo? nullability, int index) =>
        nullability is not null && index < nullability.GenericTypeArguments.Length ? nullability.GenericTypeArguments[index] : null;

    private static string Marked(string name, Type type, NullabilityInfo? nullability)
    {
        var isNullable = !type.IsValueType && (nullability?.ReadState is NullabilityState.Nullable || nullability?.WriteState is NullabilityState.Nullable);
        return isNullable ? name + "?" : name;
    }

    private static string Listed(string start, IEnumerable<string> items, string end = "")
    {
        var text = string.Join(", ", items);
        return text.Length == 0 ? "" : start + text + end;
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
