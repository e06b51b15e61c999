using DiffusionLens;
using DiffusionLens.Tokenizers;

namespace Experiments.Plans;

/// <summary>Which positions of a prompt a site shows.</summary>
internal static class SitePositions
{
    /// <param name="prompt">The text.</param>
    /// <param name="tokensOf">How the encoders that the site looks into read a text.</param>
    /// <returns>For each of these encoders the positions, from 0.</returns>
    /// <exception cref="BadInputException">The prompt, or the source, has not the word or position.</exception>
    public static IEnumerable<IReadOnlyList<int>> Of(LensSite site, string prompt, PromptTokens tokensOf)
    {
        IReadOnlyList<TokenizedPrompt> here = tokensOf(site, prompt);
        if (site.Source is { } source)
        {
            foreach ((TokenizedPrompt one, TokenizedPrompt other) in here.Zip(tokensOf(site, source)))
            {
                one.PairsWith(site.Tokens, other);
            }
        }

        foreach (TokenizedPrompt tokens in here)
        {
            yield return tokens.PositionsOf(site.Tokens);
        }
    }
}
