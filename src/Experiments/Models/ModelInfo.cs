using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Specs;
using Humanizer;

namespace Experiments.Models;

/// <summary>What is known of a model before it is loaded.</summary>
internal sealed record ModelInfo
{
    /// <summary>Its folder's name, or those of its stages' folders.</summary>
    public required string Name { get; init; }

    /// <summary>Its folder, or those of its stages.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Its encoders, what its denoiser reads of them, and its stages.</summary>
    public required ModelDescription Description { get; init; }

    /// <summary>The name of the lexicon whose words it knows.</summary>
    public required string Lexicon { get; init; }

    /// <summary>The folder of the recognizer for its images; null where it names none.</summary>
    public required string? Recognizer { get; init; }

    /// <summary>The folder of the CLIP that answers, or its name on the hub; null where it names none.</summary>
    public string? Clip { get; init; }

    /// <summary>The scale of guidance that suits it; of a cascade's first stage.</summary>
    public required double Guidance { get; init; }

    /// <summary>Of its images, in pixels, where nothing is said; null: what its pipeline makes.</summary>
    public int? Height { get; init; }

    /// <summary>Likewise.</summary>
    public int? Width { get; init; }

    /// <summary>How many tokens of a prompt it reads, where nothing is said; null: as many as its pipeline takes.</summary>
    public int? MaxSequenceLength { get; init; }

    /// <summary>What pooled vectors show where nothing is said.</summary>
    public SitePooled Pooled { get; private init; }

    /// <summary>How its second stage enlarges; null where there is none.</summary>
    public required SuperResolutionSettings? SuperResolution { get; init; }

    /// <summary>Of a single file: what it does not say, and what was taken instead. Empty for folders.</summary>
    public IReadOnlyList<Assumption> Assumed { get; private init; } = [];

    /// <summary>What the user said of a single file.</summary>
    private SingleFileOptions? SingleFile { get; init; }

    /// <summary>L: the deepest layer that the denoiser reads, of all text encoders.</summary>
    public int LayerCount => Description.LayerCount;

    /// <summary>The kind of the first text encoder that is read as a sequence, which some of the paper's findings are about.</summary>
    public EncoderKind EncoderKind => Description.Encoders[Description.Reads[0].Encoder].Kind;

    /// <summary>The last layer of an experiment: the deepest that one of its conditions can look at.</summary>
    /// <exception cref="BadInputException">The model lacks what a condition looks at.</exception>
    public int LastLayerOf(Spec spec) => spec.Conditions.Max(LastLayerOf);

    /// <summary>Of a list with something for each encoder those of the encoders that a site looks into.</summary>
    public IReadOnlyList<T> LookedInto<T>(LensSite site, IReadOnlyList<T> ofEncoders) =>
        [.. ofEncoders.Where((_, encoder) => Description.LooksInto(site, encoder))];

    /// <summary>The first layer that all conditions can look at: embeddings have neither attention nor MLP.</summary>
    /// <exception cref="BadInputException">The model lacks what a condition looks at.</exception>
    public int FirstLayerOf(Spec spec) => spec.Conditions.Max(condition => FirstLayerOf(condition.Site.AnyPrompts));

    /// <summary>The first layer at which a site can look.</summary>
    /// <exception cref="BadInputException">The model lacks what the site looks at.</exception>
    public int FirstLayerOf(LensSite site)
    {
        LensSite blocks = new(Layer: 0) { Encoder = site.Encoder, Pooled = site.Pooled };
        return site.Point == SitePoint.Block ? 0
            : Enumerable.Range(1, Description.DeepestLayer(blocks)).FirstOrDefault(HasBlocks, 1);

        bool HasBlocks(int layer) => Description.ReadsAt(blocks.At(layer)).All(read => read.Layer > 0);
    }

    /// <summary>Refuses sites that the model cannot show at some layer.</summary>
    /// <exception cref="BadInputException">The model lacks what a condition looks at.</exception>
    public void Require(Spec spec, IReadOnlyList<int> layers)
    {
        int depth = LastLayerOf(spec);
        foreach (ConditionSpec condition in spec.Conditions)
        {
            LensSite site = condition.Site.OfDepth(depth).AnyPrompts;
            Located(condition.Site.Location, () => layers.Select(layer => Description.ReadsAt(site.At(layer)).Count).Sum());
        }
    }

