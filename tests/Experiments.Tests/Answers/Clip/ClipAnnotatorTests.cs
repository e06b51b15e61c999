using DiffusionLens.ImageEncoders;
using DiffusionLens.Weights;
using Experiments.Answers;
using Experiments.Answers.Clip;
using Experiments.Catalog;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using MiniWorld;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Answers.Clip;

public sealed class ClipAnnotatorTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "clip");

    private static readonly Lexicon Mini = Lexicon.Load(AssetCatalog.Lexicons.Find("mini").Path);

    private readonly ResultsFolder _folder = new(Directory.CreateTempSubdirectory("clip-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void A_score_is_by_how_much_the_statement_fits_better_than_the_best_alternative_and_decides_the_answer()
    {
        Answer[] open = Open();
        using ClipAnnotator annotator = Make(new Dictionary<string, double>());

        Answer[] answers = [.. annotator.Answer(new AnnotationRequest(_folder, SmallPlan.Plan.Questions, open), CancellationToken.None)];

        using ClipModel model = ClipModel.Load(Model);
        using DisposeScope scope = NewDisposeScope();
        ImageLevels image = ImageFile.ReadLevels(_folder.In(open[0].Image));
        ZeroShotTexts texts = ZeroShotTexts.Of(new Question.ThingPresent("cow"), [], Mini);
        double[] logits =
        [
            .. model.Logits(
                model.EmbedImages(model.Prepare(image.Rgb, image.Width, image.Height).unsqueeze(0)),
                model.EmbedTexts([texts.Statement, .. texts.Alternatives])).data<float>().Select(logit => (double)logit),
        ];
        Assert.Equal(open.Length, answers.Length);
        Assert.Equal(logits[0] - logits.Skip(1).Max(), answers[0].Score!.Value, 2e-3);
        Assert.All(answers, answer => Assert.Equal(answer.Score > 0, answer.Yes));
        Assert.All(answers, answer => Assert.Equal(annotator.Name, answer.Annotator));
    }

    [Fact]
    public void Images_are_answered_the_same_one_by_one_and_together()
    {
        Answer[] open = Open();
        using ClipAnnotator together = Make(new Dictionary<string, double>()), alone = Make(new Dictionary<string, double>());

        Answer[] answers = [.. together.Answer(new AnnotationRequest(_folder, SmallPlan.Plan.Questions, open), CancellationToken.None)];

        Assert.Equal(
            answers,
            open.SelectMany(one => alone.Answer(new AnnotationRequest(_folder, SmallPlan.Plan.Questions, [one]), CancellationToken.None)));
    }

    [Fact]
    public void Other_thresholds_are_another_annotator_whose_earlier_self_is_asked_again()
    {
        using ClipAnnotator plain = Make(new Dictionary<string, double>());
        using ClipAnnotator calibrated = Make(new Dictionary<string, double> { [QuestionKind.Thing] = -1000 });

        Assert.True(AnnotatorName.IsMachine(plain.Name));
        Assert.NotEqual(plain.Name, calibrated.Name);
        Assert.True(calibrated.GaveBefore(plain.Name));
        Assert.False(calibrated.Gave(plain.Name));
        Assert.All(
            calibrated.Answer(new AnnotationRequest(_folder, SmallPlan.Plan.Questions, Open()), CancellationToken.None),
            answer => Assert.True(answer.Yes));
    }

    private static ClipAnnotator Make(Dictionary<string, double> thresholds) =>
        new("clip", Model, ClipModel.Sha256(Model, new DigestCache()), Mini, thresholds, CPU);

    private Answer[] Open()
    {
        Answer[] open = [.. SmallPlan.Asked(SmallPlan.Plan).Take(4)];
        foreach ((string image, int number) in open.Select(answer => answer.Image).Distinct().Select((image, i) => (image, i)))
        {
            using DisposeScope scope = NewDisposeScope();
            ImageFile.Write(_folder.In(image), linspace(0, 1, 3 * 40 * 50).view(3, 40, 50).roll(number * 7), "test");
        }

        return open;
    }
}
