using DiffusionLens;
using Experiments.Files;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Plans;

/// <summary>Turns a spec into a plan: words from a lexicon, layers from a model's depth.</summary>
internal static class Planner
{
    /// <summary>
    /// Makes the plan. The same spec and lexicon give the same prompts on every machine, and a condition's prompts do not depend on
    /// the other conditions. Limits leave prompts, numbers and folders of what remains as they are in the full plan.
    /// </summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="lexicon">The words of the model.</param>
    /// <param name="lastLayer">L, the number of blocks of the model's text encoder.</param>
    /// <param name="limits">What the user asks for in place of the spec's own.</param>
    /// <param name="firstLayer">The first layer that all conditions can look at.</param>
    /// <param name="tokensOf">
    /// For a prompt and the length that is asked for, how the model's encoders read texts, which tokens of words need; null: words are not
    /// looked for.
    /// </param>
    /// <exception cref="BadInputException">
    /// The lexicon lacks a group or word of the spec or has too few words for the sample, the model lacks a layer, or a prompt lacks the
    /// word that its condition looks at.
    /// </exception>
    public static Plan Make(
        Spec spec,
        Lexicon lexicon,
        int lastLayer,
        PlanLimits limits,
        int firstLayer = 0,
        Func<string, TextLength?, PromptTokens>? tokensOf = null)
    {
        IReadOnlyList<int> layers = LayersOf(limits.Layers ?? spec.Layers, lastLayer, firstLayer);
        if (limits.WithFigures && spec.NeedsLastLayer)
        {
            LastLayerRule.Require(layers, lastLayer, (limits.Layers ?? spec.Layers).Location);
        }

        List<PlannedPrompt> prompts = [];
        int number = 0;
        foreach (ConditionSpec condition in spec.Conditions)
        {
            (IReadOnlyList<SampledPrompt> drawn, int count) = PromptSampler.Draw(
                condition,
                lexicon,
                spec.PromptSeed,
                limits.Prompts ?? int.MaxValue);
            int first = number;
            prompts.AddRange(drawn.Select((prompt, i) => Prompt(first + i, Resolved(condition), prompt, lexicon, tokensOf)));
            number += count;
        }
        IEnumerable<PlannedQuestion> questions =
            from prompt in prompts
            from question in spec.Questions
            where question.Of.Contains(prompt.Condition)
            select new PlannedQuestion(
                question.Name,
                prompt,
                question.Ask.Fill(prompt.Words, lexicon),
                question.Sees is null ? null : Query(question.Sees, prompt.Words, lexicon));
        return new Plan(spec, prompts, layers, lastLayer, limits.Seeds ?? spec.Seeds, [.. questions]);

        ConditionSpec Resolved(ConditionSpec condition) => condition with { Site = condition.Site.OfDepth(lastLayer) };
    }

    private static PlannedPrompt Prompt(
        int number, ConditionSpec condition, SampledPrompt drawn, Lexicon lexicon, Func<string, TextLength?, PromptTokens>? tokensOf)
    {
        string folder = $"{SafeName.OfAnyScript(condition.Name)}/{number:000}-{SafeName.Of(drawn.Text)}";
        return new PlannedPrompt
        {
            Number = number,
            Condition = condition.Name,
            Text = drawn.Text,
            Folder = folder,
            Words = drawn.Words,
            Sites = SitePlanner.SitesOf(
                condition.Site, drawn.Text, drawn.Words, lexicon, tokensOf?.Invoke(drawn.Text, condition.Text.Length)),
            Handling = condition.Text,
        };
    }

    private static Question Query(VisualQuery sees, IReadOnlyDictionary<string, string> words, Lexicon lexicon) =>
        sees switch
        {
            VisualQuery.Thing(var thing) => new Question.ThingPresent(words[thing.Name]),
            VisualQuery.Color(var color) => new Question.ColorPresent(words[color.Name]),
            VisualQuery.ThingInColor(var thing, var color) => new Question.ThingInColor(words[thing.Name], words[color.Name]),
            VisualQuery.Related(var thing, var preposition, var to) => new Question.Related(
                words[thing.Name],
                words[preposition.Name],
                words[to.Name]),
            VisualQuery.Together(var thing, var to) => new Question.Together(words[thing.Name], words[to.Name]),
            VisualQuery.Animal => new Question.AnimalPresent(),
            VisualQuery.Person => new Question.PersonPresent(),
            VisualQuery.OfKind(var name, var location) => KindQuery(name, SlotWords.Of(name, words, lexicon, location)),
            _ => throw new ArgumentException($"No question for {sees}", nameof(sees)),
        };

    private static Question KindQuery(Slot slot, string value) => slot.Attribute switch
    {
        "class" => new Question.AnimalOfClass(value),
        "gender" => new Question.PersonOfGender(value),
        "trade" => new Question.PersonOfTrade(value),
        _ => throw new ArgumentException($"No question for {slot.Name}", nameof(slot)),
    };

    /// <summary>The layers of a choice, ascending. Of a model that has fewer layers than parts are wanted these are all.</summary>
    /// <param name="lastLayer">L, the number of blocks of the model's text encoder.</param>
    /// <param name="firstLayer">The first that can be looked at.</param>
    /// <exception cref="BadInputException">The model lacks a layer.</exception>
    public static IReadOnlyList<int> LayersOf(LayerChoice choice, int lastLayer, int firstLayer = 0) =>
        [.. AllLayersOf(choice, lastLayer, firstLayer).Where(layer => layer >= firstLayer)];

    private static IReadOnlyList<int> AllLayersOf(LayerChoice choice, int lastLayer, int firstLayer)
    {
        switch (choice)
        {
            case LayerChoice.Listed listed:
                foreach ((int layer, SourceLocation location) in listed.Layers)
                {
                    if (layer < firstLayer)
                    {
                        throw location.Error(
                            $"layer {layer} is that of embeddings, which have neither attention nor MLP; begin with layer {firstLayer}");
                    }

                    if (layer > lastLayer)
                    {
                        throw location.Error($"there is no layer {layer}; this model has 0 (the embeddings) to {lastLayer}");
                    }
                }
                return [.. listed.Layers.Select(entry => entry.Layer).Order()];
            case LayerChoice.Last:
                return [lastLayer];
            case LayerChoice.Every every:
                return every.Step <= lastLayer
                    ? Lens.EveryCountedBack(lastLayer, every.Step)
                    : throw choice.Location.Error($"every {every.Step} of only {lastLayer} layers; write at most every {lastLayer}");
            case LayerChoice.EveryPart every:
                int step = (int)Math.Round((double)lastLayer / every.Parts, MidpointRounding.AwayFromZero);
                return Lens.EveryCountedBack(lastLayer, Math.Max(1, step));
            default:
                return Lens.EveryCountedBack(lastLayer, step: 1);
        }
    }
}