    /// <summary>Refuses texts longer or shorter than the model reads them.</summary>
    /// <exception cref="BadInputException">A condition asks for one.</exception>
    public void RequireLengths(Spec spec, PromptReading reading)
    {
        (int least, int most) = Description.LengthsOf(reading.Read(""));
        foreach (ConditionSpec condition in spec.Conditions)
        {
            if (condition.Text.Length?.Tokens is { } tokens && (tokens < least || tokens > most))
            {
                throw (condition.TextLocation ?? condition.Location).Error(
                    $"{condition.Name.Quoted()} reads {"token".ToQuantity(tokens)}; this model takes {least} to {most}");
            }
        }
    }

    private int LastLayerOf(ConditionSpec condition)
    {
        LensSite site = condition.Site.AnyPrompts;
        int deepest = Located(condition.Site.Location, () => Description.DeepestLayer(site));
        return Located(condition.TextLocation, () =>
        {
            Description.RequireHandling(site.At(deepest), condition.Text);
            return deepest;
        });
    }

    private static T Located<T>(SourceLocation? place, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (BadInputException problem) when (place is { } location)
        {
            throw location.Error(problem.Message);
        }
    }

    /// <summary>
    /// What is to be said of a sampler where a model is not sampled as the experiment has it: whose it is, and what it is in place of.
    /// </summary>
    /// <param name="asked">What the experiment says.</param>
    /// <param name="used">What is done, with scheduler, steps and guidance given.</param>
    /// <returns>A few words; null where the model takes any sampler.</returns>
    public string? SamplerNote(SamplerSpec asked, SamplerSpec used)
    {
        if (Description.OwnSampler is not { } own)
        {
            return null;
        }

        string whose = IsOwn(used) ? "the model's own sampler" : $"the model's own is {own.Scheduler}, {"step".ToQuantity(own.Steps)}";
        string[] left =
        [
            .. asked.Scheduler is { } name && name != used.Scheduler ? new[] { name } : [],
            .. asked.SchedulerConfig is { } config && config != used.SchedulerConfig ? [config] : Array.Empty<string>(),
            .. asked.Steps is int steps && steps != used.Steps ? [$"{steps} steps"] : Array.Empty<string>(),
            .. asked.Guidance is double scale && scale != used.Guidance
                ? [FormattableString.Invariant($"guidance {scale}")]
                : Array.Empty<string>(),
        ];
        string[] parts =
        [
            whose,
            .. SamplerDoubt(used) is { } doubt ? new[] { doubt } : [],
            .. left.Length > 0 ? new[] { $"the experiment's {string.Join(", ", left)} would not serve it" } : [],
        ];
        return string.Join("; ", parts);
    }

    /// <summary>Why a sampler that was taken as the model's own may be wrong, and what to do then; null: it is right.</summary>
    public string? SamplerDoubt(SamplerSpec used) => IsOwn(used) ? Description.SamplerDoubt : null;

    private bool IsOwn(SamplerSpec used)
        => Description.OwnSampler is { } own && used.Scheduler == own.Scheduler && used.Steps == own.Steps;

    /// <summary>Refuses a request that the model cannot follow.</summary>
    /// <exception cref="BadInputException">It asks for a number of tokens that the model does not read.</exception>
    public void Require(ModelRequest request)
    {
        ModelFamily.Of(Folders, SingleFile).Require(Folders, request.MaxSequenceLength, SingleFile);
        Description.Require(new LoadOptions { Instruction = request.Instruction, SoftCapping = request.SoftCapping });
    }

    /// <summary>Its tokenizers, encoder by encoder, as its pipeline reads prompts.</summary>
    /// <exception cref="BadInputException">A file of one is missing or damaged.</exception>
    public IReadOnlyList<PromptTokenizer> Tokenizers(ModelRequest request) => ModelFamily.Of(Folders, SingleFile).Tokenizers(
        Folders,
        new LoadOptions(MaxSequenceLength: request.MaxSequenceLength, SingleFile: SingleFile)
        {
            Cleaning = request.Cleaning,
            Instruction = request.Instruction,
        });

    /// <summary>Refuses a negative prompt that would be without effect.</summary>
    /// <param name="negative">What to move away from; null or empty: nothing was said.</param>
    /// <exception cref="BadInputException">The model has no negative prompt.</exception>
    public void RequireNegative(string? negative)
    {
        if (negative is { Length: > 0 } && Description.Guidance != GuidanceKind.ClassifierFree)
        {
            throw new BadInputException(
                $"--negative: {Name} has no negative prompt, since it was distilled with its guidance; leave it out");
        }
    }

    /// <summary>Reads a diffusers folder, and <c>dlens.json</c> in it where that is there.</summary>
    /// <exception cref="BadInputException">It is no model folder, or one that cannot be looked into.</exception>
    public static ModelInfo Read(string folder) => Read([folder]);

