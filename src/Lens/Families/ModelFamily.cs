using DiffusionLens.Configs;
using DiffusionLens.Families.DeepFloydIF;
using DiffusionLens.Families.Flux;
using DiffusionLens.Families.Flux2Klein;
using DiffusionLens.Families.PixArt;
using DiffusionLens.Families.QwenImage;
using DiffusionLens.Families.Sana;
using DiffusionLens.Families.StableDiffusion;
using DiffusionLens.Families.StableDiffusion3;
using DiffusionLens.Families.ZImage;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;

namespace DiffusionLens.Families;

/// <summary>
/// A family of text-to-image models: what its folders hold, what its denoiser reads of its text encoders, and its pipeline. The class that
/// a folder's <c>model_index.json</c> names tells the family. Nothing here but <see cref="TextToImageModel.Load(string, LoadOptions?)"/>
/// loads weights.
/// </summary>
public abstract class ModelFamily
{
    private static readonly ModelFamily[] Families =
    [
        new StableDiffusionFamily(),
        new StableDiffusionXLFamily(),
        new DeepFloydIFFamily(),
        new StableDiffusion3Family(),
        new FluxFamily(),
        new Flux2KleinFamily(),
        new ZImageFamily(),
        new QwenImageFamily(),
        PixArtFamily.Sigma,
        PixArtFamily.Alpha,
        new SanaFamily(),
    ];

    private protected ModelFamily()
    {
    }

    /// <summary>The family's name as people write it.</summary>
    public abstract string Name { get; }

    /// <summary>The pipeline classes of its folders, stage by stage; all but the first may be missing.</summary>
    internal abstract IReadOnlyList<string> PipelineClasses { get; }

    /// <summary>What its stages' folders are called where they lie in one folder; empty where there is one stage.</summary>
    internal virtual IReadOnlyList<string> StageNames => [];

    /// <summary>What is wrong with a folder of a later stage that comes first.</summary>
    internal virtual string ContinuationError => "";

    /// <summary>Checks every part of a model against its network: that all its weights are there, and none that are not of it.</summary>
    /// <param name="folder">A model's folder or single file.</param>
    /// <returns>False where its family is not supported, so that nothing is known of its networks.</returns>
    /// <exception cref="BadInputException">Tensors are missing, unknown, or of another shape or type.</exception>
    internal static bool TryCheckWeights(ModelFolder folder)
    {
        if (Array.Find(Families, family => family.PipelineClasses[0] == folder.PipelineClass) is not { } family)
        {
            return false;
        }

        foreach (NetworkPart part in family.Parts([folder]).OfType<NetworkPart>())
        {
            part.Check(variant: null);
        }

        return true;
    }

    /// <summary>Whether <see cref="Open"/> would take a folder for a model's.</summary>
    public static bool IsModel(string path) => ModelFolder.HasIndex(path) || StagesIn(path).Any();

    /// <summary>Whether a folder is a cascade's later stage, which is no model without the first.</summary>
    /// <exception cref="BadInputException">It has a <c>model_index.json</c> that cannot be read.</exception>
    public static bool IsContinuation(string path)
    {
        if (!ModelFolder.HasIndex(path))
        {
            return false;
        }

        string pipeline = ModelFolder.Open(path).PipelineClass;
        return Families.Any(family => family.PipelineClasses.Skip(1).Contains(pipeline));
    }

    /// <summary>
    /// Opens a whole model: one folder, those of a cascade's stages in order, or one folder in which these lie under the names that
    /// diffusers gives them (later ones may be missing). A model in a single file is opened as the folder that it would be.
    /// </summary>
    /// <param name="paths">The folders, stage by stage, or the file.</param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">One is no model folder, or they are not of one model of a supported family.</exception>
    public static IReadOnlyList<ModelFolder> Open(IReadOnlyList<string> paths, SingleFileOptions? singleFile = null)
        => Find(paths, singleFile).Stages;

    /// <summary>The family of a whole model.</summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">One is no model folder, or they are not of one model of a supported family.</exception>
    public static ModelFamily Of(IReadOnlyList<string> paths, SingleFileOptions? singleFile = null) => Find(paths, singleFile).Family;

