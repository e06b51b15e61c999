using DiffusionLens;
using DiffusionLens.Weights;
using Experiments.Answers;
using Experiments.Calibration;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using MiniWorld;

namespace Experiments.Runs;

/// <summary>Measures annotators' errors on images whose truth is known.</summary>
internal static class CalibrationRun
{
    private const string AnswersName = "calibration-answers.csv", RoomName = "calibration";

    /// <summary>Asks, and writes <c>calibration.csv</c>, every answer beside the truth, and a table to read.</summary>
    /// <exception cref="BadInputException">Something that goes in is not right, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; nothing is written.</exception>
    public static void Execute(CalibrationRequest request, Terminal terminal)
    {
        if (!Directory.Exists(request.Images))
        {
            throw new BadInputException($"--images {request.Images}: there is no such folder; images whose truth is known lie in it");
        }

        ModelInfo model = ModelInfo.Read(ModelReference.Find(request.Model).Paths);
        Lexicon lexicon = Lexicon.Load(AssetCatalog.Lexicons.Find(model.Lexicon).Path);
        string truth = request.Truth ?? Path.Combine(request.Images, TruthTable.FileName);
        ResultsFolder folder = new(request.Out ?? ResultsRoot.Default.Of(RoomName, ModelInfo.NameOf(request.Images)).Path);
        IReadOnlyList<LabeledImage> images = [.. TruthTable.Read(truth, request.Images, lexicon).Take(request.Limit ?? int.MaxValue)];
        Calibrating calibrating = new(images, truth, lexicon, folder);
        using AnnotatorSet annotators = AnnotatorSet.Of(
            request.Annotators, calibrating.Plan.Spec, model, lexicon, DigestCache.Load(ResultsRoot.Default.DigestCache));
        Require(annotators.Annotators, calibrating);
        using FolderClaim claim = FolderClaim.Take(folder, terminal.Error.WriteLine, cancellation: terminal.Cancellation);
        terminal.Output.WriteLine(
            $"asking      {string.Join(", ", annotators.Annotators.Select(annotator => annotator.Name))}: "
                + $"{calibrating.Count} questions about {images.Count} images");
        ProgressLine line = new("answers", "answers", calibrating.Count * annotators.Annotators.Count);
        JudgedAnswer[] answers = ProgressDisplay.Show(terminal, line, tell =>
        {
            int done = 0;
            return annotators.Annotators
                .SelectMany(annotator =>
                    calibrating.Ask(annotator, () => tell(++done), terminal.Error.WriteLine, terminal.Cancellation))
                .ToArray();
        });
        CalibrationTable table = Calibrating.Table(answers, folder.In(CalibrationTable.FileName));
        TableSheet sheet = Calibrating.Sheet(table, images.Count);
        table.Write(folder.In(CalibrationTable.FileName));
        WriteAnswers(folder.In(AnswersName), answers);
        TableFiles.Write(sheet, folder);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(TableFiles.Markdown(sheet));
        terminal.Output.WriteLine(folder.In(CalibrationTable.FileName));
    }

    private static void Require(IReadOnlyList<IAnnotator> annotators, Calibrating calibrating)
    {
        foreach (IAnnotator annotator in annotators)
        {
            if (!annotator.IsAutomatic)
            {
                throw new BadInputException(
                    $"--annotators {AnnotatorKinds.People}: calibrate asks machines alone; it is people who know the truth");
            }

            annotator.RequireAble(calibrating.Plan);
        }
    }

    private static void WriteAnswers(string path, IEnumerable<JudgedAnswer> answers) => CsvTable.Write(
        path,
        ["image", "question", "kind", "truth", "annotator", "score", "yes"],
        answers.Select(judged => (string[])
        [
            judged.Answer.Prompt, judged.Answer.Asked, judged.Kind, judged.IsTrue ? "1" : "0", judged.Answer.Annotator,
            judged.Answer.Score is double score ? FormattableString.Invariant($"{score}") : "",
            judged.Answer.Yes switch { true => "1", false => "0", null => "" },
        ]));
}
