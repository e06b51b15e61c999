using System.Globalization;
using Experiments.Answers;
using Experiments.Measures;

namespace Experiments.Import;

/// <summary>The answers of one file, and what was left aside in it.</summary>
/// <param name="Answers">The answers, with prompts numbered from 0 in the order they come.</param>
/// <param name="EmptyCells">Cells that people left empty: not answered.</param>
/// <param name="JunkCells">Cells of GPT-4V that are no score from 0 to 10: no, as in the paper.</param>
/// <param name="Repeated">Rows of a prompt and seed that had come before; the first one counts.</param>
internal sealed record ReleaseAnswers(IReadOnlyList<Answer> Answers, int EmptyCells, int JunkCells, int Repeated)
{
    // The paper's annotators are asked by both; a score over 5 is a yes.
    private const double BestScore = 10, YesOver = 5;

    /// <param name="experiment">What it is about.</param>
    /// <exception cref="DiffusionLens.BadInputException">It is no table of the release, or people wrote something other than 0 and
    /// 1.</exception>
    public static ReleaseAnswers Read(ReleaseFile file, ReleaseExperiment experiment)
    {
        List<Answer> answers = [];
        HashSet<(string, ulong)> seen = [];
        int empty = 0, junk = 0, repeated = 0;
        foreach (ReleaseRow row in ReleaseTable.Read(file.Path))
        {
            if (!seen.Add((row.Prompt, row.Seed)))
            {
                repeated++;
                continue;
            }

            foreach ((int layer, string text) in row.Cells)
            {
                double? score = Score(text);
                if (file.Annotator == ReleaseFile.Human && text.Trim().Length == 0)
                {
                    empty++;
                    continue;
                }

                if (file.Annotator == ReleaseFile.Human && score is not (0 or 1))
                {
                    throw new DiffusionLens.BadInputException(
                        $"{file.Path}: '{text.ReplaceLineEndings(" ")}' at \"{row.Prompt}\", seed {row.Seed}, layer {layer}; "
                            + "people's answers are 0, 1 or nothing");
                }

                junk += score is null ? 1 : 0;
                bool yes = file.Annotator == ReleaseFile.Human ? score == 1 : score > YesOver;
                answers.AddRange(Names(experiment, file).Select(question => new Answer
                {
                    PromptNumber = 0,
                    Condition = experiment.Condition,
                    Prompt = row.Prompt,
                    Seed = row.Seed,
                    Layer = layer,
                    Site = new DiffusionLens.LensSite(layer).Key,
                    Question = question,
                    Score = score,
                    Yes = yes,
                    Annotator = file.Annotator,
                }));
            }
        }

        return new ReleaseAnswers(answers, empty, junk, repeated);
    }

    // "Is A in B?" judges the whole image of a relation: what is right there, in the paper's section 3.
    private static IEnumerable<string> Names(ReleaseExperiment experiment, ReleaseFile file)
    {
        string question = experiment.Questions[file.Question];
        return question == "relation" ? [question, AnsweredRow.AsAWhole] : [question];
    }

    private static double? Score(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && score is >= 0 and <= BestScore
            ? score
            : null;
}