    /// <summary>What is known of a model of this family from its configs alone.</summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">A config is missing or damaged.</exception>
    public ModelDescription Describe(IReadOnlyList<string> paths, SingleFileOptions? singleFile = null)
    {
        IReadOnlyList<ModelFolder> stages = Open(paths, singleFile);
        try
        {
            ModelDescription description = Describe(stages);
            RequireReadable(Parts(stages));
            return description;
        }
        catch (BadInputException)
        {
            // Of a download that was broken off all that is missing is worth more than the first config that is.
            ModelContent.RequireWhole(stages, [.. Parts(stages)]);
            throw;
        }
    }

    /// <summary>
    /// What of a model of this family determines its images. Reads all weights that the options choose, but for those that the cache knows.
    /// </summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="options">How the model is loaded; only what chooses files and configs matters.</param>
    /// <param name="cache">What was hashed before; gets what is hashed now.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported.</exception>
    public ModelIdentity Identity(IReadOnlyList<string> paths, LoadOptions options, DigestCache cache)
    {
        IReadOnlyList<ModelFolder> stages = Open(paths, options.SingleFile);
        ModelPart[] all = [.. Parts(stages)];
        ModelContent.RequireWhole(stages, all);
        ModelContent.RequireVariant(stages, all, options.Variant);
        SortedDictionary<string, string> parts = new(StringComparer.Ordinal);
        foreach (ModelPart part in all)
        {
            int stage = stages.TakeWhile(folder => !ReferenceEquals(folder, part.Folder)).Count() + 1;
            parts.Add(stage == 1 ? part.Name : $"{stage}/{part.Name}", part.Digest(options.Variant, cache));
        }

        return new ModelIdentity(
            ContentHash.Of(stages.Select(stage => stage.PipelineClass).Concat(parts.Select(part => $"{part.Key} {part.Value}"))), parts);
    }

    /// <summary>Refuses, before anything is loaded, a number of tokens that a model of this family does not read.</summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="maxSequenceLength">How many were asked for; null: nothing was.</param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">The family leaves no choice, or not this one.</exception>
    public void Require(IReadOnlyList<string> paths, int? maxSequenceLength, SingleFileOptions? singleFile = null)
        => Require(Open(paths, singleFile), maxSequenceLength);

    /// <summary>What there is of a model, by its configs and the headers of its weights. Faults are told in it.</summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="variant">The variant of weights that would be asked for, or null.</param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">They are not of one model of a supported family.</exception>
    internal static ModelInspection Inspect(IReadOnlyList<string> paths, string? variant, SingleFileOptions? singleFile = null)
    {
        FoundModel found = Find(paths, singleFile);
        ModelPart[] parts = [.. found.Family.Parts(found.Stages)];
        List<string> errors = [];
        ModelDescription? description = null;
        string[] assumptions = [];
        Try(() => ModelContent.RequireWhole(found.Stages, parts));
        Try(() => ModelContent.RequireVariant(found.Stages, parts, variant));
        Try(() => description = found.Family.Describe(found.Stages));
        Try(() => assumptions = [.. found.Family.Assumptions(found.Stages)]);
        int? length = description?.SequenceLength?.Default;
        PartInspection[] inspected =
        [
            .. parts.Select(part => part is TokenizerPart tokenizer ? tokenizer with { Length = length } : part)
                .Select(part => part.Inspect(variant)),
        ];
        return new ModelInspection
        {
            Family = found.Family.Name,
            Stages = found.Stages,
            Description = description,
            Parts = inspected,
            Ignored = [.. found.Stages.SelectMany(stage => ModelContent.IgnoredIn(stage, parts))],
            Assumptions =
            [
                .. found.Stages.SelectMany(stage => Assumption.Lines(stage.Assumed)),
                .. assumptions,
                .. description?.SamplerDoubt is { } doubt ? [$"{SchedulerConfig.Part}: {doubt}"] : Array.Empty<string>(),
                .. inspected.SelectMany(part => part.Remarks),
            ],
            Errors = [.. errors.Concat(inspected.Select(part => part.Error).OfType<string>()).Distinct()],
        };

        void Try(Action read)
        {
            try
            {
                read();
            }
            catch (BadInputException problem)
            {
                errors.Add(problem.Message);
            }
        }
    }

