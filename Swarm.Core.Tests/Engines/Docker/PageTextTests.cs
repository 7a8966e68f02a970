namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class PageTextTests
{
    [TestCase("<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n", "403 Forbidden Request forbidden by administrative rules.")]
    [TestCase("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n", "502 Bad Gateway nginx/1.18.0")]
    [TestCase("<!DOCTYPE html><html><head><title>No&nbsp;entry &amp; no exit</title><style>p { color: red }</style></head></html>", "No entry & no exit p { color: red }")]
    [TestCase("<p>a</p><script>if (a < b) { alert(1) }</script><!-- a > b --><p>b</p>", "a b")]
    [TestCase("<html><head><title>t</title><body>no end of the head", "no end of the head")]
    [TestCase("<p>cut in a ta", "cut in a ta")]
    [TestCase("<p>a<b", "a")]
    [TestCase("<p>a<!-- b", "a")]
    public void The_words_of_a_page_are_taken_without_its_tags(string page, string words)
    {
        PageText.IsPage(page).Should().BeTrue();
        PageText.Of(page).Should().Be(words);
    }

    [TestCase("")]
    [TestCase("<")]
    [TestCase("a <b> c")]
    [TestCase("<- no page ->")]
    [TestCase("{\"a\":\"<p>\"}")]
    public void Other_words_are_no_page(string text) => PageText.IsPage(text).Should().BeFalse();

    [Test]
    public void A_page_of_nothing_but_opened_tags_takes_one_go_over_it()
    {
        var page = string.Concat(Enumerable.Repeat("<!--<head><", 100_000));

        PageText.Of(page).Should().BeEmpty();
    }
}
