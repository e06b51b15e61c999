using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

/// <summary>
/// The committed outputs of diffusers and transformers, and the small models that they were computed with (<c>reference/README.md</c>).
/// Tensors and networks belong to the caller's dispose scope.
/// </summary>
internal static class Reference
{
    /// <summary>What the libraries compute, with the float32 islands they have in float64 modules too.</summary>
    public const string AsTheyAre = "expected";

    /// <summary>The same with the islands raised to float64.</summary>
    public const string Double = "expected_double";

    /// <summary>The two pipelines of DeepFloyd IF; the second has no text encoder.</summary>
    public const string StageI = "if/stage_I", StageII = "if/stage_II";

    /// <summary>Stable Diffusion XL.</summary>
    public const string XL = "later/sdxl";

    /// <summary>SD 3.5's form, with one dual block, and FLUX.1.</summary>
    public const string SD3 = "later/sd3", Flux = "later/flux";

    /// <summary>PixArt-Sigma, with PixArt-Alpha's transformer beside its own.</summary>
    public const string PixArt = "pixart";

    public static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "reference", .. parts]);

    /// <summary>All tensors of <c>{folder}/{precision}/{file}.safetensors</c>; a file that is the same in both is there once.</summary>
    public static Dictionary<string, Tensor> Load(string folder, string file, string precision = AsTheyAre)
    {
        string path = PathOf(folder, precision, $"{file}.safetensors");
        using SafetensorsFile opened = SafetensorsFile.Open(File.Exists(path) ? path : PathOf(folder, AsTheyAre, $"{file}.safetensors"));
        return opened.Entries.Keys.ToDictionary(name => name, opened.Read);
    }

    public static ClipTextModel TextEncoder(string pipeline, ScalarType dtype)
    {
        ModelFolder folder = ModelFolder.Open(PathOf(pipeline));
        ClipTextConfig config = ClipTextConfig.Parse(folder.Config("text_encoder"), folder.ConfigPath("text_encoder"));
        return Filled(new ClipTextModel(config, new Placement(dtype, CPU)), folder.PathOf("text_encoder"));
    }

    public static T5EncoderModel T5(ScalarType dtype, string pipeline = StageI, string part = "text_encoder")
    {
        ModelFolder folder = ModelFolder.Open(PathOf(pipeline));
        T5Config config = T5Config.Parse(folder.Config(part), folder.ConfigPath(part));
        return Filled(new T5EncoderModel(config, new Placement(dtype, CPU)), folder.PathOf(part));
    }

    public static SD3Transformer2DModel SD3Transformer(ScalarType dtype)
    {
        ModelFolder folder = ModelFolder.Open(PathOf(SD3));
        SD3TransformerConfig config = SD3TransformerConfig.Parse(folder.Config("transformer"), folder.ConfigPath("transformer"));
        return Filled(new SD3Transformer2DModel(config, new Placement(dtype, CPU)), folder.PathOf("transformer"));
    }

    /// <param name="dtype">The type.</param>
    /// <param name="part">Which of the pipeline's two: the other is told the scale of guidance.</param>
    public static FluxTransformer2DModel FluxTransformer(ScalarType dtype, string part = "transformer")
    {
        string folder = PathOf(Flux, part), path = Path.Combine(folder, "config.json");
        FluxTransformerConfig config = FluxTransformerConfig.Parse(ConfigFile.ReadObject(path), path);
        return Filled(new FluxTransformer2DModel(config, new Placement(dtype, CPU)), folder);
    }

    /// <param name="dtype">The type.</param>
    /// <param name="part">Which of the two: Sigma's, or Alpha's, which is told the image's size.</param>
    public static PixArtTransformer2DModel PixArtTransformer(ScalarType dtype, string part = "transformer")
    {
        string folder = PathOf(PixArt, part), path = Path.Combine(folder, "config.json");
        PixArtTransformerConfig config = PixArtTransformerConfig.Parse(ConfigFile.ReadObject(path), path);
        return Filled(new PixArtTransformer2DModel(config, new Placement(dtype, CPU)), folder);
    }

    public static UNet2DConditionModel UNet(string pipeline, ScalarType dtype)
    {
        ModelFolder folder = ModelFolder.Open(PathOf(pipeline));
        UNet2DConditionConfig config = UNet2DConditionConfig.Parse(folder.Config("unet"), folder.ConfigPath("unet"));
        return Filled(new UNet2DConditionModel(config, new Placement(dtype, CPU)), folder.PathOf("unet"));
    }

    public static AutoencoderKL Autoencoder(string pipeline, ScalarType dtype)
    {
        ModelFolder folder = ModelFolder.Open(PathOf(pipeline));
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(folder.Config("vae"), folder.ConfigPath("vae"));
        return Filled(new AutoencoderKL(config, new Placement(dtype, CPU)), folder.PathOf("vae"));
    }

    private static T Filled<T>(T module, string folder)
        where T : nn.Module
    {
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(module);
        return module;
    }
}