    /// <summary>The same for the folders of a cascade's stages; <c>dlens.json</c> is in the first.</summary>
    /// <param name="folders">The folders, or the single file.</param>
    /// <param name="singleFile">What the user said of a single file.</param>
    /// <exception cref="BadInputException">They are no model's folders, or cannot be looked into.</exception>
    public static ModelInfo Read(IReadOnlyList<string> folders, SingleFileOptions? singleFile = null)
    {
        string[] paths = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        ModelDescription description = ModelFamily.Of(folders, singleFile).Describe(folders, singleFile);
        ModelSettings settings = ModelSettings.Read(paths[0]);
        return new ModelInfo
        {
            Name = NameOf(paths),
            Folders = folders,
            Description = description,
            Lexicon = settings.Lexicon,
            Recognizer = settings.RecognizerOf(paths[0]),
            Clip = settings.ClipOf(paths[0]),
            Guidance = settings.Guidance ?? description.DefaultGuidance,
            Height = settings.Height,
            Width = settings.Width,
            MaxSequenceLength = settings.MaxSequenceLength,
            Pooled = PooledOf(settings, description, paths[0]),
            SuperResolution = description.DefaultSuperResolution is { } enlarging ? settings.SuperResolution ?? enlarging : null,
            Assumed = File.Exists(folders[0]) ? ModelFolder.Open(folders[0], singleFile).Assumed : [],
            SingleFile = singleFile,
        };
    }

    /// <summary>The request with what this model's <c>dlens.json</c> says where the request says nothing.</summary>
    public ModelRequest Completed(ModelRequest request) =>
        request with { MaxSequenceLength = request.MaxSequenceLength ?? MaxSequenceLength };

    /// <summary>The experiment with what this model's <c>dlens.json</c> says where its conditions say nothing.</summary>
    public Spec Completed(Spec spec) => Pooled == default ? spec : spec with
    {
        Conditions =
        [
            .. spec.Conditions.Select(condition => condition.Site.SaysPooled
                ? condition
                : condition with { Site = condition.Site with { Parts = condition.Site.Parts with { Pooled = Pooled } } }),
        ],
    };

    /// <summary>The same of what the command line says.</summary>
    public SiteRequest Completed(SiteRequest site) => Pooled == default ? site : site with { Pooled = site.Pooled ?? Pooled };

    private static SitePooled PooledOf(ModelSettings settings, ModelDescription description, string folder)
    {
        SitePooled pooled = settings.Pooled is { } word ? SiteWords.Pooled[word] : default;
        return pooled == default || description.PooledReads.Count > 0 ? pooled : throw new BadInputException(
            $"{ModelSettings.FileOf(folder)}: it says what pooled vectors show, and this model reads none; leave \"pooled\" out");
    }

    /// <summary>The sampler that its folder names; of a cascade all stages', where they differ.</summary>
    /// <param name="stages">How many of its stages are run.</param>
    /// <exception cref="BadInputException">A scheduler config is missing or damaged, or names no class that is supported.</exception>
    public string OwnScheduler(int stages)
        => string.Join(", ", ModelFamily.Of(Folders, SingleFile).Samplers(Folders, stages, SingleFile).Distinct());

    /// <summary>
    /// What a model is called: its name, or the last part of its folder's or single file's; <c>owner--name</c> of one in the hub's cache,
    /// whose folders are named after commits.
    /// </summary>
    /// <param name="model">A name, a folder or a file.</param>
    /// <exception cref="BadInputException">It is a name on the hub, and not in the cache.</exception>
    public static string NameOf(string model)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(HubCache.Resolve(model)));
        return File.Exists(path) ? Path.GetFileNameWithoutExtension(path) : HubSnapshot.At(path)?.FileName ?? Path.GetFileName(path);
    }

    /// <summary>The same of a model of one or several folders.</summary>
    public static string NameOf(IReadOnlyList<string> folders) => string.Join('+', folders.Select(NameOf));

    /// <summary>The hash of what determines its images: the weights that are loaded and the configs in use, by content.</summary>
    /// <param name="request">How it is loaded.</param>
    /// <param name="cache">What was hashed before.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported.</exception>
    public string Sha256(ModelRequest request, DigestCache cache) =>
        ModelFamily.Of(Folders, SingleFile)
            .Identity(Folders, new LoadOptions(Variant: request.Variant, SingleFile: SingleFile), cache)
            .Sha256;
}
