using System.Diagnostics;
using DiffusionLens.Configs;

namespace DiffusionLens.Tests.Configs;

public sealed class OutputFileTests : IDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_replaced_and_nothing_else_is_left()
    {
        File.WriteAllText(_folder["x"], "what was there");
        Write("x");
        Assert.Equal(Bytes, File.ReadAllBytes(_folder["x"]));
        Assert.Equal(["x"], Names());
    }

    [Fact]
    public void What_was_there_stays_where_writing_fails()
    {
        File.WriteAllText(_folder["x"], "what was there");
        Assert.Throws<IOException>(() => OutputFile.Write(_folder["x"], stream =>
        {
            stream.Write(Bytes);
            throw new IOException();
        }));
        Assert.Equal("what was there", File.ReadAllText(_folder["x"]));
        Assert.Equal(["x"], Names());
    }

    [SkippableTheory]
    [InlineData("there")]
    [InlineData("not there yet")]
    public void A_link_stays_a_link_and_the_file_that_it_names_is_written(string target)
    {
        Skip.If(OperatingSystem.IsWindows());
        File.WriteAllText(_folder["there"], "what was there");
        File.CreateSymbolicLink(_folder["first"], target);
        File.CreateSymbolicLink(_folder["second"], _folder["first"]);

        Write("second");

        Assert.Equal((target, _folder["first"]), (new FileInfo(_folder["first"]).LinkTarget, new FileInfo(_folder["second"]).LinkTarget));
        Assert.Equal(Bytes, File.ReadAllBytes(_folder[target]));
    }

    [SkippableFact]
    public void Links_in_a_circle_are_an_IO_error()
    {
        Skip.If(OperatingSystem.IsWindows());
        File.CreateSymbolicLink(_folder["one"], "other");
        File.CreateSymbolicLink(_folder["other"], "one");
        Assert.Throws<IOException>(() => Write("one"));
    }

    [SkippableFact]
    public void A_pipe_gets_the_bytes_and_stays_a_pipe()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        using (Process make = Process.Start("mkfifo", _folder["pipe"]))
        {
            make.WaitForExit();
        }

        // A thread of its own: on the pool it may wait for one for longer than a pipe waits for its reader.
        Task<byte[]> read = Task.Factory.StartNew(
            () => File.ReadAllBytes(_folder["pipe"]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Write("pipe");

        Assert.Equal(Bytes, read.Result);
        Assert.True(OutputFile.IsStream(_folder["pipe"]));
    }

    [SkippableFact]
    public void A_device_is_written_through_also_over_a_link()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        File.CreateSymbolicLink(_folder["null"], "/dev/null");

        Write("null");

        Assert.Equal("/dev/null", new FileInfo(_folder["null"]).LinkTarget);
        Assert.True(OutputFile.IsStream("/dev/null"));
        Assert.Throws<IOException>(() => OutputFile.Write("/dev/full", stream =>
        {
            stream.Write(Bytes);
            stream.Flush();
        }));
    }

    [SkippableFact]
    public void Standard_output_is_known_by_its_names_and_plain_files_are_no_streams()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        File.WriteAllText(_folder["x"], "");
        Assert.All(["/dev/stdout", "/dev/fd/1", "/dev/../dev/stdout"], name => Assert.True(OutputFile.IsStandardOutput(name)));
        Assert.All([_folder["x"], _folder["none"], _folder.Path], name => Assert.False(OutputFile.IsStream(name)));
    }

    private void Write(string name) => OutputFile.Write(_folder[name], stream => stream.Write(Bytes));

    private string[] Names() => [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path))];
}
