using DiffusionLens.Autoencoders;
using DiffusionLens.Pipelines;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>NaN and infinity end with an error that says where they arose, and of weights that are damaged which.</summary>
public sealed class NotFiniteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "text_encoder/model.safetensors", "text_model.encoder.layers.2.mlp.fc1.bias", double.NaN, "in its block 3 (layer 3)")]
    [InlineData("text_encoder/model.safetensors", "text_model.final_layer_norm.bias", double.PositiveInfinity, "in its final norm")]
    [InlineData(
        "text_encoder/model.safetensors", "text_model.embeddings.position_embedding.weight", double.NegativeInfinity, "in its embeddings")]
    [InlineData("unet/diffusion_pytorch_model.safetensors", "conv_out.bias", double.NaN, "the denoiser at step 1 of 2 (timestep")]
    [InlineData("vae/diffusion_pytorch_model.safetensors", "decoder.conv_out.bias", double.NaN, "the autoencoder")]
    public void A_damaged_weight_of_stable_diffusion_is_named_with_the_place_where_it_shows(
        string file, string tensor, double value, string place)
    {
        Copy(Reference.PathOf("sd1"), "");
        Damage(file, tensor, value);

        string message = ErrorOf([_folder.Path]);

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains($"the weights are damaged ({tensor}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stage_I/text_encoder/model.safetensors", "encoder.block.1.layer.0.layer_norm.weight", "in its block 2 (layer 2)")]
    [InlineData("stage_I/unet/diffusion_pytorch_model.safetensors", "conv_out.bias", "the denoiser at step 1 of 2")]
    [InlineData("stage_II/unet/diffusion_pytorch_model.safetensors", "conv_out.bias", "the denoiser at step 1 of 2")]
    public void So_is_one_of_DeepFloyd_IF(string file, string tensor, string place)
    {
        SmallCascade.CopyTo(_folder);
        Damage(file, tensor, double.PositiveInfinity);

        string message = ErrorOf([_folder["stage_I"], _folder["stage_II"]]);

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains($"the weights are damaged ({tensor} in {_folder[file.Split('/')[0]]}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_noise_schedule_that_would_divide_by_zero_is_refused_by_its_key()
    {
        Copy(Reference.PathOf("sd1"), "");
        SmallCascade.Change(_folder, "scheduler/scheduler_config.json", "beta_end", "1.0");

        Assert.EndsWith(
            "scheduler_config.json: beta_end is 1.0; it must be a number above 0, at most 0.9999",
            ErrorOf([_folder.Path], "euler"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Float16_is_blamed_for_what_it_cannot_hold()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor latents = DiffusionLens.Runtime.Noise.Normal(1, 1, 4, 8, 8);
        Assert.True(FiniteCheck.AreFinite(Wide(ScalarType.Float32).Decode(latents)));

        string message = Assert.Throws<BadInputException>(
            () => Wide(ScalarType.Float16).Decode(latents.to_type(ScalarType.Float16))).Message;

        Assert.Equal("NaN or infinity arose in the autoencoder; float16 ends at 65504; compute in bfloat16 or float32", message);

        static AutoencoderKL Wide(ScalarType dtype)
        {
            AutoencoderKL autoencoder = Reference.Autoencoder("sd1", dtype);
            using (no_grad())
            {
                autoencoder.get_parameter("decoder.conv_in.weight")!.fill_(5e4);
            }

            return autoencoder;
        }
    }

    [Fact]
    public void Values_as_large_as_a_type_holds_are_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.True(FiniteCheck.AreFinite(full([1000], 65504, ScalarType.Float16), full([1000], float.MaxValue, ScalarType.Float32)));
        Assert.False(FiniteCheck.AreFinite(zeros(3), tensor([1f, float.PositiveInfinity, float.NegativeInfinity])));
        Assert.False(FiniteCheck.AreFinite(tensor([1f, float.NaN]), zeros(3)));
    }

    private static string ErrorOf(string[] folders, string scheduler = "euler") => Assert.Throws<BadInputException>(() =>
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(folders);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("a dog");
        lens.Images(encoding, [new(model.LayerCount)], [0], new SamplerSettings { Steps = 2, Scheduler = scheduler });
    }).Message;

    private void Copy(string from, string to)
    {
        foreach (string source in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains("expected", StringComparison.Ordinal)))
        {
            string target = Path.Combine(_folder[to], Path.GetRelativePath(from, source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(source));
        }
    }

    private void Damage(string file, string name, double value)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile weights = SafetensorsFile.Open(_folder[file]))
        {
            tensors = weights.Entries.Keys.ToDictionary(key => key, weights.Read);
        }

        tensors[name].view(-1)[0] = tensor(value, tensors[name].dtype);
        SafetensorsWriter.Write(_folder[file], tensors);
    }
}
