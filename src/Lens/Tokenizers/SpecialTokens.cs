namespace DiffusionLens.Tokenizers;

/// <summary>The tokens with a role, as pieces of the vocabulary.</summary>
internal sealed record SpecialTokens(string Start, string End, string Unknown, string Padding)
{
    /// <summary>All of them, each once.</summary>
    public IEnumerable<string> All => new[] { Start, End, Unknown, Padding }.Distinct(StringComparer.Ordinal);
}
