using System.Runtime.CompilerServices;
using System.Text;

namespace Swarm.Core.Expressions;

/// <summary>A compiled regular expression: finds out whether any part of a text matches, by following all ways through the expression at once.</summary>
/// <remarks>
/// A match costs at most the length of the text times the length of the expression and allocates nothing; nothing is built up from match to
/// match. There is no text and no expression for which that is not so. Immutable and safe for concurrent use.
/// </remarks>
internal sealed class RegexProgram
{
    // Stands for the end of the text, and for half a surrogate pair: no set accepts it.
    private const int None = -1;

    private readonly Instruction[] _instructions;

    private RegexProgram(Instruction[] instructions) => _instructions = instructions;

    private enum Operation : byte
    {
        Take,
        Check,
        Fork,
        Jump,
        Match,
    }

    /// <summary>Compiles an expression.</summary>
    public static RegexProgram Compile(RegexNode expression)
    {
        var instructions = new List<Instruction>();
        Emit(expression, instructions);
        instructions.Add(new Instruction(Operation.Match));
        return new RegexProgram([.. instructions]);
    }

    /// <summary>Returns whether any part of the text matches.</summary>
    /// <remarks>Optimised from the first call: code that is compiled in haste makes the first match several times as dear as the rest.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        // No more than a few instructions for each character of the expression, whose length is limited: this fits the stack.
        var size = _instructions.Length;
        Span<ushort> buffer = stackalloc ushort[4 * size];
        var reached = new Reached(buffer[..size], buffer[size..(2 * size)]);
        var stack = buffer[(2 * size)..(3 * size)];
        var waiting = buffer[(3 * size)..];
        var waitingCount = 0;
        var place = new Place(None, None, IsStart: true, IsEnd: false);
        while (true)
        {
            var next = Read(text, out var length);
            place = place with { Next = next, IsEnd = text.IsEmpty };
            reached.Clear();
            foreach (var from in waiting[..waitingCount])
            {
                if (Follow(from, place, ref reached, stack))
                {
                    return true;
                }
            }

            // A match may begin anywhere.
            if (Follow(0, place, ref reached, stack))
            {
                return true;
            }

            if (text.IsEmpty)
            {
                return false;
            }

            waitingCount = 0;
            foreach (var index in reached.Items)
            {
                if (_instructions[index] is { Operation: Operation.Take } take && take.Set!.Contains(next))
                {
                    waiting[waitingCount++] = (ushort)(index + 1);
                }
            }

            place = place with { Previous = next, IsStart = false };
            text = text[length..];
        }
    }

    private static int Read(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text.IsEmpty)
        {
            return None;
        }

        if (!char.IsSurrogate(text[0]))
        {
            return text[0];
        }

        return Rune.DecodeFromUtf16(text, out var rune, out length) == System.Buffers.OperationStatus.Done ? rune.Value : None;
    }

    // Marks every instruction that can be reached from here without taking a character; true when the end is among them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Follow(ushort from, in Place place, ref Reached reached, Span<ushort> stack)
    {
        var depth = 0;
        if (reached.Add(from))
        {
            stack[depth++] = from;
        }

        while (depth > 0)
        {
            var index = stack[--depth];
            var instruction = _instructions[index];
            switch (instruction.Operation)
            {
                case Operation.Match:
                    return true;
                case Operation.Fork:
                    Push(instruction.Other, ref reached, stack, ref depth);
                    Push((ushort)(index + 1), ref reached, stack, ref depth);
                    break;
                case Operation.Jump:
                    Push(instruction.Other, ref reached, stack, ref depth);
                    break;
                case Operation.Check when place.Holds(instruction.Assertion):
                    Push((ushort)(index + 1), ref reached, stack, ref depth);
                    break;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Push(ushort index, ref Reached reached, Span<ushort> stack, ref int depth)
    {
        if (reached.Add(index))
        {
            stack[depth++] = index;
        }
    }

    private static void Emit(RegexNode node, List<Instruction> to)
    {
        switch (node)
        {
            case RegexNode.One one:
                to.Add(new Instruction(Operation.Take, Set: one.Characters));
                break;
            case RegexNode.Check check:
                to.Add(new Instruction(Operation.Check, Assertion: check.Assertion));
                break;
            case RegexNode.Sequence sequence:
                foreach (var item in sequence.Items)
                {
                    Emit(item, to);
                }

                break;
            case RegexNode.Choice choice:
                EmitChoice(choice, to);
                break;
            case RegexNode.Repeat repeat:
                EmitRepeat(repeat, to);
                break;
            default:
                throw new InvalidOperationException($"No program has a {node.GetType().Name}.");
        }
    }

    private static void EmitChoice(RegexNode.Choice choice, List<Instruction> to)
    {
        var ends = new List<int>();
        for (var i = 0; i < choice.Options.Count - 1; i++)
        {
            var fork = to.Count;
            to.Add(default);
            Emit(choice.Options[i], to);
            ends.Add(to.Count);
            to.Add(default);
            to[fork] = new Instruction(Operation.Fork, Here(to));
        }

        Emit(choice.Options[^1], to);
        foreach (var end in ends)
        {
            to[end] = new Instruction(Operation.Jump, Here(to));
        }
    }

    private static void EmitRepeat(RegexNode.Repeat repeat, List<Instruction> to)
    {
        var start = Here(to);
        if (repeat.Operation == '+')
        {
            // Around once more, or on: which is tried first does not matter.
            Emit(repeat.Body, to);
            to.Add(new Instruction(Operation.Fork, start));
            return;
        }

        to.Add(default);
        Emit(repeat.Body, to);
        if (repeat.Operation == '*')
        {
            to.Add(new Instruction(Operation.Jump, start));
        }

        to[start] = new Instruction(Operation.Fork, Here(to));
    }

    private static ushort Here(List<Instruction> instructions) => checked((ushort)instructions.Count);

    /// <summary>One step. A fork goes on both at the next instruction and at the other one.</summary>
    private readonly record struct Instruction(Operation Operation, ushort Other = 0, CharacterTest? Set = null, RegexAssertion Assertion = default);

    /// <summary>A place in the text: the characters around it.</summary>
    private readonly record struct Place(int Previous, int Next, bool IsStart, bool IsEnd)
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool Holds(RegexAssertion assertion) => assertion switch
        {
            RegexAssertion.TextStart => IsStart,
            RegexAssertion.TextEnd => IsEnd,
            RegexAssertion.LineStart => IsStart || Previous == '\n',
            RegexAssertion.LineEnd => IsEnd || Next == '\n',
            RegexAssertion.WordBoundary => IsWord(Previous) != IsWord(Next),
            _ => IsWord(Previous) == IsWord(Next),
        };

        // Words are ASCII, as everywhere in this dialect.
        private static bool IsWord(int character) => character is '_' or (>= '0' and <= '9') or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');
    }

    /// <summary>A set of instructions that is emptied in no time.</summary>
    private ref struct Reached(Span<ushort> items, Span<ushort> positions)
    {
        private readonly Span<ushort> _items = items;
        private readonly Span<ushort> _positions = positions;
        private int _count;

        public readonly ReadOnlySpan<ushort> Items => _items[.._count];

        public void Clear() => _count = 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Add(ushort index)
        {
            var position = _positions[index];
            if (position < _count && _items[position] == index)
            {
                return false;
            }

            _positions[index] = (ushort)_count;
            _items[_count++] = index;
            return true;
        }
    }
}
