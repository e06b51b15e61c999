using static TorchSharp.torch;

namespace Training.Language;

/// <summary>Texts with spans taken out, as encoder and decoder get them.</summary>
/// <param name="Ids">What the encoder reads, <c>[B, T]</c> int64.</param>
/// <param name="Mask">1 for tokens, 0 for padding, <c>[B, T]</c> int64.</param>
/// <param name="Written">What the decoder reads, the answer one token later, <c>[B, S]</c> int64.</param>
/// <param name="Answer">What it is to write; <see cref="Ignored"/> behind its end, <c>[B, S]</c> int64.</param>
internal sealed record DocumentBatch(Tensor Ids, Tensor Mask, Tensor Written, Tensor Answer)
{
    public const long Ignored = -100;

    /// <summary>The id of <c>&lt;/s&gt;</c>.</summary>
    public const int End = 1;

    /// <summary>The longest answer, in tokens.</summary>
    public const int LongestAnswer = 96;

    private const int Padding = 0;

    public static DocumentBatch Of(IReadOnlyList<SpanCorruption> texts)
    {
        int longest = texts.Max(text => text.Inputs.Count), longestAnswer = texts.Max(text => text.Answer.Count);
        return new(
            Rows(texts.Select(text => text.Inputs), longest, Padding),
            Rows(texts.Select(text => (IReadOnlyList<int>)[.. text.Inputs.Select(_ => 1)]), longest, 0),
            Rows(texts.Select(text => (IReadOnlyList<int>)[Padding, .. text.Answer.SkipLast(1)]), longestAnswer, Padding),
            Rows(texts.Select(text => text.Answer), longestAnswer, Ignored));
    }

    private static Tensor Rows(IEnumerable<IReadOnlyList<int>> rows, int length, long rest)
    {
        long[][] filled = [.. rows.Select(row => (long[])[.. row.Select(id => (long)id), .. Enumerable.Repeat(rest, length - row.Count)])];
        return tensor([.. filled.SelectMany(row => row)], [filled.Length, length]);
    }
}
