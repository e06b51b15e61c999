using DiffusionLens.Autoencoders;
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

    public static T5EncoderModel T5(ScalarType dtype)
    {
        ModelFolder folder = ModelFolder.Open(PathOf(StageI));
        T5Config config = T5Config.Parse(folder.Config("text_encoder"), folder.ConfigPath("text_encoder"));
        return Filled(new T5EncoderModel(config, new Placement(dtype, CPU)), folder.PathOf("text_encoder"));
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
