namespace Swarm.Core.Architecture;

/// <summary>A table of the documentation that tests know: what stands between two marks.</summary>
internal static class DocumentedTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="name">What its marks are called.</param>
    /// <param name="path">The file, from the root of the source.</param>
    public static string Read(string name, params string[] path)
    {
        var (text, begin, end) = Find(name, SourceTree.At(path));
        return text[begin..end];
    }

    /// <summary>Compares a table that is made from the code with what stands between its marks, or writes it there where a variable says so.</summary>
    /// <param name="name">What its marks are called.</param>
    /// <param name="table">The table.</param>
    /// <param name="variable">The variable that is 1 where the table is to be written.</param>
    /// <param name="path">The file, from the root of the source.</param>
    public static void Check(string name, string table, string variable, params string[] path)
    {
        var file = SourceTree.At(path);
        var (text, begin, end) = Find(name, file);
        if (Environment.GetEnvironmentVariable(variable) == "1")
        {
            File.WriteAllText(file, text[..begin] + table + text[end..]);
        }
        else
        {
            text[begin..end].Should().Be(table, "run this test with {0}=1 and commit {1}", variable, file);
        }
    }

    private static (string Text, int Begin, int End) Find(string name, string file)
    {
        var begins = $"<!-- {name} -->\n";
        var ends = $"<!-- /{name} -->";
        var text = File.ReadAllText(file);
        text.Should().Contain(begins).And.Contain(ends);
        return (text, text.IndexOf(begins, StringComparison.Ordinal) + begins.Length, text.IndexOf(ends, StringComparison.Ordinal));
    }
}
