using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Families;

/// <summary>
/// What is known of a model before its weights are loaded: its encoders, what its denoiser reads of them, and what suits it.
/// </summary>
public sealed record ModelDescription
{
    /// <summary>The family's name as people write it, such as <c>Stable Diffusion</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Its text encoders.</summary>
    public required IReadOnlyList<EncoderDescription> Encoders { get; init; }

    /// <summary>What the denoiser reads of them as sequences, in the order in which the family joins it; one or more.</summary>
    public required IReadOnlyList<EncoderRead> Reads { get; init; }

    /// <summary>What it reads pooled, in the order in which these vectors stand side by side; at most one of an encoder.</summary>
    public IReadOnlyList<EncoderRead> PooledReads { get; init; } = [];

    /// <summary>How several sequences that are read become one, in words.</summary>
    internal string Joining { get; init; } = "side by side: a position is one row with the channels of all";

    /// <summary>How many tokens of a prompt are read, where one may choose; null: the family leaves no choice.</summary>
    public SequenceLength? SequenceLength { get; init; }

    /// <summary>In how many stages this model makes an image; 1 where it is no cascade.</summary>
    public int StageCount { get; init; } = 1;

    /// <summary>Whether models of the family may have several stages, so that one can ask for the first alone.</summary>
    public bool HasStages { get; init; }

    /// <summary>The sampler that it needs, whatever an experiment says; null: it takes any.</summary>
    public OwnSampler? OwnSampler { get; init; }

    /// <summary>Why that may be wrong, and what to do then; null: it is certain, or there is none.</summary>
    internal string? SamplerDoubt { get; init; }

    /// <summary>
    /// The samplers that can serve it, of <see cref="Scheduler.Names"/>; null: those of denoisers that predict noise, all but those of
    /// rectified flows.
    /// </summary>
    public IReadOnlyList<string>? Samplers { get; init; }

    /// <summary>How it is guided.</summary>
    public GuidanceKind Guidance { get; init; }

    /// <summary>The scale of guidance that its authors and diffusers take; of a cascade's first stage.</summary>
    public required double DefaultGuidance { get; init; }

    /// <summary>
    /// What its scale of classifier-free guidance lacks of the usual one: 0, or 1 where scale s means pos + s (pos - neg), which begins
    /// above 0.
    /// </summary>
    public double GuidanceOffset { get; init; }

    /// <summary>How its second stage enlarges images by default; null where there is none.</summary>
    public SuperResolutionSettings? DefaultSuperResolution { get; init; }

    /// <summary>
    /// Whether guidance may be limited in length and end early (<see cref="SamplerSettings.GuidanceNormalization"/>,
    /// <see cref="SamplerSettings.GuidanceTruncation"/>).
    /// </summary>
    public bool LimitsGuidance { get; init; }

    /// <summary>
    /// Side in pixels of the squares of the table of sizes that its pipeline can draw at in place of what is asked for
    /// (<see cref="SamplerSettings.ResolutionBinning"/>); null: there is no table for it.
    /// </summary>
    public int? BinnedSide { get; init; }

    /// <summary>Whether the denoiser is given masks that keep it from attending to padding.</summary>
    public bool MasksPadding { get; init; }

    /// <summary>
    /// Whether the denoiser's blocks write into the rows of a text, which then carry something from block to block (joint transformers),
    /// and do not read the same rows each (cross-attention).
    /// </summary>
    public bool CarriesTextRows { get; init; }

    /// <summary>Whether the denoiser knows where in the text a row is.</summary>
    public bool KnowsTextPositions { get; init; }

    /// <summary>Whether the denoiser takes any rows of a text, so that a site can leave some out.</summary>
    public bool CanDropRows { get; init; }

    /// <summary>What its pipeline puts before prompts, where that is in no file of the model; null: nothing.</summary>
    public PipelineInstruction? Instruction { get; init; }

    /// <summary>
    /// What the text encoder was trained to bend scores of attention to, which diffusers leaves out; null: there is no such thing.
    /// </summary>
    public double? SoftCap { get; init; }

    /// <summary>m*: the deepest layer that is read as a sequence. A lens at this layer shows the model's own image.</summary>
    public int LayerCount => Reads.Max(read => read.Layer);

