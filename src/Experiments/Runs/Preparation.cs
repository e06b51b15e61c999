using System.Reflection;
using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Weights;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Humanizer;
using MiniWorld;

namespace Experiments.Runs;

/// <summary>
/// All that is settled before any work: what goes in, what will be made, and where. Nothing is written and no model loaded.
/// </summary>
internal sealed class Preparation : IDisposable
{
    /// <summary>Lines about prompts that are written out.</summary>
    private const int NotesInFull = 100;

    private readonly Asset _specFile;
    private readonly ModelReference _reference;
    private readonly Dictionary<(string Prompt, TextLength? Length), PromptNote> _notes;
    private readonly HashSet<string> _cleaned;
    private readonly PromptReading _reading;
    private readonly AnnotatorSet _annotators;
    private readonly string _digestFile;
    private readonly DigestCache _digests;
    private FolderClaim? _claim;

    /// <summary>Reads and checks what goes in.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="specFile">The experiment's file.</param>
    /// <exception cref="BadInputException">Something is not right; says what would be.</exception>
    public Preparation(RunRequest request, Asset specFile, Spec spec)
    {
        request = request with { Model = request.Model with { Instruction = request.Model.Instruction ?? spec.Instruction } };
        RequireImagesOfShard(request);
        _specFile = specFile;
        _reference = ModelReference.Find(request.Model.Model);
        FigureKinds.Require(spec);
        Model = ModelInfo.Read(_reference.Paths, request.Model.SingleFile);
        spec = request.Text.Over(request.Site.Over(Model.Completed(spec)));
        request = request with { Model = Model.Completed(request.Model) };
        Request = request;
        Model.Require(request.Model);
        Folder = request.Out is string folder ? new ResultsFolder(folder) : ResultsRoot.Default.Of(spec.Name, Model.Name);
        RunManifest? there = request.Only is null or Stage.Images ? null : RunManifest.Read(Folder);
        RunManifest? maker = there?.Stages.ContainsKey(Stage.Images.Name()) == true ? there : null;
        SamplerSpec asked = request.Sampler.Over(spec.Sampler, Model);
        Sampler = maker?.Sampler ?? asked;
        Asset lexiconFile = AssetCatalog.Lexicons.Find(Model.Lexicon);
        Lexicon lexicon = Lexicon.Load(lexiconFile.Path);
        _reading = PromptReading.Of(Model, request.Model);
        int lastLayer = Model.LastLayerOf(spec);
        Model.RequireLengths(spec, _reading);
        Plan = Planner.Make(
            spec,
            lexicon,
            lastLayer,
            request.Limits with { WithFigures = request.Only is null or > Stage.Answers },
            Model.FirstLayerOf(spec),
            (prompt, length) => TokensOf(_reading.LengthOf(prompt, length)));
        Model.Require(spec, Plan.Layers);
        _notes = Plan.Prompts.DistinctBy(KeyOf).ToDictionary(KeyOf, prompt => _reading.Note(prompt.Text, LengthOf(prompt)));
        _cleaned =
        [
            .. _notes.Where(note => note.Value.IsCleaned).Select(note => note.Key.Prompt),
            .. Plan.Prompts.SelectMany(SourcesOf).Distinct().Where(source => _reading.Note(source).IsCleaned),
        ];
        Plan = Plan.WithCutOff(prompt => _notes[KeyOf(prompt)].CutOff);
        Plan = request.Shard?.PartOf(Plan) ?? Plan;
        _digestFile = request.Out is null ? ResultsRoot.Default.DigestCache : Folder.DigestCache;
        _digests = DigestCache.Load(_digestFile);
        _annotators = AnnotatorSet.Of(
            new AnnotatorRequest
            {
                Kinds = request.Annotators,
                Vision = request.Vision,
                Clip = request.Clip,
                Device = request.Model.Device,
            },
            spec,
            Model,
            lexicon,
            _digests);
        if (request.Shard is null && request.Only is null or Stage.Answers)
        {
            RequireAble();
        }

        Calibration = (request.Calibration ?? spec.Calibration) is { } calibration ? CalibrationTable.Read(calibration) : null;
        Manifest = ManifestOf(spec, lexiconFile);
        RequireSameModel();
        Manifest = maker is null ? Manifest : Manifest.WithImagesOf(maker) with
        {
            Command = maker.Command is { } made ? RepeatCommand.WithAnswers(made, request.Options ?? []) : Manifest.Command,
            Annotators = request.Only > Stage.Answers ? maker.Annotators : Manifest.Annotators,
        };
    }

