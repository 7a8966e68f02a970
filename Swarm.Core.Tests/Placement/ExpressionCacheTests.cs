using Swarm.Core.Expressions;

namespace Swarm.Core.Placement;

public sealed class ExpressionCacheTests
{
    [Test]
    public void The_same_text_gives_the_same_expression()
    {
        var cache = new ExpressionCache();

        Read(cache, "region==/eu/").Should().BeSameAs(Read(cache, "region==/eu/"));
    }

    [Test]
    public void It_never_holds_more_than_its_capacity()
    {
        var cache = new ExpressionCache(capacity: 10);

        for (var i = 0; i < 1000; i++)
        {
            Read(cache, $"node==n{i}");
            cache.Count.Should().BeLessThanOrEqualTo(10);
        }

        cache.Count.Should().BeGreaterThanOrEqualTo(5);
    }

    [Test]
    public void What_is_in_use_stays()
    {
        var cache = new ExpressionCache(capacity: 10);
        var used = Read(cache, "node==used");

        for (var i = 0; i < 100; i++)
        {
            Read(cache, $"node==n{i}");
            Read(cache, "node==used").Should().BeSameAs(used);
        }
    }

    [Test]
    public void What_is_not_in_use_is_forgotten()
    {
        var cache = new ExpressionCache(capacity: 10);
        var unused = Read(cache, "node==unused");

        for (var i = 0; i < 10; i++)
        {
            Read(cache, $"node==n{i}");
        }

        Read(cache, "node==unused").Should().NotBeSameAs(unused);
    }

    [Test]
    public void What_moved_to_the_younger_generation_counts_once()
    {
        var cache = new ExpressionCache(capacity: 4);

        foreach (var text in new[] { "node==n1", "node==n2", "node==n3", "node==n1" })
        {
            Read(cache, text);
        }

        cache.Count.Should().Be(3);
    }

    [Test]
    public void Long_texts_are_not_kept()
    {
        var cache = new ExpressionCache();
        var longest = "node==" + new string('a', ExpressionCache.MaxTextLength - 6);

        Read(cache, longest + "a");
        cache.Count.Should().Be(0);
        Read(cache, longest);
        cache.Count.Should().Be(1);
    }

    [Test]
    public void What_cannot_be_read_is_not_kept()
    {
        var cache = new ExpressionCache();

        cache.TryParse("node", out var expression, out var error).Should().BeFalse();

        expression.Should().BeNull();
        error.Should().Be("One of operator ==, != is expected");
        cache.Count.Should().Be(0);
    }

    private static Expression Read(ExpressionCache cache, string text)
    {
        cache.TryParse(text, out var expression, out var error).Should().BeTrue();
        error.Should().BeNull();
        return expression!;
    }
}