    /// <summary>Refuses a sampler that the model cannot be sampled with, and guidance that would be without effect.</summary>
    /// <param name="settings">How images are to be made.</param>
    /// <exception cref="BadInputException">The model cannot follow them.</exception>
    public void Require(SamplerSettings settings)
    {
        // What else may serve a flow where its config is changed so, the sampler itself says.
        string? name = settings.Scheduler ?? OwnSampler?.Scheduler;
        bool isServed = name is null
            || (Samplers is null
                ? !Scheduler.FlowNames.Contains(name)
                : Samplers.Contains(name) || (settings.SchedulerOptions.Keys.Count > 0 && Scheduler.Names.Contains(name)));
        if (!isServed)
        {
            throw new BadInputException(
                $"scheduler is '{name}', which cannot serve {Family}; it must be one of "
                + string.Join(", ", Samplers ?? Scheduler.Names.Except(Scheduler.FlowNames)));
        }

        if (!LimitsGuidance && settings.LimitsGuidance)
        {
            throw new BadInputException($"guidance is limited or ends early, which {Family} does not do; Z-Image does");
        }

        if (settings.ResolutionBinning && BinnedSide is null)
        {
            throw new BadInputException(
                $"resolution binning is on, but there is no table of sizes for this model of {Family}; leave it off");
        }

        if (Guidance == GuidanceKind.None && settings.IsGuided)
        {
            throw new BadInputException(FormattableString.Invariant(
                $"guidance is {settings.Guidance}; this model was distilled to do without, so it must be 0 or 1"));
        }
    }

    /// <summary>Refuses what cannot be done to a model's texts, and what would change nothing.</summary>
    /// <param name="site">Where the lens looks.</param>
    /// <param name="handling">What is to be done to masks, length and padding.</param>
    /// <exception cref="BadInputException">The model cannot do it.</exception>
    public void RequireHandling(LensSite site, TextHandling handling)
    {
        SiteChecks.RequireMask(this, site, handling.EncoderMask);
        HandlingChecks.Require(this, site, handling);
    }

    /// <summary>Refuses what would be without effect on this model.</summary>
    /// <param name="options">How it is to be loaded.</param>
    /// <exception cref="BadInputException">It has no instruction, or nothing to soft-cap.</exception>
    public void Require(LoadOptions options)
    {
        if (options.Instruction is not null && Instruction is null)
        {
            throw new BadInputException($"an instruction is given, which {Family} does not put before prompts; leave it out");
        }

        if (options.SoftCapping && SoftCap is null)
        {
            throw new BadInputException($"soft-capping is on, which this model of {Family} was not trained with; leave it out");
        }
    }

    /// <summary>Whether images are made with a negative prompt, at twice the cost.</summary>
    /// <param name="settings">How images are to be made.</param>
    public bool IsGuided(SamplerSettings settings)
        => Guidance == GuidanceKind.ClassifierFree && settings.Guidance + GuidanceOffset > 1;

    /// <summary>
    /// The layer at which a site, whatever its own, shows all that it can: of one encoder the deepest that is read of it (pooled too, where
    /// the site looks at pooled vectors), of all encoders <see cref="LayerCount"/>. Above it, where the model has deeper layers, nothing
    /// changes.
    /// </summary>
    /// <exception cref="BadInputException">The model has no such encoder, or not what else the site wants.</exception>
    public int DeepestLayer(LensSite site)
    {
        SiteChecks.RequireChoices(this, site);
        IEnumerable<EncoderRead> shown = site.Pooled == SitePooled.Lens ? Reads.Concat(PooledReads) : Reads;
        return site.Encoder.Number is { } number ? shown.Where(read => read.Encoder == number - 1).Max(read => read.Layer) : LayerCount;
    }

    /// <summary>
    /// The rule of the lens. At l every read of layer i becomes a read of layer min(i, l); positions and joining stay as the model has
    /// them, and so does the norm unless the site has another. Where all encoders are looked into, l counts in the deepest, of m* layers,
    /// and one whose own deepest read is m is looked into at floor(l m / m* + 1/2).
    /// </summary>
    /// <param name="site">Where the lens looks.</param>
    /// <returns>For each of <see cref="Reads"/> what is read in its place.</returns>
    /// <exception cref="BadInputException">The model has no such layer or encoder, or not what else the site wants.</exception>
    public IReadOnlyList<EncoderRead> ReadsAt(LensSite site)
    {
        RequireLayer(site);
        return
        [
            .. Reads.Select(read => LooksInto(site, read.Encoder)
                ? At(read, site) with { Normed = read.Normed && site.Norm == SiteNorm.Native }
                : read),
        ];
    }

