using DiffusionLens;
using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Recognition;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Recognition;

public sealed class GeneratedScenesTests : IDisposable
{
    private const byte Reference = 200, Step = 16;
    private const string Header = "image,first observer,second observer";

    private static readonly Lexicon Lexicon = Lexicon.Load(InstalledArt.LexiconPath);

    private readonly string _folder = Directory.CreateTempSubdirectory("seen-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Csv => Path.Combine(_folder, "mini-sd-1.csv");

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_fifth_image_is_not_learned_from()
    {
        Write(count: 12, [.. Enumerable.Range(0, 12).Select(i => $"{i},nothing,nothing")]);

        GeneratedScenes scenes = GeneratedScenes.Read(_folder, Lexicon);
        using Generator generator = new(1, CPU);
        (Tensor pixels, _) = scenes.Draw(200, generator);

        long[] learned = [.. NumbersOf(pixels).Distinct().Order()];
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 11], learned);
        Assert.Equal([3L, 3, 64, 64], scenes.HeldOutPixels.shape);
        Assert.All(scenes.HeldOut, image => Assert.Equal(("mini-sd", false, true), (image.Model, image.ShowsCaption, image.OfLastLayer)));
    }

    [Fact]
    public void What_is_learned_from_is_varied_and_what_is_held_out_is_not()
    {
        Write(count: 6, [.. Enumerable.Range(0, 6).Select(i => $"{i},nothing,nothing")]);
        GeneratedScenes scenes = GeneratedScenes.Read(_folder, Lexicon);
        using Generator generator = new(1, CPU);

        Tensor learned = scenes.Draw(64, generator).Pixels[.., 2];

        Assert.True(learned.amax(new long[] { 1, 2 }).std().ToSingle() > 0.01);
        Assert.InRange(learned.amin().ToSingle(), (0.93f * Reference / 255) - 0.001f, 1);
        Assert.Equal(Reference / 255f, scenes.HeldOutPixels[.., 2].amax().ToSingle(), 1e-6f);
    }

    [Fact]
    public void Images_that_nobody_looked_at_are_left_out()
    {
        Write(count: 12, ["10,nothing,nothing", "7,nothing,nothing"]);

        GeneratedScenes scenes = GeneratedScenes.Read(_folder, Lexicon);

        Assert.Equal([1L, 3, 64, 64], scenes.HeldOutPixels.shape);
        Assert.Equal([10L], NumbersOf(scenes.HeldOutPixels));
    }

    [Theory]
    [InlineData("12,nothing,nothing", ":2: must be an image's number below 12")]
    [InlineData("3,nothing", ":2: must be an image's number below 12")]
    [InlineData("3,nothing,zeppelin", ":2: 'zeppelin' is no word")]
    public void What_cannot_be_read_is_refused_with_its_line(string line, string error)
    {
        Write(count: 12, [line]);

        BadInputException refused = Assert.Throws<BadInputException>(() => GeneratedScenes.Read(_folder, Lexicon));

        Assert.StartsWith(Csv + error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_what_was_seen_and_a_folder_without_files_are_refused()
    {
        Assert.Contains("no .safetensors", Refused(), StringComparison.Ordinal);
        Write(count: 2, []);
        File.Delete(Csv);
        Assert.StartsWith($"{Csv} is not there", Refused(), StringComparison.Ordinal);
        File.WriteAllText(Csv, "0,nothing,nothing\n");
        Assert.StartsWith($"{Csv}:1: the first line must be '{Header}'", Refused(), StringComparison.Ordinal);

        string Refused() => Assert.Throws<BadInputException>(() => GeneratedScenes.Read(_folder, Lexicon)).Message;
    }

    // An image is of one color, and how red it is says its number, however light it is.
    private static long[] NumbersOf(Tensor pixels) =>
        [.. pixels[.., 0, 32, 32].div(pixels[.., 2, 32, 32]).Times((double)Reference / Step).round().to(ScalarType.Int64).data<long>()];

    private void Write(int count, string[] lines)
    {
        Tensor pixels = full([count, 3, 64, 64], Reference, ScalarType.Byte);
        pixels[.., 0] = arange(count, ScalarType.Byte).mul(tensor(Step, ScalarType.Byte)).view(count, 1, 1);
        new GeneratedImages(pixels, ones(count, ScalarType.Bool), arange(count, ScalarType.Int64), PairRule.Any, Seed: 3)
            .Write(Path.ChangeExtension(Csv, ".safetensors"));
        File.WriteAllLines(Csv, [Header, .. lines]);
    }
}
