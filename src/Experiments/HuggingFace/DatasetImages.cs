using System.Globalization;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Results;

namespace Experiments.HuggingFace;

/// <summary>The images of a results folder, each once, with all that was asked about it.</summary>
internal static class DatasetImages
{
    /// <summary>Reads every image, and refuses those that are not what was asked about.</summary>
    /// <param name="folder">The results.</param>
    /// <param name="asked">All answers and open questions.</param>
    /// <param name="answered">The answers as an experiment; null where there are none yet.</param>
    /// <returns>Prompt by prompt, in the order of the plan.</returns>
    /// <exception cref="BadInputException">An image is missing, damaged, or has other pixels than its answers are about.</exception>
    public static IReadOnlyList<DatasetImage> Gather(ResultsFolder folder, IReadOnlyList<Answer> asked, AnsweredExperiment? answered)
    {
        Dictionary<(string, string, ulong, int?), AnsweredRow> rows = answered?.Rows
            .ToDictionary(row => (row.Condition, row.Prompt, row.Seed, row.Token)) ?? [];
        HashSet<string> names = [];
        return
        [
            .. from image in asked.Where(answer => answer.Image.Length > 0).GroupBy(answer => answer.Image)
                   .Select(image => image.ToArray())
                   .OrderBy(image => image[0].PromptNumber)
               select Of(image),
        ];

        DatasetImage Of(Answer[] answers)
        {
            Answer any = answers[0];
            string source = folder.In(any.Image);
            ImageLevels levels = ImageFile.ReadLevels(source);
            string hash = PixelHash.Of(levels);
            if (answers.FirstOrDefault(answer => answer.Yes is not null && answer.ImageHash.Length > 0 && answer.ImageHash != hash)
                is { } other)
            {
                throw new BadInputException(
                    $"{source}: has other pixels than the answer of '{other.Annotator}' is about; run the experiment again first");
            }

            return new DatasetImage(NameOf(any), source, hash, levels.Width, levels.Height, IsRight(any), answers);
        }

        bool? IsRight(Answer image) =>
            rows.GetValueOrDefault((image.Condition, image.Prompt, image.Seed, image.Token)) is { } row
                ? row.IsRight(answered!.Spec.Condition(image.Condition), image.Layer)
                : null;

        string NameOf(Answer image)
        {
            string token = image.Token is { } position ? string.Create(CultureInfo.InvariantCulture, $"_token-{position:000}") : "";
            string stem = string.Create(
                CultureInfo.InvariantCulture, $"images/{image.PromptNumber:0000}/layer-{image.Layer:00}_seed-{image.Seed}{token}");
            return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? $"{stem}.png" : $"{stem}_{number}.png")
                .First(names.Add);
        }
    }
}