    /// <summary>
    /// The same of the pooled vectors, where the site looks at them: an encoder that is looked into pools h^min(L, l), normed as ever. All
    /// encoders are looked into at m* at most, where another pools below its L; but blocks that are left out or repeated are to be seen by
    /// what is pooled at the end, so that with them m* stands for L.
    /// </summary>
    /// <param name="site">Where the lens looks.</param>
    /// <returns>For each of <see cref="PooledReads"/> what is read in its place.</returns>
    /// <exception cref="BadInputException">The model has no such layer or encoder, or not what else the site wants.</exception>
    public IReadOnlyList<EncoderRead> PooledReadsAt(LensSite site)
    {
        RequireLayer(site);
        bool isWhole = site.Pooled != SitePooled.Lens || (site is { Encoder.Number: null, Skip.Count: > 0 } && site.Layer == LayerCount);
        return [.. PooledReads.Select(read => !isWhole && LooksInto(site, read.Encoder) ? At(read, site) : read)];
    }

    /// <summary>Whether a site looks into an encoder: the one that it names, or every one that is read as a sequence.</summary>
    /// <param name="site">Where the lens looks.</param>
    /// <param name="encoder">Its index in <see cref="Encoders"/>.</param>
    public bool LooksInto(LensSite site, int encoder)
        => site.Encoder.Number is { } number ? number - 1 == encoder : Reads.Any(read => read.Encoder == encoder);

    /// <summary>
    /// Whether it is an encoder whose length one may choose: those that are read as a sequence; in a family that lets choose, not its
    /// CLIPs, which read 77 tokens.
    /// </summary>
    internal bool HasFreeLength(int encoder)
        => Reads.Any(read => read.Encoder == encoder) && (SequenceLength is null || Encoders[encoder].Kind != EncoderKind.Clip);

    /// <summary>How many tokens a prompt is read with, by the encoders whose length one may choose.</summary>
    /// <param name="prompt">As each of the encoders reads it where nothing is asked for.</param>
    /// <param name="length">What is asked for.</param>
    /// <exception cref="BadInputException">No such number is read.</exception>
    internal int LengthOf(IReadOnlyList<TokenizedPrompt> prompt, TextLength length)
    {
        TokenizedPrompt[] free = [.. prompt.Where((_, encoder) => HasFreeLength(encoder))];
        if (length.Tokens is not { } tokens)
        {
            // A family that begins above 1 reads a prompt of fewer tokens with padding, whatever fits.
            return Math.Max(SequenceLength?.Least ?? 1, free.Max(text => text.Mask.Sum()));
        }

        (int least, int most) = LengthsOf(free);
        return tokens >= least && tokens <= most
            ? tokens
            : throw new BadInputException($"length is {tokens}; this model takes {least} to {most}");
    }

    /// <summary>Between which numbers of tokens a prompt can be read.</summary>
    /// <param name="prompt">As encoders read it where nothing is asked for.</param>
    internal (int Least, int Most) LengthsOf(IReadOnlyList<TokenizedPrompt> prompt) => SequenceLength is { } choice
        ? (choice.Least, choice.Largest)
        : (2, prompt.Min(text => text.Ids.Count));

    /// <summary>What the denoiser reads as a sequence of the encoders that a site looks into.</summary>
    internal IEnumerable<EncoderRead> ReadsLookedInto(LensSite site) => Reads.Where(read => LooksInto(site, read.Encoder));

    /// <summary>Whether a site shows pooled vectors of the empty prompt.</summary>
    internal bool EmptiesPooled(LensSite site)
        => site.Pooled == SitePooled.Empty || (site.Pooled == SitePooled.EmptyBelow && site.Layer < DeepestLayer(site));

    /// <summary>The deepest layer that anything reads of an encoder: blocks above it need not be computed.</summary>
    internal int DeepestOf(int encoder) => Reads.Concat(PooledReads).Where(read => read.Encoder == encoder).Max(read => read.Layer);

    private EncoderRead At(EncoderRead read, LensSite site)
        => read with { Layer = Math.Min(read.Layer, site.Encoder.Number is null ? ShareOf(read.Encoder, site.Layer) : site.Layer) };

    /// <summary>floor(l m / m* + 1/2), in whole numbers.</summary>
    private int ShareOf(int encoder, int layer)
    {
        int own = Reads.Where(read => read.Encoder == encoder).Max(read => read.Layer);
        return LayerCount == 0 ? 0 : ((2 * layer * own) + LayerCount) / (2 * LayerCount);
    }

    /// <summary>An encoder that is read less deep than another shows its own read at the layers above.</summary>
    private void RequireLayer(LensSite site)
    {
        int deepest = Math.Max(LayerCount, DeepestLayer(site));
        if (site.Layer < 0 || site.Layer > deepest)
        {
            throw new BadInputException($"layer is {site.Layer}; this model has layers 0 to {deepest}");
        }

        SiteChecks.RequireSubBlocks(this, site, Reads.Where(read => LooksInto(site, read.Encoder)).Select(read => At(read, site)));
    }
}
