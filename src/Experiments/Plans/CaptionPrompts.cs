using DiffusionLens;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Plans;

/// <summary>
/// Captions with exactly two nouns, one of which depends on the other, directly or through other words (the paper's section 4.2): the
/// other is its antecedent. Nouns whose dependency path runs over a word that governs both, a verb mostly, decide nothing.
/// </summary>
internal static class CaptionPrompts
{
    /// <summary>Reads the captions whose antecedent stands where it is wanted, each once, in the file's order.</summary>
    /// <exception cref="BadInputException">The file is missing or no CoNLL-U, or the lexicon lacks the words of the grammar.</exception>
    public static IReadOnlyList<SampledPrompt> Read(PromptSource.FromCaptions source, Lexicon lexicon)
    {
        IEnumerable<ParsedSentence> sentences = source.Path is null
            ? ConlluReader.Read(CaptionGrammar.Conllu(lexicon), $"captions of the lexicon '{lexicon.Name}'")
            : ConlluReader.ReadFile(SpecRelativeFile.Find(source.Path, source.Location));
        List<SampledPrompt> prompts = [];
        HashSet<string> texts = [];
        foreach (ParsedSentence sentence in sentences)
        {
            if (sentence.Nouns is [var first, var second]
                && (source.AntecedentFirst ? sentence.Governs(first, second) : sentence.Governs(second, first))
                && first.Form != second.Form
                && texts.Add(sentence.Text))
            {
                prompts.Add(new SampledPrompt(sentence.Text, new Dictionary<string, string>
                {
                    [PromptSource.FromCaptions.First.Name] = first.Form,
                    [PromptSource.FromCaptions.Second.Name] = second.Form,
                }));
            }
        }
        return prompts;
    }

    /// <summary>What such captions are, for a message that there are too few.</summary>
    public static string Describe(PromptSource.FromCaptions source) =>
        $"captions with two nouns of which the {(source.AntecedentFirst ? "first" : "second")} is the antecedent "
            + $"in {source.Path ?? "the lexicon's grammar"}";
}