    /// <summary>
    /// The tokenizers of a model of this family, one for each text encoder, as its pipeline reads prompts; no weights are read.
    /// </summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="options">How it would be loaded: length and cleaning of prompts count.</param>
    /// <exception cref="BadInputException">A file of one is missing or damaged.</exception>
    public IReadOnlyList<PromptTokenizer> Tokenizers(IReadOnlyList<string> paths, LoadOptions options)
    {
        IReadOnlyList<ModelFolder> stages = Open(paths, options.SingleFile);
        int? length = Describe(stages).SequenceLength?.Of(options.MaxSequenceLength);
        return [.. Parts(stages).OfType<TokenizerPart>()
            .Select(part => part.Read(length).With(options.Cleaning).With(options.Instruction))];
    }

    /// <summary>The samplers that a model's folders name, of <see cref="Scheduler.Names"/>, one for each stage.</summary>
    /// <param name="paths">The folders, as for <see cref="Open"/>.</param>
    /// <param name="stages">How many stages are of interest.</param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">A config is missing or damaged, or names no class that is supported.</exception>
    public IReadOnlyList<string> Samplers(
        IReadOnlyList<string> paths, int stages = int.MaxValue, SingleFileOptions? singleFile = null)
        => [.. Parts([.. Open(paths, singleFile).Take(stages)])
            .Where(part => part is ConfigPart { Name: SchedulerConfig.Part })
            .Select(part => SchedulerConfig.Of(part.Folder, part.Name))
            .Select(config => SamplerClass.OfConfig(config).Name)];

    internal static TextToImageModel Load(IReadOnlyList<string> paths, LoadOptions options)
    {
        FoundModel found = Find(paths, options.SingleFile);
        ModelPart[] parts = [.. found.Family.Parts(found.Stages)];
        ModelContent.RequireWhole(found.Stages, parts);
        ModelContent.RequireVariant(found.Stages, parts, options.Variant);
        found.Family.Require(found.Stages, options.MaxSequenceLength);
        found.Family.Describe(found.Stages).Require(options);
        RequireReadable(parts);
        found.Family.RequireMemory(found.Stages, options);
        TextToImageModel model = found.Family.Load(found.Stages, options);
        model.DamagedWeight = () => parts.Select(part => part.DamagedWeight(options.Variant)).FirstOrDefault(weight => weight is not null);
        return model;
    }

    internal abstract ModelDescription Describe(IReadOnlyList<ModelFolder> stages);

