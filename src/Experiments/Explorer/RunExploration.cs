using System.Globalization;
using DiffusionLens;
using Experiments.Plans;
using Experiments.Specs;

namespace Experiments.Explorer;

/// <summary>Gathers what the explorer knows of a run.</summary>
internal static class RunExploration
{
    /// <param name="run">What is to be looked at.</param>
    /// <param name="thumbnails">The thumbnails of the plan's images, in the plan's order.</param>
    public static ExploredRun Of(ExplorerRequest run, ThumbnailSet thumbnails)
    {
        Plan plan = run.Plan;
        List<(LensSite, TextHandling)> places =
            [.. plan.Prompts.SelectMany(prompt => prompt.Sites.Select(site => (site, prompt.Handling))).Distinct()];
        List<string> conditions = [.. plan.Spec.Conditions.Select(condition => condition.Name)];
        List<string> questions = [.. plan.Questions.Select(question => question.Name).Distinct()];
        ILookup<int, PlannedQuestion> asked = plan.Questions.ToLookup(question => question.Prompt.Number);
        return new ExploredRun
        {
            Experiment = plan.Spec.Name,
            Title = plan.Spec.Title,
            Model = run.Model,
            Sampler = run.Sampler,
            PlannedFrom = run.PlannedFrom,
            LastLayer = plan.LastLayer,
            Layers = plan.Layers,
            Seeds = [.. plan.Seeds.Select(seed => seed.ToString(CultureInfo.InvariantCulture))],
            Conditions = conditions,
            Questions = questions,
            Sites = [.. places.Select(place => SiteOf(place.Item1, place.Item2, run.Command))],
            Prompts =
            [
                .. plan.Prompts.Select(prompt => new ExploredPrompt(
                    conditions.IndexOf(prompt.Condition),
                    prompt.Text,
                    prompt.Folder,
                    [.. prompt.Sites.Select(site => places.IndexOf((site, prompt.Handling)))],
                    prompt.CutOff,
                    [
                        .. asked[prompt.Number].Select(question => new ExploredQuestion(questions.IndexOf(question.Name), question.Text)),
                    ],
                    PiecesOf(prompt, run))),
            ],
            Thumbnails = thumbnails,
            Command = run.Command,
        };
    }

    private static string[]? PiecesOf(PlannedPrompt prompt, ExplorerRequest run) =>
        prompt.Sites.All(site => site.Tokens.Position is not null)
            ? [.. prompt.Sites.Select(site => run.PieceAt(site, prompt))]
            : null;

    private static ExploredSite SiteOf(LensSite site, TextHandling handling, LensCommandLine command)
    {
        string key = SiteWords.Beside(SiteWords.BesideLayer(site), handling);
        return new ExploredSite(
            key,
            site.Tokens.Position is { } token ? $"token {token.ToString(CultureInfo.InvariantCulture)}"
                : key.Length == 0 ? "all tokens"
                : key.Replace('-', ' ').Replace("_", ", ", StringComparison.Ordinal),
            SiteText.Say(site, handling),
            site.Tokens.Position,
            command.OptionsOf(site, handling));
    }
}
