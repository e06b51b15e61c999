using System.Diagnostics;

namespace Experiments.Tests.Cli;

/// <summary>The tool as a process, in surroundings that are not right: one line, exit code 2, no trace.</summary>
public sealed class ProcessEdgesTests
{
    [SkippableTheory]
    [InlineData("exec \"$@\" >&-", "dlens-repro: standard output: is closed\n")]
    [InlineData("exec \"$@\" >/dev/full", "dlens-repro: standard output: cannot be written (No space left on device)\n")]
    [InlineData("\"$@\" | :; exit ${PIPESTATUS[0]}", "dlens-repro: standard output: was closed by its reader before all was written\n")]
    [InlineData("exec \"$@\" >&- 2>/dev/full", "")]
    [InlineData("exec \"$@\" >&- 2>&-", "")]
    public void Output_that_cannot_be_written_is_told(string script, string error) => Check(script, error, "list");

    [SkippableFact]
    public void Input_that_is_closed_is_told() =>
        Check("exec \"$@\" <&-", "dlens-repro: stdin: cannot be read (it is closed); give prompts, one a line\n", "tokenize");

    [SkippableTheory]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(199)]
    public void Too_few_file_handles_are_told(int limit) => Check(
        $"ulimit -n {limit}; exec \"$@\"",
        $"dlens-repro: only {limit} files may be open at the same time (ulimit -n), and it takes 200; raise the limit\n",
        "list");

    [SkippableFact]
    public void Too_few_addresses_are_told() => Check(
        "ulimit -v 3000000; exec \"$@\"",
        "dlens-repro: only 3000000 KB of addresses may be used (ulimit -v), and it takes 3613281; raise the limit\n",
        "list");

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public void A_signal_while_input_is_awaited_is_a_stop(string signal)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using Process shell = Start("exec env --default-signal \"$@\"", "tokenize");
        shell.StandardInput.WriteLine("a red car");
        Assert.NotNull(shell.StandardOutput.ReadLine());
        Process.Start("kill", [$"-{signal}", $"{shell.Id}"]).WaitForExit();

        Assert.Equal("dlens-repro: stopped\n", shell.StandardError.ReadToEnd());
        shell.WaitForExit();
        Assert.Equal(130, shell.ExitCode);
    }

    private static void Check(string script, string error, params string[] words)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using Process shell = Start(script, words);
        shell.StandardInput.Close();
        Task<string> output = shell.StandardOutput.ReadToEndAsync();
        Assert.Equal(error, shell.StandardError.ReadToEnd());
        shell.WaitForExit();
        Assert.Equal(2, shell.ExitCode);
        Assert.Equal("", output.Result);
    }

    private static Process Start(string script, params string[] words) => Process.Start(new ProcessStartInfo(
        "bash",
        ["-c", script, "bash", Environment.ProcessPath!, "exec", Path.Combine(AppContext.BaseDirectory, "dlens-repro.dll"), .. words])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
