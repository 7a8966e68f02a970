using System.Text;
using System.Text.Json;

namespace Swarm.Core.Engines;

[TestFixture]
internal sealed class PathStatReaderTests
{
    [Test]
    public void A_file_is_read()
    {
        Read("""{"name":"passwd","size":30,"mode":420,"mtime":"2026-11-23T09:27:05Z","linkTarget":""}""").Should().Be(new PathStat
        {
            Name = "passwd",
            SizeBytes = 30,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            ModifiedAt = new DateTimeOffset(2026, 11, 23, 9, 27, 5, TimeSpan.Zero),
        });
    }

    [Test]
    public void A_symbolic_link_is_told()
    {
        var stat = Read("""{"name":"sh","size":7,"mode":134218239,"mtime":"2026-11-23T09:27:05Z","linkTarget":"/bin/busybox"}""");

        stat.IsSymbolicLink.Should().BeTrue();
        stat.IsDirectory.Should().BeFalse();
        stat.LinkTarget.Should().Be("/bin/busybox");
    }

    [Test]
    public void What_is_no_link_leads_nowhere_although_Podman_says_where_it_is()
    {
        var stat = Read($$"""{"name":"tmp","mode":{{(1L << 31) + 511}},"linkTarget":"/tmp"}""");

        stat.IsSymbolicLink.Should().BeFalse();
        stat.LinkTarget.Should().BeNull();
    }

    [Test]
    public void A_sticky_directory_is_told()
    {
        var stat = Read($$"""{"name":"tmp","mode":{{(1L << 31) + (1 << 20) + 511}}}""");

        stat.IsDirectory.Should().BeTrue();
        stat.Mode.Should().HaveFlag(UnixFileMode.StickyBit);
        stat.Mode.Should().NotHaveFlag(UnixFileMode.SetUser);
        stat.ModifiedAt.Should().BeNull();
    }

    [TestCase("!")]
    [TestCase("W10=")]
    [TestCase("")]
    public void Anything_else_is_refused(string header)
    {
        FluentActions.Invoking(() => PathStatReader.Read(header)).Should().Throw<JsonException>();
    }

    private static PathStat Read(string json) => PathStatReader.Read(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)));
}
