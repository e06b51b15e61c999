using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Configs;
using Experiments.Results;

namespace Experiments.Tests.Results;

public sealed class FolderClaimTests : IDisposable
{
    private static readonly ClaimTimes Quick = new(
        Beat: TimeSpan.FromMilliseconds(50),
        Gone: TimeSpan.FromMilliseconds(700),
        Unfinished: TimeSpan.FromMilliseconds(300),
        Look: TimeSpan.FromMilliseconds(20));

    private readonly ResultsFolder _folder = new(Path.Combine(Directory.CreateTempSubdirectory("claim-").FullName, "run"));
    private readonly List<string> _told = [];

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder.Path)!, recursive: true);

    [Fact]
    public void The_second_is_told_who_holds_the_folder_and_how_to_go_on_and_leaves_the_claim_as_it_is()
    {
        using FolderClaim first = Take();

        string message = Refusal(() => Take());

        Assert.StartsWith($"{_folder}: is worked in by process {Environment.ProcessId} on {Environment.MachineName}, since ", message,
            StringComparison.Ordinal);
        Assert.Contains(".claim", message, StringComparison.Ordinal);
        Assert.NotNull(FolderClaim.HolderOf(_folder));
        first.RequireHeld();
    }

    [Fact]
    public void A_folder_that_was_given_back_can_be_taken_and_nothing_of_the_claim_stays()
    {
        Take().Dispose();
        Take().Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Null(FolderClaim.HolderOf(_folder));
    }

    [Fact]
    public void Different_shards_are_held_at_once_and_the_same_one_or_the_whole_not_beside_them()
    {
        using FolderClaim first = Shard("0001-of-0004"), second = Shard("0002-of-0004");

        Assert.Contains("it makes shard 0002 of 0004", Refusal(() => Shard("0002-of-0004")), StringComparison.Ordinal);
        Assert.Contains("it makes shard", Refusal(() => Take()), StringComparison.Ordinal);
        first.Dispose();
        second.Dispose();
        using FolderClaim whole = Take();
        Assert.Contains("is worked in by", Refusal(() => Shard("0001-of-0004")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_that_come_at_once_one_gets_the_folder()
    {
        for (int round = 0; round < 20; round++)
        {
            FolderClaim?[] taken = await AtOnce(_ => TakeOrNull());

            Assert.Single(taken.OfType<FolderClaim>()).Dispose();
        }
    }

    [Fact]
    public async Task Of_many_that_come_at_once_to_a_claim_whose_holder_is_gone_one_gets_the_folder()
    {
        for (int round = 0; round < 20; round++)
        {
            Leave(ProcessIdentity.Here with { Start = 1 });
            FolderClaim?[] taken = await AtOnce(_ => TakeOrNull());

            Assert.Single(taken.OfType<FolderClaim>()).Dispose();
        }
    }

    // Each passes the claim of the whole folder; whoever looks finds it unfinished now and then, and a moment later another unfinished one.
    [Fact]
    public async Task Shards_that_are_taken_at_the_same_moment_are_all_had()
    {
        for (int round = 0; round < 100; round++)
        {
            FolderClaim[] taken = await AtOnce(shard => FolderClaim.TakeShard(
                _folder, $"000{shard}-of-0004", times: Quick with { Look = TimeSpan.FromMilliseconds(1) }));

            Assert.All(taken, claim => claim.Dispose());
        }
    }

    [Fact]
    public void The_claim_of_a_process_that_is_gone_is_taken_over_with_a_line_also_when_its_number_was_given_again()
    {
        Leave(ProcessIdentity.Here with { Start = ProcessIdentity.Here.Start - 1 });

        using FolderClaim claim = Take();

        Assert.Contains("is gone; its claim was taken over", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void The_claim_of_a_shard_whose_process_is_gone_does_not_keep_the_whole()
    {
        Leave(ProcessIdentity.Here with { Start = 1 }, ".claim-0001-of-0002");

        using FolderClaim claim = Take();

        Assert.Equal([".claim"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_holder_that_cannot_be_seen_is_taken_for_gone_when_it_has_given_no_sign_for_long()
    {
        Leave(ProcessIdentity.Here with { Host = "elsewhere" });
        Stopwatch watch = Stopwatch.StartNew();

        using FolderClaim claim = Take();

        Assert.True(watch.Elapsed > Quick.Gone / 2);
        Assert.Equal(2, _told.Count);
        Assert.Contains("waiting for a sign", _told[0], StringComparison.Ordinal);
        Assert.Contains("taken over", _told[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_holder_that_cannot_be_seen_and_gives_signs_holds_the_folder()
    {
        ClaimHolder other = Leave(ProcessIdentity.Here with { Namespace = "another container" });
        ClaimFile file = new(_folder.In(".claim"));
        using Timer beats = new(_ => file.Beat(other), state: null, Quick.Beat, Quick.Beat);

        Assert.Contains("is worked in by", Refusal(() => Take()), StringComparison.Ordinal);
        Assert.True(File.Exists(file.Path));
    }

    [Fact]
    public void A_claim_that_was_cut_off_while_it_was_written_is_taken_over()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(_folder.In(".claim"), "{\"Process\": nul");

        using FolderClaim claim = Take();

        Assert.Contains("did not finish its claim", _told[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_was_killed_while_it_took_a_claim_over_keeps_nobody_for_ever(bool isMarkWhole)
    {
        ClaimHolder gone = Leave(ProcessIdentity.Here with { Start = 1 });
        string mark = $".claim.{gone.Nonce}.gone";
        if (isMarkWhole)
        {
            Leave(ProcessIdentity.Here with { Host = "elsewhere" }, mark);
        }
        else
        {
            File.WriteAllText(_folder.In(mark), "");
        }

        using FolderClaim claim = Take();

        Assert.Equal([".claim"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Who_was_taken_over_while_it_slept_is_told_before_it_writes()
    {
        using FolderClaim slept = Take();
        File.Delete(_folder.In(".claim"));
        using FolderClaim claim = Take();

        Assert.Contains("has taken this folder over", Refusal(slept.RequireHeld), StringComparison.Ordinal);
        slept.Dispose();
        claim.RequireHeld();
    }

    [Fact]
    public void What_a_killed_writer_left_is_removed_and_what_looks_alike_stays()
    {
        string images = Directory.CreateDirectory(_folder.In("images/a")).FullName;
        File.WriteAllText(OfAnother(UnfinishedFile.Beside(Path.Combine(images, "layer-00.png"))), "half");
        File.WriteAllText(_folder.In("answers.csv.4711.part"), "half");
        File.WriteAllText(Path.Combine(images, "layer-00_seed-0.png.4711.part"), "half");
        File.WriteAllText(_folder.In("notes.part"), "mine");
        File.WriteAllText(_folder.In("dataset.tar.1.part"), "mine");
        File.WriteAllText(_folder.In("answers.csv.001.part"), "mine");

        Take().Dispose();

        Assert.Equal(
            ["answers.csv.001.part", "dataset.tar.1.part", "notes.part"],
            Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_a_process_that_runs_is_writing_in_a_folder_below_stays()
    {
        string below = Directory.CreateDirectory(_folder.In("model")).FullName;
        string ofHere = UnfinishedFile.Beside(Path.Combine(below, "measures.csv"));
        string ofElsewhere = OfElsewhere(UnfinishedFile.Beside(Path.Combine(below, "measures.csv")));
        File.WriteAllText(ofHere, "half");
        File.WriteAllText(ofElsewhere, "half");

        Take().Dispose();

        Assert.True(File.Exists(ofHere));
        Assert.True(File.Exists(ofElsewhere));

        File.SetLastWriteTimeUtc(ofHere, DateTime.UtcNow.AddDays(-2));
        File.SetLastWriteTimeUtc(ofElsewhere, DateTime.UtcNow.AddDays(-2));
        Take().Dispose();

        Assert.True(File.Exists(ofHere));
        Assert.False(File.Exists(ofElsewhere));
    }

    [Fact]
    public void A_process_that_lives_holds_the_folder_and_one_that_was_killed_does_not()
    {
        using Process child = Start(Environment.ProcessPath!, Program);
        Assert.Equal("taken", child.StandardOutput.ReadLine());
        string message = Refusal(() => Take());
        child.Kill();
        child.WaitForExit();
        using FolderClaim claim = Take();

        Assert.Contains($"process {child.Id} on", message, StringComparison.Ordinal);
        Assert.Contains("taken over", Assert.Single(_told), StringComparison.Ordinal);
    }

    // Each has a process 1, as two containers on one file system do.
    [SkippableFact]
    public void Of_two_containers_the_second_is_refused_and_the_folder_is_free_when_the_first_ends()
    {
        string[] container = ["-Urpf", "--mount-proc", "--kill-child", Environment.ProcessPath!, .. Program];
        Skip.IfNot(File.Exists("/usr/bin/unshare"), "this system has no unshare");
        using Process first = Start("unshare", container);
        string? said = first.StandardOutput.ReadLine();
        Skip.If(said is null, "nobody may make containers here");
        Assert.Equal("taken", said);
        using Process second = Start("unshare", container);
        string refused = second.StandardError.ReadToEnd() + second.StandardOutput.ReadToEnd();
        second.WaitForExit();
        first.StandardInput.WriteLine();
        first.WaitForExit();
        using Process third = Start("unshare", container);
        string? taken = third.StandardOutput.ReadLine();
        third.StandardInput.WriteLine();
        third.WaitForExit();

        Assert.Contains("is worked in by process 1 on", refused, StringComparison.Ordinal);
        Assert.Equal("taken", taken);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    private string[] Program => ["exec", typeof(ChildProgram).Assembly.Location, "claim", _folder.Path];

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private ClaimHolder Leave(ProcessIdentity process, string file = ".claim")
    {
        Directory.CreateDirectory(_folder.Path);
        ClaimHolder holder = ClaimHolder.Here(isPassing: false) with { Process = process };
        Assert.True(new ClaimFile(_folder.In(file)).TryMake(holder));
        return holder;
    }

    // No system gives a process this number.
    private static string OfAnother(string unfinished) =>
        unfinished.Replace($"-{Environment.ProcessId}-", "-999999999-", StringComparison.Ordinal);

    private static string OfElsewhere(string unfinished) =>
        unfinished.Replace($"-{ProcessIdentity.Here.Neighborhood}-", "-00000000-", StringComparison.Ordinal);

    private static string Refusal(Action action) => Assert.Throws<BadInputException>(action).Message;

    private static async Task<T[]> AtOnce<T>(Func<int, T> take)
    {
        using Barrier start = new(4);
        return await Task.WhenAll(Enumerable.Range(1, 4).Select(which => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return take(which);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    private FolderClaim? TakeOrNull()
    {
        try
        {
            return Take();
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    private FolderClaim Take() => FolderClaim.Take(_folder, Tell, Quick);

    private FolderClaim Shard(string name) => FolderClaim.TakeShard(_folder, name, Tell, Quick);

    private void Tell(string line)
    {
        lock (_told)
        {
            _told.Add(line);
        }
    }
}
