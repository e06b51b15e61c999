namespace DiffusionLens.Pipelines;

/// <summary>Images to make together.</summary>
/// <param name="Requests">Which; at most as many as the model's <see cref="TextToImageModel.BatchSize"/>.</param>
internal sealed record ImageBatch(IReadOnlyList<ImageRequest> Requests)
{
    /// <summary>
    /// Each text once, and which of them each sample gets that goes to the denoiser: with guidance, first all images with their negative
    /// prompt, then all with their own.
    /// </summary>
    internal (IReadOnlyList<TextConditioning> Texts, long[] Rows) Texts(bool guided)
    {
        List<TextConditioning> texts = [.. Requests.Select(request => request.Conditioning).Distinct()];
        List<long> rows = [.. Requests.Select(request => (long)texts.IndexOf(request.Conditioning))];
        if (guided)
        {
            texts.AddRange(Requests.Select(request => request.Unconditional).Distinct());
            rows.InsertRange(0, Requests.Select(request => (long)texts.IndexOf(request.Unconditional)));
        }

        return (texts, [.. rows]);
    }

    /// <summary>Batches in their order; those that follow one another are one, as far as that has at most some images.</summary>
    /// <param name="batches">Whole batches, of which none is parted.</param>
    /// <param name="size">How many images.</param>
    internal static IReadOnlyList<ImageBatch> Shared(IEnumerable<ImageBatch> batches, int size)
        => [.. BatchLimit.Together(batches, batch => batch.Requests.Count, size)
            .Select(some => new ImageBatch([.. some.SelectMany(batch => batch.Requests)]))];

    /// <summary>The same images in batches of at most <paramref name="size"/>.</summary>
    internal IEnumerable<ImageBatch> Split(int size) => Requests.Chunk(size).Select(part => new ImageBatch(part));
}
