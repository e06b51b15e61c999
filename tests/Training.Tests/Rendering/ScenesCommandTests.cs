using System.CommandLine;
using Training.Rendering;

namespace Training.Tests.Rendering;

public sealed class ScenesCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"scenes-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [SkippableFact]
    public void It_writes_an_image_a_caption_and_the_truth_for_each_scene_and_a_contact_sheet()
    {
        int exit = ScenesCommand.Create()
            .Parse(["--out", _folder, "--count", "3", "--art", InstalledArt.Folder(), "--lexicon", InstalledArt.LexiconPath]).Invoke();

        Assert.Equal(0, exit);
        Assert.Equal(
            ["000000.png", "000001.png", "000002.png", "captions.csv", "sheet.png", "truth.csv"],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        string[] captions = File.ReadAllLines(Path.Combine(_folder, "captions.csv"));
        string[] truth = File.ReadAllLines(Path.Combine(_folder, "truth.csv"));
        Assert.Equal("picture,kind,caption,held_out", captions[0]);
        Assert.Equal(4, captions.Length);
        Assert.Equal(4, truth.Length);
        Assert.All(truth, line => Assert.Equal(truth[0].Split(',').Length, line.Split(',').Length));
        Assert.All(truth[1..], line => Assert.Contains("yes", line.Split(',')));
    }
}
