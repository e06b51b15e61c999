using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// Samples of a batch that can go through the denoiser together, since their texts have equally many rows and are treated alike inside it.
/// </summary>
/// <param name="Text">What the denoiser reads, a row for each of the samples.</param>
/// <param name="Samples">Their places in the batch.</param>
/// <typeparam name="T">What a denoiser reads of texts.</typeparam>
internal sealed record SampleGroup<T>(T Text, IReadOnlyList<long> Samples);

/// <summary>A batch as groups of samples; where all texts are alike it is one, and goes through the denoiser as it is.</summary>
internal static class SampleGroups
{
    /// <summary>Groups a batch by what tells its texts apart.</summary>
    /// <param name="texts">Each once.</param>
    /// <param name="rows">Which of them each sample has.</param>
    /// <param name="layout">What texts of a group have in common.</param>
    /// <param name="prepare">Makes what the denoiser reads, of a group's texts and of which of them each of its samples has.</param>
    public static IReadOnlyList<SampleGroup<T>> Of<T, TText, TLayout>(
        IReadOnlyList<TText> texts,
        IReadOnlyList<long> rows,
        Func<TText, TLayout> layout,
        Func<IReadOnlyList<TText>, long[], T> prepare)
    {
        return [.. Enumerable.Range(0, rows.Count).GroupBy(sample => layout(texts[(int)rows[sample]])).Select(Group)];

        SampleGroup<T> Group(IEnumerable<int> samples)
        {
            long[] places = [.. samples.Select(sample => (long)sample)];
            long[] numbers = [.. Enumerable.Range(0, texts.Count).Select(text => (long)text)
                .Where(text => places.Any(at => rows[(int)at] == text))];
            long[] own = [.. places.Select(place => (long)Array.IndexOf(numbers, rows[(int)place]))];
            return new SampleGroup<T>(prepare([.. numbers.Select(text => texts[(int)text])], own), places);
        }
    }

    /// <summary>What the denoiser says of every sample, group by group.</summary>
    /// <param name="groups">All of the batch.</param>
    /// <param name="samples">What it reads beside the texts, <c>[B, ...]</c>.</param>
    /// <param name="denoise">Of some samples and their texts.</param>
    public static Tensor Denoised<T>(IReadOnlyList<SampleGroup<T>> groups, Tensor samples, Func<Tensor, T, Tensor> denoise)
    {
        if (groups.Count == 1)
        {
            return denoise(samples, groups[0].Text);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor[] places = [.. groups.Select(group => tensor([.. group.Samples], device: samples.device))];
        Tensor[] said = [.. groups.Zip(places, (group, some) => denoise(samples.index_select(0, some), group.Text))];
        return cat(said, 0).index_select(0, cat(places, 0).argsort()).MoveToOuterDisposeScope();
    }
}