    /// <summary>What was asked for.</summary>
    public RunRequest Request { get; }

    public ModelInfo Model { get; }

    public Plan Plan { get; }

    /// <summary>
    /// How images are sampled, with scheduler, steps and guidance given; where they are not to be made, how those that are there were.
    /// </summary>
    public SamplerSpec Sampler { get; }

    public ResultsFolder Folder { get; }

    /// <summary>
    /// The manifest of the results, with no stages. Where images are not to be made, what it says of them is as their run noted it.
    /// </summary>
    public RunManifest Manifest { get; }

    /// <summary>What is known of annotators' errors, for which shares are corrected; null: they are not.</summary>
    public CalibrationTable? Calibration { get; }

    /// <summary>What was measured of the errors of annotators, wherever it stands: also where no share is corrected for them.</summary>
    /// <exception cref="BadInputException">A table cannot be read.</exception>
    public IReadOnlyList<CalibrationTable> KnownErrors() =>
        Runs.KnownErrors.Of(Model, Request.Calibration ?? Plan.Spec.Calibration, Request.Clip.Over(Plan.Spec.Clip).Thresholds);

    /// <summary>What there is of the model, by its configs and the headers of its weights.</summary>
    public ModelInspection Inspection() =>
        ModelFamily.Inspect(_reference.Paths, Request.Model.Variant, Request.Model.SingleFile);

    /// <summary>Who answers, the main one first.</summary>
    public IReadOnlyList<IAnnotator> Annotators => _annotators.Annotators;

    /// <summary>The token that a site of a single one shows of a prompt, as people write it; empty where it is beyond the text.</summary>
    public string PieceAt(LensSite site, PlannedPrompt prompt) =>
        site.Tokens.Position is { } position && TokensOf(LengthOf(prompt))(site, prompt.Text)[0].Pieces is var pieces
            && position < pieces.Count
            ? pieces[position].Replace("</w>", "", StringComparison.Ordinal).TrimStart('▁', 'Ġ')
            : "";

    /// <summary>How many answers are asked for, of all annotators together.</summary>
    public int AnswerCount => Plan.AnswerCount * Annotators.Count;

    /// <summary>What determines the images.</summary>
    public ImageRecipe Recipe => new()
    {
        ModelSha256 = Manifest.Model.Sha256,
        Scheduler = Sampler.Scheduler!,
        Steps = Sampler.Steps!.Value,
        Guidance = Sampler.Guidance!.Value,
        Height = Sampler.Height,
        Width = Sampler.Width,
        DType = Manifest.Dtype,
        SuperResolution = Sampler.SuperResolution,
        MaxSequenceLength = Manifest.MaxSequenceLength,
        SchedulerConfig = Sampler.SchedulerConfig,
        ResolutionBinning = Sampler.ResolutionBinning,
        InstructionSha256 = Request.Model.Instruction is { } text ? PipelineInstruction.HashOf(text) : null,
        SoftCapping = Request.Model.SoftCapping ? true : null,
        Cleaned = _cleaned.ToDictionary(text => text, _ => CleaningName),
    };

    private TextForm TextForm => TextForm.Of(Model.Description, Request.Model);

    /// <summary>How many tokens of a prompt are read, where that is not what the model's pipeline takes.</summary>
    private int? SequenceLength =>
        Request.Model.MaxSequenceLength == Model.Description.SequenceLength?.Default ? null : Request.Model.MaxSequenceLength;

    /// <summary>
    /// Takes the results folder, or its shard of it, until this is disposed; where it is this run's already, makes sure that it still is.
    /// </summary>
    /// <exception cref="BadInputException">Somebody else works in it, or it cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted while it waited for a sign of the folder's holder.</exception>
    public FolderClaim Claim(Terminal terminal)
    {
        if (_claim is null)
        {
            WritableFolder.Check(Folder.Path);
            _claim = Request.Shard is { } shard
                ? FolderClaim.TakeShard(Folder, shard.FileName, terminal.Error.WriteLine, cancellation: terminal.Cancellation)
                : FolderClaim.Take(Folder, terminal.Error.WriteLine, cancellation: terminal.Cancellation);
            RequireSameModel();
        }

        _claim.RequireHeld();
        return _claim;
    }

