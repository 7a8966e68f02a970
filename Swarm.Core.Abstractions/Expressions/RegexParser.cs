// Longer than 400 lines: one grammar, whose productions share one position and the flags of the group being read; parts of it would have to pass those around.
using System.Globalization;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Expressions;

/// <summary>Reads a regular expression in the dialect of RE2.</summary>
/// <remarks>
/// Only whether a text matches is of interest, hence groups do not capture and laziness is dropped. Braces never get here: the grammar of
/// values has none, hence there are no counted repeats, no named groups and no <c>\x{…}</c>.
/// </remarks>
internal sealed class RegexParser
{
    private readonly string _pattern;
    private readonly Stack<(List<RegexNode> Options, List<RegexNode> Items, bool IgnoreCase, bool Multiline, bool DotAll)> _groups = new();
    private int _position;

    // The group being read: what was read before the last '|', and what since then.
    private List<RegexNode> _options = [];
    private List<RegexNode> _items = [];
    private bool _ignoreCase;
    private bool _multiline;
    private bool _dotAll;

    private RegexParser(string pattern) => _pattern = pattern;

    private bool AtEnd => _position >= _pattern.Length;

    /// <summary>Reads a regular expression.</summary>
    /// <param name="pattern">The expression in the dialect of RE2.</param>
    /// <returns>What it consists of.</returns>
    /// <exception cref="FormatException">RE2 would refuse it.</exception>
    public static RegexNode Parse(string pattern) => new RegexParser(pattern).Run();

    private RegexNode Run()
    {
        var wasRepeat = false;
        while (!AtEnd)
        {
            var isRepeat = _pattern[_position] is '*' or '+' or '?';
            if (isRepeat && wasRepeat)
            {
                throw new FormatException("a repetition cannot be repeated.");
            }

            wasRepeat = isRepeat;
            ReadToken();
        }

        return _groups.Count == 0 ? Group() : throw new FormatException("a group is not closed.");
    }

    private void ReadToken()
    {
        var character = _pattern[_position++];
        switch (character)
        {
            case '(':
                ReadGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '|':
                _options.Add(Sequence());
                _items = [];
                break;
            case '*' or '+' or '?':
                Repeat(character);
                break;
            case '^':
                Assert(_multiline ? RegexAssertion.LineStart : RegexAssertion.TextStart);
                break;
            case '$':
                Assert(_multiline ? RegexAssertion.LineEnd : RegexAssertion.TextEnd);
                break;
            case '.':
                Atom(_dotAll ? CharacterSet.Everything() : CharacterSet.AllBut('\n'));
                break;
            case '[':
                Atom(ReadClass());
                break;
            case '\\':
                ReadEscape();
                break;
            case '{' or '}':
                throw new FormatException("braces are not supported.");
            default:
                Literal(character);
                break;
        }
    }

    private void Repeat(char operation)
    {
        if (_items.Count == 0)
        {
            throw new FormatException($"'{operation}' has nothing to repeat.");
        }

        // A further ? makes it lazy, which does not change whether a text matches.
        if (!AtEnd && _pattern[_position] == '?')
        {
            _position++;
        }

        _items[^1] = new RegexNode.Repeat(_items[^1], operation);
    }

    private void ReadGroup()
    {
        if (AtEnd || _pattern[_position] != '?')
        {
            OpenGroup(_ignoreCase, _multiline, _dotAll);
            return;
        }

        _position++;
        var (ignoreCase, multiline, dotAll) = (_ignoreCase, _multiline, _dotAll);
        var on = true;
        var sawFlag = false;
        while (!AtEnd)
        {
            var flag = _pattern[_position++];
            switch (flag)
            {
                case 'i':
                    ignoreCase = on;
                    break;
                case 'm':
                    multiline = on;
                    break;
                case 's':
                    dotAll = on;
                    break;
                case 'U':
                    break;
                case '-' when on:
                    on = false;
                    sawFlag = false;
                    continue;
                case ':' when on || sawFlag:
                    OpenGroup(ignoreCase, multiline, dotAll);
                    return;
                case ')' when on || sawFlag:
                    (_ignoreCase, _multiline, _dotAll) = (ignoreCase, multiline, dotAll);
                    return;
                default:
                    throw new FormatException("after '(?' only the flags i, m, s and U are known.");
            }

            sawFlag = true;
        }

        throw new FormatException("a group is not closed.");
    }

