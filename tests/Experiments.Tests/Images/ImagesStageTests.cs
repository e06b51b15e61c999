using System.Security.Cryptography;
using System.Text.Json;
using DiffusionLens;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Tests.Answers;
using TorchSharp;

namespace Experiments.Tests.Images;

public sealed class ImagesStageTests : IDisposable
{
    private const int All = 4 * 3 * 2;

    private static readonly ImageRecipe Recipe = new()
    {
        ModelSha256 = "a model",
        Scheduler = "ddim",
        Steps = 4,
        Guidance = 2,
        DType = "float32",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("images-").FullName;
    private readonly List<string> _made = [], _prepared = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_set_beside_the_models_scheduler_config_makes_another_image_and_nothing_set_the_same_as_ever()
    {
        PlannedImage image = SmallPlan.Plan.Images.First();
        Assert.NotEqual(Recipe.IdentityOf(image), (Recipe with { SchedulerConfig = "eta=1" }).IdentityOf(image));
        Assert.DoesNotContain("SchedulerConfig", System.Text.Json.JsonSerializer.Serialize(Recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_is_made_in_one_go_and_a_second_run_asks_for_no_model()
    {
        ImagesOutcome first = Run(Generator());
        ImagesOutcome second = ImagesStage.Run(
            SmallPlan.Plan,
            Recipe,
            new ResultsFolder(_folder),
            () => throw new InvalidOperationException("a model was loaded"));

        Assert.Equal(new ImagesOutcome(Kept: 0, Made: All, Replaced: 0), first);
        Assert.Equal(new ImagesOutcome(Kept: All, Made: 0, Replaced: 0), second);
        Assert.Equal(SmallPlan.Plan.Prompts.Select(prompt => $"{prompt.Text}: 0 2 4"), _made);
        Assert.All(
            SmallPlan.Plan.Images,
            image => Assert.Equal(Recipe.IdentityOf(image), ImageFile.LabelOf(Path.Combine(_folder, image.Path))?.Identity));
    }

    [Fact]
    public void Where_a_prompt_is_too_much_for_one_batch_its_layers_are_made_in_turn()
    {
        Run(Generator(batchSize: 5));

        Assert.Equal(["a cow: 0 2", "a cow: 4"], _made.Take(2));
        Assert.Equal(All, Directory.GetFiles(_folder, "*.png", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_model_that_wants_it_reads_many_prompts_before_it_makes_images_and_makes_those_of_several_together()
    {
        string[] texts = [.. SmallPlan.Plan.Prompts.Select(prompt => prompt.Text)];
        Run(Generator());
        Dictionary<string, byte[]> one = Files();
        Directory.Delete(_folder, recursive: true);
        _made.Clear();
        _prepared.Clear();

        Run(Generator(ahead: 3, together: 2));

        Assert.Equal([string.Join(", ", texts[..3]), texts[3]], _prepared);
        Assert.Equal([$"{texts[0]}: 0 2 4, {texts[1]}: 0 2 4", $"{texts[2]}: 0 2 4", $"{texts[3]}: 0 2 4"], _made);
        Assert.Equal(one, Files());
    }

    [Fact]
    public void Small_batches_of_several_prompts_are_given_together_up_to_what_the_model_shares()
    {
        string[] texts = [.. SmallPlan.Plan.Prompts.Select(prompt => prompt.Text)];

        Run(Generator(ahead: 3) with { SharedBatch = 12 });

        Assert.Equal([$"{texts[0]}: 0 2 4, {texts[1]}: 0 2 4", $"{texts[2]}: 0 2 4", $"{texts[3]}: 0 2 4"], _made);
        Assert.Equal(All, Directory.GetFiles(_folder, "*.png", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_batch_is_made_whole_where_an_image_of_it_is_missing_and_no_other_is()
    {
        Run(Generator(batchSize: 5));
        Dictionary<string, byte[]> whole = Files();
        File.Delete(Path.Combine(_folder, SmallPlan.Plan.Images.First(image => image.Layer == 4).Path));
        _made.Clear();

        ImagesOutcome outcome = Run(Generator(batchSize: 5, ahead: 4, together: 4));

        Assert.Equal(["a cow: 4"], _made);
        Assert.Equal(new ImagesOutcome(Kept: All - 1, Made: 1, Replaced: 0), outcome);
        Assert.Equal(whole, Files());
    }

    [Fact]
    public void Prompts_whose_images_are_there_are_not_read_again()
    {
        Run(Generator());
        _prepared.Clear();
        File.Delete(Path.Combine(_folder, SmallPlan.Plan.Images.Last().Path));

        Run(Generator(ahead: 4, together: 4));

        Assert.Equal([SmallPlan.Plan.Prompts[^1].Text], _prepared);
    }

    [Fact]
    public void An_interrupted_run_goes_on_and_ends_with_the_bytes_of_one_that_was_not()
    {
        Run(Generator());
        Dictionary<string, byte[]> whole = Files();
        Directory.Delete(_folder, recursive: true);
        _made.Clear();
        using CancellationTokenSource stop = new();

        Assert.Throws<OperationCanceledException>(() => Run(Generator(beforeBatch: 2, then: stop.Cancel), stop.Token));
        Dictionary<string, byte[]> kept = Files();
        File.Delete(Path.Combine(_folder, kept.Keys.First()));
        ImagesOutcome rest = Run(Generator());

        Assert.Equal(All / 2, kept.Count);
        Assert.Equal(new ImagesOutcome(Kept: (All / 2) - 1, Made: (All / 2) + 1, Replaced: 0), rest);
        Assert.Equal(whole, Files());
    }

    [Fact]
    public void Images_made_otherwise_are_made_again()
    {
        Run(Generator());

        ImagesOutcome outcome = ImagesStage.Run(SmallPlan.Plan, Recipe with { Steps = 5 }, new ResultsFolder(_folder), () => Generator());

        Assert.Equal(new ImagesOutcome(Kept: 0, Made: 0, Replaced: All), outcome);
    }

    [Theory]
    [InlineData("cut short")]
    [InlineData("its header alone")]
    [InlineData("empty")]
    [InlineData("a bit is another")]
    [InlineData("zeros")]
    [InlineData("the pixels of another")]
    public void A_damaged_image_is_made_again_with_the_same_bytes_and_said(string damage)
    {
        Run(Generator());
        Dictionary<string, byte[]> whole = Files();
        (string image, string other) = (SmallPlan.Plan.Images.First().Path, SmallPlan.Plan.Images.Last().Path);
        string file = Path.Combine(_folder, image);
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, damage switch
        {
            "cut short" => bytes[..^20],
            "its header alone" => bytes[..200],
            "empty" => [],
            "a bit is another" => [.. bytes[..^30], (byte)(bytes[^30] ^ 4), .. bytes[^29..]],
            "zeros" => new byte[bytes.Length],
            _ => PngWithTextsOf(bytes, File.ReadAllBytes(Path.Combine(_folder, other))),
        });

        ImagesOutcome outcome = Run(Generator());

        Assert.Equal((All - 1, 0, 1), (outcome.Kept, outcome.Made, outcome.Replaced));
        Assert.StartsWith(image, Assert.Single(outcome.Damaged), StringComparison.Ordinal);
        Assert.Equal(whole, Files());
    }

    [Fact]
    public void By_force_all_are_made_again()
    {
        Run(Generator());

        Assert.Equal(
            new ImagesOutcome(Kept: 0, Made: 0, Replaced: All),
            ImagesStage.Run(SmallPlan.Plan, Recipe, new ResultsFolder(_folder), () => Generator(), force: true));
    }

    [Fact]
    public void Progress_counts_what_was_there_and_rises_to_all()
    {
        Run(Generator());
        Directory.Delete(Path.Combine(_folder, "images", "object"), recursive: true);
        List<double> progress = [];

        ImagesStage.Run(SmallPlan.Plan, Recipe, new ResultsFolder(_folder), () => Generator(), onProgress: progress.Add);

        Assert.Equal([12, 15, 18, 21, 24], progress);
    }

    [Fact]
    public void A_results_folder_that_cannot_be_written_is_bad_input()
    {
        string file = Path.Combine(_folder, "a file");
        File.WriteAllText(file, "");

        Assert.Throws<BadInputException>(() =>
            ImagesStage.Run(SmallPlan.Plan, Recipe, new ResultsFolder(Path.Combine(file, "results")), () => Generator()));
    }

    [Fact]
    public void All_that_determines_a_image_is_in_its_identity()
    {
        PlannedImage image = SmallPlan.Plan.Images.First();
        PlannedPrompt other = image.Prompt with { Text = "a horse" };
        string[] identities =
        [
            Recipe.IdentityOf(image),
            Recipe.IdentityOf(image with { Prompt = other }),
            Recipe.IdentityOf(image with { Site = image.Site with { Norm = SiteNorm.None } }),
            Recipe.IdentityOf(image with { Site = image.Site.At(2) }),
            Recipe.IdentityOf(image with { Seed = 1 }),
            Recipe.IdentityOf(image with
            {
                Prompt = image.Prompt with { Handling = new TextHandling { PaddingRows = PaddingRows.Zero } },
            }),
            (Recipe with { ModelSha256 = "another" }).IdentityOf(image),
            (Recipe with { Scheduler = "euler" }).IdentityOf(image),
            (Recipe with { Steps = 5 }).IdentityOf(image),
            (Recipe with { Guidance = 3 }).IdentityOf(image),
            (Recipe with { Height = 8 }).IdentityOf(image),
            (Recipe with { Width = 8 }).IdentityOf(image),
            (Recipe with { DType = "float64" }).IdentityOf(image),
            (Recipe with { SuperResolution = new() }).IdentityOf(image),
            (Recipe with { SuperResolution = new(Guidance: 3) }).IdentityOf(image),
            (Recipe with { SuperResolution = new(Steps: 5) }).IdentityOf(image),
            (Recipe with { SuperResolution = new(NoiseLevel: 100) }).IdentityOf(image),
        ];

        Assert.Equal(identities.Length, identities.Distinct().Count());
        byte[] all = JsonSerializer.SerializeToUtf8Bytes(
            new { Revision = 2, Recipe, Prompt = image.Prompt.Text, Site = image.Site.Key, image.Seed });
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(all))[..32], identities[0]);
        Assert.Equal(identities[0], Recipe.IdentityOf(image with { Prompt = image.Prompt with { Number = 7, Folder = "elsewhere" } }));
    }

    // The rows of one file under the texts of another: every checksum holds.
    private static byte[] PngWithTextsOf(byte[] texts, byte[] rows)
    {
        int textsEnd = texts.AsSpan().IndexOf("IDAT"u8) - 4, rowsBegin = rows.AsSpan().IndexOf("IDAT"u8) - 4;
        return [.. texts[..textsEnd], .. rows[rowsBegin..]];
    }

    private ImagesOutcome Run(ImageGenerator generator, CancellationToken cancellation = default) =>
        ImagesStage.Run(SmallPlan.Plan, Recipe, new ResultsFolder(_folder), () => generator, cancellation: cancellation);

    // Images that depend on the company they are made in, as those of a real model do in their last bits.
    private ImageGenerator Generator(
        int batchSize = 100, int? beforeBatch = null, Action? then = null, int ahead = 1, int? together = null) => new(
        ahead,
        together,
        (images, _) => _prepared.Add(string.Join(", ", images.Select(image => image.Prompt).Distinct())),
        (prompt, sites, seeds, handling) =>
        [
            .. sites.Chunk(batchSize / seeds.Count).Select(some => some
                .SelectMany(site => seeds.Select(seed => new ImageKey(prompt, site, seed) { Handling = handling })).ToArray()),
        ],
        (batches, onProgress, cancellation) =>
        {
            if (_made.Count == beforeBatch)
            {
                then!();
            }

            cancellation.ThrowIfCancellationRequested();
            _made.Add(string.Join(", ", batches.Select(Described)));
            onProgress(0.5);
            return
            [
                .. from batch in batches
                   from image in batch
                   select new LensImage(image, torch.zeros(1), PixelsOf(image, batch.Count)),
            ];
        });

    private static string Described(IReadOnlyList<ImageKey> batch)
        => $"{batch[0].Prompt}: {string.Join(' ', batch.Select(image => image.Site.Layer).Distinct())}";

    private static torch.Tensor PixelsOf(ImageKey image, int company)
        => torch.full([3, 2, 2], ((image.Prompt.Length * 7) + (image.Site.Layer * 3) + (int)image.Seed + company) % 100 / 100.0);

    // Every file of the folder, by its path below it.
    private Dictionary<string, byte[]> Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder, path), File.ReadAllBytes);
}