    /// <summary>Says what will be run.</summary>
    public void Tell(TextWriter output)
    {
        output.WriteLine($"experiment  {Plan.Spec.Name}: {Plan.Spec.Title} ({_specFile})");
        output.WriteLine(
            $"model       {_reference}, {Manifest.Dtype} on {Manifest.Device}, "
                + Sampler
                + (Manifest.SamplerNote is { } note ? $" ({note})" : ""));
        AssumptionText.Write(Model.Assumed, output);
        TextForm.Tell(output);
        output.WriteLine(
            $"plan        {Sites()} x {"layer".ToQuantity(Plan.Layers.Count)} "
                + $"x {"seed".ToQuantity(Plan.Seeds.Count)} = {"image".ToQuantity(Plan.ImageCount)}, {"answer".ToQuantity(AnswerCount)}");
        if (Request.Shard is { } shard)
        {
            output.WriteLine($"shard       {shard.Number} of {shard.Count}: images alone");
        }

        output.WriteLine($"results     {Folder}");
        TellNotes(output);
    }

    // Where there is more than one place to look at in a prompt, these are what is counted.
    private string Sites()
    {
        string prompts = "prompt".ToQuantity(Plan.Prompts.Count);
        int sites = Plan.Prompts.Sum(prompt => prompt.Sites.Count);
        return sites == Plan.Prompts.Count ? prompts : $"{prompts}, {"site".ToQuantity(sites)},";
    }

    private string CleaningName => Request.Model.Cleaning.ToString().ToLowerInvariant();

    private static (string Prompt, TextLength? Length) KeyOf(PlannedPrompt prompt) => (prompt.Text, prompt.Handling.Length);

    private int? LengthOf(PlannedPrompt prompt) => _reading.LengthOf(prompt.Text, prompt.Handling.Length);

    private PromptTokens TokensOf(int? length) => (site, text) => Model.LookedInto(site, _reading.Read(text, length));

    private static IEnumerable<string> SourcesOf(PlannedPrompt prompt) => prompt.Sites.Select(site => site.Source).OfType<string>();

    // A source is read with as many tokens as its prompt.
    private IEnumerable<string> LinesOf(PlannedPrompt prompt) => _notes[KeyOf(prompt)].Lines.Concat(
        SourcesOf(prompt).Except([prompt.Text]).SelectMany(source => _reading.Note(source, LengthOf(prompt)).Lines));

    /// <summary>Each prompt of which, or of whose site's source, something has to be said, in a line.</summary>
    private void TellNotes(TextWriter output)
    {
        string[] lines =
        [
            .. Plan.Prompts.SelectMany(prompt => LinesOf(prompt).Select(line => $"prompt {prompt.Number,-4} {line}")),
        ];
        foreach (string line in lines.Take(NotesInFull))
        {
            output.WriteLine(line);
        }

        if (lines.Length > NotesInFull)
        {
            output.WriteLine($"... and {lines.Length - NotesInFull} more such lines; column cut_off of answers.csv says what is cut off");
        }
    }

    /// <summary>Says what the plan holds, prompt by prompt.</summary>
    public void TellPlan(TextWriter output)
    {
        output.WriteLine($"layers      {string.Join(", ", Plan.Layers)} of 0 to {Plan.LastLayer}");
        foreach (ConditionSpec condition in Plan.Spec.Conditions.Where(condition => condition.BesideLayer.Length > 0))
        {
            output.WriteLine($"looks at    {condition.BesideLayer} in {condition.Name}");
        }

        output.WriteLine($"seeds       {string.Join(", ", Plan.Seeds)}");
        output.WriteLine($"answers by  {string.Join(", ", Annotators.Select(annotator => annotator.Name))}");
        foreach (string cost in Annotators.Select(annotator => annotator.CostOf(Plan, Folder)).OfType<string>())
        {
            output.WriteLine($"asking      {cost}");
        }

        foreach (PlannedPrompt prompt in Plan.Prompts)
        {
            string tokens = prompt.Sites.Count == 1 && !IsEach(prompt) ? ""
                : $" (tokens {string.Join(", ", prompt.Sites.Select(site => site.Tokens.Position))})";
            output.WriteLine($"prompt {prompt.Number,-4} {prompt.Condition}: {prompt.Text}{tokens}");
        }

        int missing = ImagesStage.MissingCount(Plan, Recipe, Folder);
        output.WriteLine($"To make: {missing} images; {Plan.ImageCount - missing} are there.");
    }

