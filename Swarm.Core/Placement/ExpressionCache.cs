using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Expressions;

namespace Swarm.Core.Placement;

/// <summary>Remembers constraints and affinities that were read lately, so that a regular expression is compiled once and not per request.</summary>
/// <remarks>
/// Owned by a cluster. Keeps at most the given number of expressions, in two generations: when the younger one is full it becomes the
/// older one, and what was not asked for since then is forgotten. Long texts and those that cannot be read are never kept. Safe for concurrent use.
/// </remarks>
internal sealed class ExpressionCache(int capacity = ExpressionCache.DefaultCapacity)
{
    public const int DefaultCapacity = 512;
    public const int MaxTextLength = 1024;

    private readonly Lock _lock = new();
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<string, Expression> _young = new(StringComparer.Ordinal);
    private Dictionary<string, Expression> _old = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _young.Count + _old.Keys.Count(text => !_young.ContainsKey(text));
            }
        }
    }

    /// <summary>Reads a constraint or an affinity as <see cref="Expression.TryParse"/> does.</summary>
    public bool TryParse(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out string? error)
    {
        error = null;
        lock (_lock)
        {
            if (_young.TryGetValue(text, out expression))
            {
                return true;
            }

            if (_old.TryGetValue(text, out expression))
            {
                Keep(text, expression);
                return true;
            }
        }

        if (!Expression.TryParse(text, out expression, out error))
        {
            return false;
        }

        if (text.Length <= MaxTextLength)
        {
            lock (_lock)
            {
                Keep(text, expression);
            }
        }

        return true;
    }

    private void Keep(string text, Expression expression)
    {
        if (_young.Count >= _generation)
        {
            (_old, _young) = (_young, _old);
            _young.Clear();
        }

        _young[text] = expression;
    }
}
