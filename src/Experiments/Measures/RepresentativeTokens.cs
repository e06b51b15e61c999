namespace Experiments.Measures;

/// <summary>
/// The representative tokens of a prompt's item (Kaplan et al.: Follow the Flow, arXiv 2504.01137): those of its tokens of which each by
/// itself makes an image that shows the item. Here an image is made with each of several seeds, and a token is representative where more
/// than half of those that were answered show it.
/// </summary>
internal static class RepresentativeTokens
{
    /// <summary>Counts them in one prompt.</summary>
    /// <param name="rows">The prompt's rows: a row a seed and token.</param>
    /// <param name="shows">Whether a row's image shows the item; null where that was not answered.</param>
    /// <returns>The number; null where a token has no answer, or the rows do not show one token after another.</returns>
    public static int? CountOf(IEnumerable<AnsweredRow> rows, Func<AnsweredRow, bool?> shows)
    {
        bool?[] tokens =
        [
            .. rows.GroupBy(row => row.Token).Select(token => token.Key is null ? null : IsOfMost([.. token.Select(shows).OfType<bool>()])),
        ];
        return tokens.Length == 0 || tokens.Contains(null) ? null : tokens.Count(token => token == true);
    }

    private static bool? IsOfMost(bool[] seeds) => seeds.Length == 0 ? null : 2 * seeds.Count(shows => shows) > seeds.Length;
}
