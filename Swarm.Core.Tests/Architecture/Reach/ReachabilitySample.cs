namespace Swarm.Core.Architecture;

#pragma warning disable IDE0051, CA1822, CA1852, CA1823 // much here is as useless as its names say

/// <summary>Code that is reached in every way there is, and code that is not. Names tell which: what begins with <c>Dead</c> is reached by nothing.</summary>
public static class ReachabilitySample
{
    private static readonly int _initialised = Helper.FromAnInitialiser();

    /// <summary>Reaches everything that shall be reached.</summary>
    [Marked(typeof(NamedInAnAttribute))]
    public static async Task<int> EnterAsync(ISlots slots)
    {
        Func<int> lambda = () => Helper.FromALambda();
        await Helper.FromAnAsyncMethodAsync();
        IService service = new Service();
        Base made = new Derived();
        var generic = new Box<int>(LocalFunction());
        foreach (var item in Helper.FromAnIterator())
        {
            generic = generic with { Content = item };
        }

        IDisposable disposable = new Cleanup();
        disposable.Dispose();
        var pair = new Pair { First = 1 };
        return lambda() + service.Used() + made.Used() + generic.Read<string>() + pair.GetHashCode() + _initialised + slots.Count + new Settable { Value = 1 }.Value;

        static int LocalFunction() => Helper.FromALocalFunction();
    }

    /// <summary>What outsiders implement and call.</summary>
    public interface ISlots
    {
        /// <summary>Gets a number.</summary>
        int Count { get; }
    }

    internal interface IService
    {
        int Used();

        int DeadSlot();
    }

    internal interface IDeadService
    {
        void Serve();
    }

    internal abstract class Base
    {
        public abstract int Used();

        public virtual int DeadVirtual() => 0;
    }

    internal sealed class Derived : Base
    {
        public override int Used() => Helper.FromAnOverride();

        public override int DeadVirtual() => Helper.DeadBehindADeadOverride();

        public override string ToString() => Helper.FromAnOverrideOfThePlatform();
    }

    internal sealed class Service : IService
    {
        public int Used() => Helper.FromAnImplementation();

        int IService.DeadSlot() => 0;
    }

    internal sealed class Cleanup : IDisposable
    {
        void IDisposable.Dispose() => Helper.FromAnExplicitImplementation();
    }

    internal sealed record Box<T>(T Content)
    {
        public int Read<TOther>() => Helper.FromAGenericMethod() + typeof(TOther).Name.Length;

        public T DeadOfAGenericType() => Content;
    }

    internal struct Pair
    {
        public int First { get; set; }

        public readonly int DeadProperty => First + 1;

        public override readonly int GetHashCode() => First;
    }

    internal sealed class Settable
    {
        private int _value;

        public int Value
        {
            get => _value;
            set => _value = value;
        }
    }

    internal sealed class DeadType : IService
    {
        public int Used() => 0;

        public int DeadSlot() => 0;
    }

    internal sealed class OnlyNamed
    {
        public OnlyNamed(int number)
        {
            DeadNumber = number;
        }

        public int DeadNumber { get; }
    }

    internal sealed class NamedInAnAttribute;

    internal sealed class DeadAndEmpty;

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class MarkedAttribute(Type type) : Attribute
    {
        public override object TypeId { get; } = type;
    }

    internal static class Helper
    {
        public static int FromAnInitialiser() => 0;

        public static int FromALambda() => 0;

        public static int FromALocalFunction() => 0;

        public static int FromAnOverride() => 0;

        public static string FromAnOverrideOfThePlatform() => "";

        public static int FromAnImplementation() => 0;

        public static void FromAnExplicitImplementation()
        {
        }

        public static int FromAGenericMethod() => 0;

        public static async Task FromAnAsyncMethodAsync()
        {
            await Task.Yield();
            LookAt(FromAStateMachine());
        }

        public static IEnumerable<int> FromAnIterator()
        {
            yield return FromAnIteratorBody();
        }

        public static int DeadBehindADeadOverride() => 0;

        public static int DeadMethod() => DeadThoughCalledByTheDead();

        private static object? FromAStateMachine() => null;

        private static bool LookAt(object? thing) => thing is OnlyNamed;

        private static int FromAnIteratorBody() => 0;

        private static int DeadThoughCalledByTheDead() => 0;
    }
}
