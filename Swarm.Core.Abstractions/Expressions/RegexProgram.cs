// Longer than 400 lines: the instructions, what writes them and what follows them know the same encoding, which nobody else should see.
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>A compiled regular expression: finds out whether any part of a text matches, by following all ways through the expression at once.</summary>
/// <remarks>
/// A match costs at most the length of the text times the length of the expression and allocates nothing; nothing is built up from match to
/// match. There is no text and no expression for which that is not so. Immutable and safe for concurrent use.
/// </remarks>
internal sealed class RegexProgram
{
    private const string HexDigits = "0123456789abcdef";

    // Stands for the end of the text, and for half a surrogate pair: no set accepts it.
    private const int None = -1;

    // How many steps are counted here before they are told.
    private const int StepsToTell = 1024;

    private readonly Instruction[] _instructions;

    // Whether a match can only begin where the text does.
    private readonly bool _isAnchored;

    // The ASCII characters that no match begins with; null where one may be empty, or begin with a condition.
    private readonly SearchValues<char>? _noBeginning;

    private RegexProgram(Instruction[] instructions)
    {
        _instructions = instructions;
        _isAnchored = instructions[0] is { Operation: Operation.Check, Assertion: RegexAssertion.TextStart };
        _noBeginning = FindNoBeginning();
        MayMatchHex = MayReachEndBy(HasHexDigit);
    }

    private enum Operation : byte
    {
        Take,
        Check,
        Fork,
        Jump,
        Match,
    }

    /// <summary>Gets whether some text of lower-case hexadecimal digits may match.</summary>
    public bool MayMatchHex { get; }

    /// <summary>Compiles an expression.</summary>
    public static RegexProgram Compile(RegexNode expression)
    {
        var instructions = new List<Instruction>();
        Emit(WithoutLead(expression), instructions);
        instructions.Add(new Instruction(Operation.Match));
        return new RegexProgram([.. instructions]);
    }

    /// <summary>Returns whether any part of the text matches.</summary>
    /// <remarks>Optimised from the first call: code that is compiled in haste makes the first match several times as expensive as the rest.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsMatch(ReadOnlySpan<char> text, WorkMeter? meter = null)
    {
        var steps = 2;
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
            if (waitingCount == 0)
            {
                if (_isAnchored && !place.IsStart)
                {
                    meter?.Spend(steps);
                    return false;
                }

                if (_noBeginning is not null)
                {
                    // Nothing has begun, and what cannot begin here need not be tried. Whatever is before the beginning does not matter then.
                    var skipped = text.IndexOfAnyExcept(_noBeginning);
                    meter?.Spend(steps + ((skipped < 0 ? text.Length : skipped) >> 3));
                    if (skipped < 0)
                    {
                        return false;
                    }

                    steps = 1;
                    text = text[skipped..];
                }
            }

            var next = Read(text, out var length);
            place = place with { Next = next, IsEnd = text.IsEmpty };
            reached.Clear();
            foreach (var from in waiting[..waitingCount])
            {
                if (Follow(from, place, ref reached, stack))
                {
                    meter?.Spend(steps + (2 * reached.Count));
                    return true;
                }
            }

            // A match may begin anywhere.
            if (Follow(0, place, ref reached, stack))
            {
                meter?.Spend(steps + (2 * reached.Count));
                return true;
            }

            steps += (2 * reached.Count) + 2;
            if (text.IsEmpty)
            {
                meter?.Spend(steps);
                return false;
            }

            if (steps >= StepsToTell)
            {
                meter?.Spend(steps);
                steps = 0;
            }

            waitingCount = 0;
            foreach (var index in reached.Items)
            {
                ref readonly var take = ref _instructions[index];
                if (take.Operation == Operation.Take && take.Set!.Contains(next))
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
            ref readonly var instruction = ref _instructions[index];
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

    // Which characters no match begins with, where that can be told from the character alone.
    private SearchValues<char>? FindNoBeginning()
    {
        var (seen, open) = (new bool[_instructions.Length], new Stack<int>());
        var beginnings = new List<CharacterTest>();
        Visit(0);
        while (open.TryPop(out var index))
        {
            var instruction = _instructions[index];
            switch (instruction.Operation)
            {
                case Operation.Take:
                    beginnings.Add(instruction.Set!);
                    break;
                case Operation.Fork:
                    Visit(index + 1);
                    Visit(instruction.Other);
                    break;
                case Operation.Jump:
                    Visit(instruction.Other);
                    break;
                default:
                    return null;
            }
        }

        return SearchValues.Create([.. Enumerable.Range(0, 128).Where(character => !beginnings.Exists(set => set.Contains(character))).Select(character => (char)character)]);

        void Visit(int index)
        {
            if (!seen[index])
            {
                seen[index] = true;
                open.Push(index);
            }
        }
    }

    // A match may begin anywhere, so what may be left out at the beginning is: people write .* there, which would begin at every character.
    private static RegexNode WithoutLead(RegexNode node)
    {
        var items = node is RegexNode.Sequence sequence ? sequence.Items : [node];
        var first = 0;
        while (first < items.Count && items[first] is RegexNode.Repeat { Operation: '*' or '?' })
        {
            first++;
        }

        return first == 0 ? node : new RegexNode.Sequence([.. items.Skip(first)]);
    }

    private static bool HasHexDigit(CharacterTest set)
    {
        foreach (var digit in HexDigits)
        {
            if (set.Contains(digit))
            {
                return true;
            }
        }

        return false;
    }

    // Whether the end can be reached over nothing but characters of one kind; conditions are taken to hold.
    private bool MayReachEndBy(Func<CharacterTest, bool> hasAny)
    {
        var (seen, open) = (new bool[_instructions.Length], new Stack<int>());
        Visit(0);
        while (open.TryPop(out var index))
        {
            var instruction = _instructions[index];
            switch (instruction.Operation)
            {
                case Operation.Match:
                    return true;
                case Operation.Take when !hasAny(instruction.Set!):
                    break;
                case Operation.Jump:
                    Visit(instruction.Other);
                    break;
                case Operation.Fork:
                    Visit(index + 1);
                    Visit(instruction.Other);
                    break;
                default:
                    Visit(index + 1);
                    break;
            }
        }

        return false;

        void Visit(int index)
        {
            if (!seen[index])
            {
                seen[index] = true;
                open.Push(index);
            }
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

        public readonly int Count => _count;

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