    private bool IsEach(PlannedPrompt prompt) => Plan.Spec.Condition(prompt.Condition).Site.Word is { IsEach: true };

    /// <summary>Keeps what was hashed for the next run.</summary>
    /// <exception cref="BadInputException">The results folder cannot be written.</exception>
    public void SaveDigests()
    {
        if (_digests.HasChanged)
        {
            AtomicFile.Write(_digestFile, _digests.Save);
        }
    }

    public void Dispose()
    {
        _claim?.Dispose();
        _annotators.Dispose();
    }

    private static void RequireImagesOfShard(RunRequest request)
    {
        if (request.Shard is not null && request.Only is not (null or Stage.Images))
        {
            throw new BadInputException(
                $"--shard {request.Shard}: makes images alone; for {request.Only.ToString()!.ToLowerInvariant()} run the whole, without "
                    + "--shard, when all shards are done");
        }

        if (request.Mixed && request.Shard is null)
        {
            throw new BadInputException("--mixed: allows a shard to stand beside images of other machines; give --shard, or leave it out");
        }
    }

    private void RequireAble()
    {
        foreach (IAnnotator annotator in Annotators)
        {
            annotator.RequireAble(Plan);
        }
    }

    // Results are kept under the last part of the model's path; what another model of that name made is not written over.
    private void RequireSameModel()
    {
        if (RunManifest.Read(Folder) is { } there && there.ModelPlace != Manifest.ModelPlace && there.Model.Sha256 != Manifest.Model.Sha256)
        {
            throw new BadInputException(
                $"{Folder}: holds the results of {there.ModelPlace}, another model than {Manifest.ModelPlace}; "
                    + "name another folder with --out, or rename the model's");
        }
    }

    private RunManifest ManifestOf(Spec spec, Asset lexiconFile) => new()
    {
        Command = Request.Options is { } options ? RepeatCommand.Of(Path.GetFileName(spec.Path), [_reference.Text], options) : null,
        Spec = new NamedHash(Path.GetFileName(spec.Path), spec.Sha256),
        Lexicon = new NamedHash(Model.Lexicon, Fingerprint.OfFile(lexiconFile.Path)),
        Model = new NamedHash(Model.Name, Model.Sha256(Request.Model, _digests)),
        ModelPlace = _reference.Place,
        Assumed = Model.Assumed.Count > 0 ? Model.Assumed : null,
        Annotators = [.. Annotators.Select(annotator => annotator.Name)],
        Sampler = Sampler,
        SamplerNote = Model.SamplerNote(spec.Sampler, Sampler),
        Dtype = Request.Model.DType,
        Device = Request.Model.Device,
        Variant = Request.Model.Variant,
        MaxSequenceLength = SequenceLength,
        Instruction = TextForm.Instruction,
        SoftCapping = TextForm.SoftCapping,
        Site = Said(Model.Completed(Request.Site).Key),
        Text = Said(Request.Text.Key),
        CleanText = _cleaned.Count > 0 ? CleaningName : null,
        Prompts = Plan.Prompts.Count,
        Layers = Plan.Layers,
        Seeds = Plan.Seeds,
        Images = Plan.ImageCount,
        Versions = Versions(),
        Machine = Machine.Here(),
        Stages = new Dictionary<string, StageRecord>(),
    };

    private static string? Said(string key) => key.Length > 0 ? key : null;

    private static Dictionary<string, string> Versions() => new()
    {
        ["dlens_repro"] = typeof(Preparation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        ["dotnet"] = Environment.Version.ToString(),
        ["torchsharp"] = VersionOf(typeof(TorchSharp.torch)),
        ["imagesharp"] = VersionOf(typeof(SixLabors.ImageSharp.Image)),
        ["skiasharp"] = VersionOf(typeof(SkiaSharp.SKBitmap)),
        ["scottplot"] = VersionOf(typeof(ScottPlot.Plot)),
    };

    private static string VersionOf(Type type) =>
        (
            type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version!.ToString()
        ).Split('+')[0];
}
