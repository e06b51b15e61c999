using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.DeepFloydIF;

/// <summary>
/// The parts of DeepFloyd IF's folders, known to fit each other. One network is in memory at a time, since together they would take more
/// than any of them: asking for another frees the one before. Not to be used from several threads.
/// </summary>
internal sealed class DeepFloydIFParts : IDisposable
{
    /// <summary>The names of the parts that stage I alone has.</summary>
    public const string TextEncoderPart = "text_encoder", TokenizerPart = "tokenizer";

    private const string FinalNormWeight = "encoder.final_layer_norm.weight";

    private readonly ModelFolder _textFolder;
    private readonly LoadOptions _options;
    private nn.Module? _loaded;

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public DeepFloydIFParts(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        (_textFolder, _options) = (stages[0], options);
        Placement = new Placement(options.DType, options.Device ?? CPU);
        Text = TextOf(_textFolder);
        _textFolder.RequireClass(TextEncoderPart, nameof(T5EncoderModel));
        Tokenizer = ReadTokenizer(_textFolder);
        _textFolder.RequireFit(
            Tokenizer.VocabularySize <= Text.VocabularySize,
            $"the tokenizer has {Tokenizer.VocabularySize} pieces, the text encoder rows for {Text.VocabularySize}");
        First = PixelStage.Read(stages[0], Text);
        Second = stages.Count > 1 ? PixelStage.ReadUpscaler(stages[1], First, Text) : null;
        FinalNorm = CheckedWeights();
    }

    public Placement Placement { get; }

    public T5Config Text { get; }

    public T5Tokenizer Tokenizer { get; }

    /// <summary>The text encoder's ln_f, a few numbers that stay when it is freed.</summary>
    public RmsNorm FinalNorm { get; }

    public PixelStage First { get; }

    /// <summary>Null where the cascade ends with small images.</summary>
    public PixelStage? Second { get; }

    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public static T5Tokenizer ReadTokenizer(ModelFolder folder)
        => T5Tokenizer.FromFolder(folder.PathOf(TokenizerPart), className: folder.ComponentClass(TokenizerPart));

    public T5EncoderModel TextEncoder()
        => _loaded as T5EncoderModel ?? Load(() => new T5EncoderModel(Text, Placement), _textFolder, TextEncoderPart);

    public UNet2DConditionModel UNet(PixelStage stage)
        => _loaded is UNet2DConditionModel unet && ReferenceEquals(unet.Config, stage.UNet)
            ? unet
            : Load(() => new UNet2DConditionModel(stage.UNet, Placement), stage.Folder, PixelStage.UNetPart);

    public static T5Config TextOf(ModelFolder stage) => T5Config.Parse(stage.Config(TextEncoderPart), stage.ConfigPath(TextEncoderPart));

    public void Dispose()
    {
        _loaded?.Dispose();
        _loaded = null;
        FinalNorm.Dispose();
    }

    private T Load<T>(Func<T> build, ModelFolder folder, string part)
        where T : nn.Module
    {
        _loaded?.Dispose();
        _loaded = null;
        T module = build().FilledFrom(folder, part, _options.Variant);
        _loaded = module;
        return module;
    }

    /// <summary>
    /// What would be found wrong when a part's turn comes, hours later perhaps, is found now: names and shapes of all weights.
    /// </summary>
    private RmsNorm CheckedWeights()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (PixelStage stage in Second is null ? new[] { First } : [First, Second])
        {
            using WeightFiles unet = stage.Folder.OpenWeights(PixelStage.UNetPart, _options.Variant);
            unet.Check(unet.Shaped(placement => new UNet2DConditionModel(stage.UNet, placement)));
        }

        using WeightFiles text = _textFolder.OpenWeights(TextEncoderPart, _options.Variant);
        text.Check(text.Shaped(placement => new T5EncoderModel(Text, placement)));
        RmsNorm norm = new(Text.Width, Text.NormEpsilon, Placement);
        text.CopyTo(FinalNormWeight, norm.parameters().Single());
        return norm;
    }
}
