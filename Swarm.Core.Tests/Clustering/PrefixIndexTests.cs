using CsCheck;

namespace Swarm.Core.Clustering;

public sealed class PrefixIndexTests
{
    private static readonly Gen<string> _text = Gen.OneOf("a", "b", "0").Array[1, 6].Select(string.Concat);

    [Test]
    public void After_any_changes_it_finds_what_begins_with_a_text_in_order() =>
        Gen.Select(Gen.Select(Gen.Bool, _text).Array[0, 60], _text).Sample((changes, prefix) =>
        {
            var (index, texts) = (new PrefixIndex(), new HashSet<string>());
            foreach (var (isAdded, text) in changes)
            {
                if (isAdded && texts.Add(text))
                {
                    index.Add(text);
                }
                else if (!isAdded)
                {
                    texts.Remove(text);
                    index.Remove(text);
                }
            }

            return index.WithPrefix(prefix).SequenceEqual(texts.Where(text => text.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }, iter: 2000);

    [Test]
    public void Beyond_the_text_itself_there_may_be_any_character()
    {
        var index = new PrefixIndex();
        index.Add("ab\uFFFEx");
        index.Add("abc");
        index.Add("ac");

        index.WithPrefix("ab").Should().Equal("abc", "ab\uFFFEx");
    }
}