    internal abstract TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options);

    /// <summary>All parts that are read of a model's folders.</summary>
    internal abstract IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages);

    /// <summary>What of its configs is taken otherwise than it stands there, or is left out and taken for something, in words.</summary>
    internal virtual IEnumerable<string> Assumptions(IReadOnlyList<ModelFolder> stages) => [];

    /// <summary>
    /// The networks that are in memory at the same time, of each time: all of them, but where a family frees some for others.
    /// </summary>
    private protected virtual IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks) => [networks];

    /// <summary>What pipelines do that encode all prompts, free their text encoders, and then load the denoiser.</summary>
    private protected static IEnumerable<IEnumerable<NetworkPart>> EncodersThenDenoiser(IReadOnlyList<NetworkPart> networks)
        => networks.GroupBy(part => part.Name.StartsWith("text_encoder", StringComparison.Ordinal));

    /// <summary>Reads the configs of all parts that are there.</summary>
    private static void RequireReadable(IEnumerable<ModelPart> parts)
    {
        foreach (ModelPart part in parts.Where(part => part.Folder.Has(part.Name) && part.Lack() is null))
        {
            part.RequireReadable();
        }
    }

    private void RequireMemory(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        => MemoryNeed.Require(Together([.. Parts(stages).OfType<NetworkPart>()]), options);

    private void Require(IReadOnlyList<ModelFolder> stages, int? maxSequenceLength)
    {
        if (maxSequenceLength is { } length)
        {
            SequenceLength choice = Describe(stages).SequenceLength ?? throw new BadInputException(
                $"max sequence length is {length}; {Name} always reads the same number of tokens, leave it out");
            choice.Of(length);
        }
    }

    /// <summary>The sampler that a rectified flow's folder names; the name of its class where that is not supported.</summary>
    /// <exception cref="BadInputException">
    /// It is none of <paramref name="flows"/>, and its config does not say that the model is a flow.
    /// </exception>
    private protected static string FlowSamplerOf(ModelFolder folder, IReadOnlyList<string> flows)
    {
        SchedulerConfig config = SchedulerConfig.Of(folder);
        string own = folder.ComponentClass(SchedulerConfig.Part);
        string? name = SamplerClasses.All.FirstOrDefault(kind => kind.ClassName == own)?.Name;
        bool serves = name is null ? SamplerClass.IsOfFlow(config) == true : flows.Contains(name) || config.SaysFlow;
        return serves ? name ?? own : throw config.Reader.Error(
            $"its class is {own}, which cannot serve a {folder.PipelineClass}; it must be one of "
            + string.Join(", ", SamplerClasses.All.Where(kind => flows.Contains(kind.Name)).Select(kind => kind.ClassName)));
    }

    /// <summary>The samplers that can serve a rectified flow: its family's, and its own where that is supported.</summary>
    private protected static IReadOnlyList<string> FlowSamplers(IReadOnlyList<string> flows, string own)
        => [.. flows.Append(own).Where(Scheduler.Names.Contains).Distinct()];

    /// <summary>How many blocks a text encoder's config says it has.</summary>
    private protected static int LayerCountOf(ModelFolder folder, string part, string key)
    {
        ConfigReader config = new(folder.Config(part), folder.ConfigPath(part));
        return config.Has(key)
            ? config.Count(key, 1, Most.Layers)
            : throw config.Error($"has no \"{key}\", the number of the encoder's blocks");
    }

    /// <summary>The same of a CLIP. A whole CLIP's config leaves out what is transformers' default.</summary>
    private protected static int LayerCountOf(ModelFolder folder, ClipPart part)
        => ClipTextConfig.OfWhole(folder.Config(part.Name)) is null
            ? LayerCountOf(folder, part.Name, "num_hidden_layers")
            : part.Config(folder).LayerCount;

    private static FoundModel Find(IReadOnlyList<string> paths, SingleFileOptions? singleFile)
    {
        if (paths.Count == 0)
        {
            throw new ArgumentException("A model has a folder.", nameof(paths));
        }

        string[] given = [.. paths.Select(HubCache.Resolve)];
        string[] inside = given is [string whole] && !ModelFolder.HasIndex(whole) ? [.. StagesIn(whole)] : [];
        string[] folders = inside.Length > 0 ? inside : given;
        ModelFolder[] stages = [.. folders.Select(folder => ModelFolder.Open(folder, singleFile))];
        ModelFamily family = Array.Find(Families, family => family.PipelineClasses.Contains(stages[0].PipelineClass))
            ?? throw new BadInputException(
                $"{folders[0]}: is a {stages[0].PipelineClass}; "
                + $"supported: {string.Join(", ", Families.Select(one => one.PipelineClasses[0]))}");
        IReadOnlyList<string> classes = family.PipelineClasses;
        if (stages[0].PipelineClass != classes[0])
        {
            throw new BadInputException($"{folders[0]}: {family.ContinuationError}");
        }

        int other = Array.FindIndex(stages, stage => stage.PipelineClass != classes.ElementAtOrDefault(Array.IndexOf(stages, stage)));
        return other < 0 ? new FoundModel(family, stages) : throw new BadInputException(
            $"{folders[other]}: is a {stages[other].PipelineClass}; beside {folders[0]} there can be "
            + (classes.Count > 1 ? $"one {classes[1]}" : "no other folder"));
    }

    /// <summary>The folders of a cascade's stages that lie in one.</summary>
    private static IEnumerable<string> StagesIn(string folder)
        => Families.Select(family => family.StageNames.Select(name => Path.Combine(folder, name)).ToArray())
            .FirstOrDefault(stages => stages.Length > 0 && ModelFolder.HasIndex(stages[0]))
            ?.Where(ModelFolder.HasIndex) ?? [];

    private sealed record FoundModel(ModelFamily Family, IReadOnlyList<ModelFolder> Stages);
}