    private void OpenGroup(bool ignoreCase, bool multiline, bool dotAll)
    {
        _groups.Push((_options, _items, _ignoreCase, _multiline, _dotAll));
        (_options, _items, _ignoreCase, _multiline, _dotAll) = ([], [], ignoreCase, multiline, dotAll);
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out var group))
        {
            throw new FormatException("a ')' has no '('.");
        }

        var inner = Group();
        (_options, _items, _ignoreCase, _multiline, _dotAll) = group;
        _items.Add(inner);
    }

    // What was read of the current group so far.
    private RegexNode Group() => _options.Count == 0 ? Sequence() : new RegexNode.Choice([.. _options, Sequence()]);

    private RegexNode Sequence() => _items is [var only] ? only : new RegexNode.Sequence(_items);

    private void Atom(CharacterSet set) => _items.Add(new RegexNode.One(set.ToTest()));

    private void Assert(RegexAssertion assertion) => _items.Add(new RegexNode.Check(assertion));

    private void Literal(char character)
    {
        var set = new CharacterSet();
        set.Add(character, character, _ignoreCase);
        Atom(set);
    }

    private void ReadEscape()
    {
        if (AtEnd)
        {
            throw new FormatException("a '\\' ends it.");
        }

        switch (_pattern[_position])
        {
            case 'A':
                _position++;
                Assert(RegexAssertion.TextStart);
                break;
            case 'z':
                _position++;
                Assert(RegexAssertion.TextEnd);
                break;
            case 'b':
                _position++;
                Assert(RegexAssertion.WordBoundary);
                break;
            case 'B':
                _position++;
                Assert(RegexAssertion.NoWordBoundary);
                break;
            case 'Q':
                _position++;
                ReadQuoted();
                break;
            default:
                var set = new CharacterSet();
                if (!TryReadClassEscape(set))
                {
                    var character = ReadCharacterEscape();
                    set.Add(character, character, _ignoreCase);
                }

                Atom(set);
                break;
        }
    }

    private void ReadQuoted()
    {
        var end = _pattern.IndexOf("\\E", _position, StringComparison.Ordinal);
        var stop = end < 0 ? _pattern.Length : end;
        while (_position < stop)
        {
            Literal(_pattern[_position++]);
        }

        _position = end < 0 ? stop : end + 2;
    }

    // \d \D \s \S \w \W \pL \PL; the position is at the letter.
    private bool TryReadClassEscape(CharacterSet set)
    {
        var letter = _pattern[_position];
        switch (letter)
        {
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W':
                _position++;
                set.AddAscii(char.ToLowerInvariant(letter), isNegated: char.IsUpper(letter), _ignoreCase);
                return true;
            case 'p' or 'P':
                if (_position + 1 >= _pattern.Length || _pattern[_position + 1] is not ('C' or 'L' or 'M' or 'N' or 'P' or 'S' or 'Z'))
                {
                    throw new FormatException("after '\\p' one of the letters C, L, M, N, P, S, Z is expected.");
                }

                set.AddCategory(_pattern[_position + 1], isNegated: letter == 'P');
                _position += 2;
                return true;
            default:
                return false;
        }
    }

    // One character after a backslash; the position is behind the backslash.
    private char ReadCharacterEscape()
    {
        if (AtEnd)
        {
            throw new FormatException("a '\\' ends it.");
        }

        var character = _pattern[_position++];
        switch (character)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return '\v';
            case 'x':
                return ReadHexadecimal();
            case '0':
                return ReadOctal(0);
            case >= '1' and <= '7' when !AtEnd && _pattern[_position] is >= '0' and <= '7':
                return ReadOctal(character - '0');
            default:
                return character < 0x80 && !char.IsAsciiLetterOrDigit(character)
                    ? character
                    : throw new FormatException($"'\\{CleanText.Of(character.ToString())}' has no meaning.");
        }
    }

    private char ReadHexadecimal()
    {
        if (_position + 2 > _pattern.Length
            || !byte.TryParse(_pattern.AsSpan(_position, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw new FormatException("after '\\x' two hexadecimal digits are expected.");
        }

        _position += 2;
        return (char)value;
    }

    // Up to two more octal digits.
    private char ReadOctal(int value)
    {
        for (var i = 0; i < 2 && !AtEnd && _pattern[_position] is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + (_pattern[_position++] - '0');
        }

        return (char)value;
    }

    // The position is behind the opening bracket.
    private CharacterSet ReadClass()
    {
        var set = new CharacterSet();
        if (!AtEnd && _pattern[_position] == '^')
        {
            _position++;
            set.Negate();
        }

        for (var isFirst = true; ; isFirst = false)
        {
            if (AtEnd)
            {
                throw new FormatException("a '[' is not closed.");
            }

            if (_pattern[_position] == ']' && !isFirst)
            {
                _position++;
                return set;
            }

            ReadClassItem(set);
        }
    }

    private void ReadClassItem(CharacterSet set)
    {
        if (TryReadPosixClass(set))
        {
            return;
        }

        if (_pattern[_position] == '\\' && _position + 1 < _pattern.Length)
        {
            _position++;
            if (TryReadClassEscape(set))
            {
                return;
            }

            _position--;
        }

        var low = ReadClassCharacter();
        var high = low;
        if (_position + 1 < _pattern.Length && _pattern[_position] == '-' && _pattern[_position + 1] != ']')
        {
            _position++;
            high = ReadClassCharacter();
        }

        if (high < low)
        {
            throw new FormatException("a range in a class is reversed.");
        }

        set.Add(low, high, _ignoreCase);
    }

    private char ReadClassCharacter()
    {
        var character = _pattern[_position++];
        return character == '\\' ? ReadCharacterEscape() : character;
    }

    // [:alpha:] and its like; the position is at the inner bracket.
    private bool TryReadPosixClass(CharacterSet set)
    {
        if (!_pattern.AsSpan(_position).StartsWith("[:"))
        {
            return false;
        }

        var end = _pattern.IndexOf(":]", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var name = _pattern[(_position + 2)..end];
        var isNegated = name.StartsWith('^');
        set.AddPosix(isNegated ? name[1..] : name, isNegated, _ignoreCase);
        _position = end + 2;
        return true;
    }
}
