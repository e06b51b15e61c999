using DiffusionLens;
using Experiments.Answers;
using Experiments.Explorer;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tests.Answers;
using SixLabors.ImageSharp.PixelFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Explorer;

/// <summary>A results folder with an explorer in it, made without a model.</summary>
internal sealed class ExploredFolder
{
    public ExploredFolder(string path, Plan plan) => (Folder, Plan) = (new ResultsFolder(path), plan);

    public ResultsFolder Folder { get; }

    public Plan Plan { get; }

    public string Model { get; init; } = "mini-sd";

    public string? PlannedFrom { get; init; }

    /// <summary>Where a browser finds the page.</summary>
    public string Address => new Uri(Folder.Explorer).AbsoluteUri;

    /// <summary>Answers of two annotators: the object is there from a layer that grows with the prompt, and they seldom disagree.</summary>
    public Answer[] Answers =>
    [
        .. SmallPlan.Answers(Plan, answer => answer.PromptNumber).SelectMany(answer => new[]
        {
            answer with { Annotator = "recognizer@0123abcd", Score = answer.Yes == true ? 0.987 : 0.125 },
            answer with { Annotator = "Ana", Yes = answer is { PromptNumber: 0, Layer: 0, Seed: 0 } ? !answer.Yes : answer.Yes },
        }),
    ];

    /// <summary>Paints images of a color each, red by row and green by layer.</summary>
    public void Paint(int width = 64, int height = 64, Func<PlannedImage, bool>? isThere = null)
    {
        foreach ((int number, PlannedImage image) in Plan.Images.Index())
        {
            if (isThere?.Invoke(image) != false)
            {
                Rgb24 color = ColorOf(number);
                using DisposeScope scope = NewDisposeScope();
                Tensor pixels = tensor([color.R / 255f, color.G / 255f, color.B / 255f], [3, 1, 1]).expand(3, height, width);
                ImageFile.Write(Folder.In(image.Path), pixels, "painted");
            }
        }
    }

    public Rgb24 ColorOf(int image) =>
        new((byte)(40 + (20 * (image / Plan.Layers.Count % 10))), (byte)(20 + (80 * (image % Plan.Layers.Count % 3))), 90);

    /// <summary>Writes the explorer.</summary>
    /// <param name="answers">What was answered; null: all of it.</param>
    public void Write(IReadOnlyList<Answer>? answers = null)
    {
        IReadOnlyList<Answer> given = answers ?? Answers;
        AnsweredExperiment? answered = given.Count == 0 ? null
            : AnsweredExperiment.Of(Plan.Spec, Model, Plan.LastLayer, given);
        ExplorerPage.Write(
            new ExplorerRequest
            {
                Plan = Plan,
                Model = Model,
                Sampler = "dpmsolver++, 20 steps, guidance 4",
                PlannedFrom = PlannedFrom,
                Command = LensCommandLine.Of(
                    new ModelRequest(Model, ModelRequest.DefaultDevice, ModelRequest.DefaultDType),
                    SitePooled.Native,
                    new SamplerSpec("dpmsolver++", 20, 4),
                    lastStage: null),
                PieceAt = (site, _) => $"piece {site.Tokens.Position}",
            },
            given,
            answered,
            answered is null ? null : Measuring.Compute(answered),
            Folder);
    }

    /// <summary>Four prompts, of which one is the same in two conditions, with quotes, tags and other scripts in them.</summary>
    public static Plan Prompts
    {
        get
        {
            string[] texts = ["a cow", "it's \"red\" <b>&amp; ${x}</b>", "a cow", "قطة حمراء و 一只蓝色的狗 🐶"];
            PlannedPrompt[] prompts =
            [
                .. SmallPlan.Plan.Prompts.Select((prompt, number) =>
                    prompt with { Text = texts[number], Folder = $"{prompt.Folder}-ü #%&" }),
            ];
            return SmallPlan.Plan with
            {
                Prompts = prompts,
                Questions = [.. SmallPlan.Plan.Questions.Select(question => question with { Prompt = prompts[question.Prompt.Number] })],
            };
        }
    }
}
