using System.Diagnostics;
using Experiments.Clusters;

namespace Experiments.Tests.Clusters;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("plain-Word_1.5,/x:y@z%+=", "plain-Word_1.5,/x:y@z%+=")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("X=1", "X=1")]
    [InlineData("=x", "'=x'")]
    [InlineData("~", "'~'")]
    public void Words_are_quoted_where_a_shell_would_read_more_into_them(string word, string quoted) =>
        Assert.Equal(quoted, ShellWords.Quote(word));

    [SkippableFact]
    public void A_shell_takes_every_word_as_it_is()
    {
        Skip.If(OperatingSystem.IsWindows());
        string[] words =
        [
            "", " ", "a b", "it's", "\"q\"", "$HOME", "$(date)", "`date`", "a\\b", "\\", "*", "?", "[a]", "{a,b}", "~", "#x", "!x", "a;b",
            "a&b", "a|b", "<x", ">x", "a\nb", "\t", "-n", "--x=y", "'", "''", "é 日本", "a=b", "=a", "%", "^", "\u0001",
        ];

        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\000' {ShellWords.Join(words)}"])
        {
            RedirectStandardOutput = true,
        })!;

        Assert.Equal([.. words, ""], shell.StandardOutput.ReadToEnd().Split('\0'));
    }
}
