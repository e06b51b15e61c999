using System.Diagnostics;
using DiffusionLens.Configs;

namespace DiffusionLens.Tests.Configs;

public sealed class FolderWalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FolderWalkTests()
    {
        Directory.CreateDirectory(_folder["in/deeper"]);
        Directory.CreateDirectory(_folder["other"]);
        foreach (string file in new[] { "b", "a", "in/c", "in/deeper/d", "other/e" })
        {
            File.WriteAllText(_folder[file], "");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_come_in_ordinal_order_those_of_a_folder_before_those_of_folders_in_it() =>
        Assert.Equal(["a", "b", "in/c", "in/deeper/d", "other/e"], Walk());

    [SkippableFact]
    public void Links_to_folders_above_are_not_followed()
    {
        Skip.If(OperatingSystem.IsWindows());
        Directory.CreateSymbolicLink(_folder["in/self"], ".");
        Directory.CreateSymbolicLink(_folder["in/again"], ".");
        Directory.CreateSymbolicLink(_folder["in/deeper/up"], "../..");
        Directory.CreateSymbolicLink(_folder["above"], "..");
        Directory.CreateSymbolicLink(_folder["root"], "/");

        Assert.Equal(["a", "b", "in/c", "in/deeper/d", "other/e"], Walk());
    }

    [SkippableFact]
    public void A_folder_is_entered_once_however_many_links_lead_to_it()
    {
        Skip.If(OperatingSystem.IsWindows());
        Directory.CreateSymbolicLink(_folder["in/there"], "../other");
        Directory.CreateSymbolicLink(_folder["other/back"], "../in");

        Assert.Single(Walk(), file => Path.GetFileName(file) == "e");
        Assert.Single(Walk(), file => Path.GetFileName(file) == "c");
    }

    [SkippableFact]
    public void Pipes_devices_and_links_that_lead_nowhere_are_passed_over()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        Process.Start("mkfifo", _folder["in/pipe"])!.WaitForExit();
        File.CreateSymbolicLink(_folder["zero"], "/dev/zero");
        File.CreateSymbolicLink(_folder["nowhere"], "not there");
        File.CreateSymbolicLink(_folder["circle"], "circle");

        Assert.Equal(["a", "b", "in/c", "in/deeper/d", "other/e"], Walk());
    }

    [Fact]
    public void Folders_that_are_not_wanted_are_not_entered() =>
        Assert.Equal(
            ["a", "b", "other/e"],
            FolderWalk.AllFiles(_folder.Path, name => name != "in").Select(file => Path.GetRelativePath(_folder.Path, file)));

    [Fact]
    public void It_stops_when_it_is_told_to()
    {
        using CancellationTokenSource stop = new();
        IEnumerable<string> Stopped()
        {
            foreach (string file in FolderWalk.AllFiles(_folder.Path, cancellation: stop.Token))
            {
                yield return file;
                stop.Cancel();
            }
        }

        Assert.Throws<OperationCanceledException>(() => Stopped().Count());
    }

    [Fact]
    public void A_folder_that_cannot_be_read_is_bad_input_or_passed_over()
    {
        string missing = _folder["missing"];
        Assert.StartsWith($"{missing}: cannot be read (", Assert.Throws<BadInputException>(() => FolderWalk.Files(missing)).Message);
        Assert.Throws<BadInputException>(() => FolderWalk.AllFiles(missing).Count());
        Assert.Empty(FolderWalk.AllFiles(missing, passesOver: true));
    }

    private IEnumerable<string> Walk() => FolderWalk.AllFiles(_folder.Path).Select(file => Path.GetRelativePath(_folder.Path, file));
}
