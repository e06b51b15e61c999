using DiffusionLens;
using DiffusionLens.Tokenizers;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Plans;

/// <summary>Puts a prompt's words into its condition's site, and looks whether its tokens are there.</summary>
internal static class SitePlanner
{
    /// <param name="words">The word in each slot of the prompt, by the slot's name.</param>
    /// <param name="lexicon">It knows the words' articles and attributes.</param>
    /// <param name="tokensOf">How the encoders that a site looks into read a text; null: not known, and nothing is checked.</param>
    /// <returns>The sites, at layer 0: one, or one for each token of a word.</returns>
    /// <exception cref="BadInputException">
    /// The prompt has not the word or position, or encoders have the tokens at different ones.
    /// </exception>
    public static IReadOnlyList<LensSite> SitesOf(
        SiteSpec spec, string prompt, IReadOnlyDictionary<string, string> words, Lexicon lexicon, PromptTokens? tokensOf)
    {
        LensSite site = spec.Parts with
        {
            Tokens = spec.Word is { } word ? SiteTokens.Word(word.Text.Fill(words, lexicon)) : spec.Parts.Tokens,
            Source = spec.Source?.Fill(words, lexicon) ?? spec.Parts.Source,
        };
        if (tokensOf is null)
        {
            return spec.Word is not { IsEach: true } ? [site]
                : throw new ArgumentException("One token after another needs a tokenizer.", nameof(tokensOf));
        }

        try
        {
            IReadOnlyList<int>[] positions = [.. SitePositions.Of(site, prompt, tokensOf)];
            return spec.Word is not { IsEach: true } ? [site]
                : positions.All(positions[0].SequenceEqual)
                    ? [.. positions[0].Select(token => site with { Tokens = SiteTokens.Token(token) })]
                : throw new BadInputException(
                    $"the encoders have \"{site.Tokens.Text}\" of \"{prompt}\" at different positions; name one of them, as in encoder: 1");
        }
        catch (BadInputException problem) when (spec.TokensLocation is { } location)
        {
            throw location.Error(problem.Message);
        }
    }
}
