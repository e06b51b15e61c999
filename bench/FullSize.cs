using System.Text.Json;
using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench;

/// <summary>Networks of full size with made-up weights, made in memory: nothing is read.</summary>
internal static class FullSize
{
    private const string UNetOfSD21 = """
        {
          "_class_name": "UNet2DConditionModel", "act_fn": "silu", "attention_head_dim": [5, 10, 20, 20],
          "block_out_channels": [320, 640, 1280, 1280], "cross_attention_dim": 1024,
          "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
          "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
          "in_channels": 4, "out_channels": 4, "sample_size": 64, "layers_per_block": 2, "norm_eps": 1e-05, "norm_num_groups": 32,
          "flip_sin_to_cos": true, "freq_shift": 0, "use_linear_projection": true, "upcast_attention": true
        }
        """;

    private const string AutoencoderOfSD21 = """
        {
          "_class_name": "AutoencoderKL", "act_fn": "silu", "block_out_channels": [128, 256, 512, 512],
          "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
          "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
          "in_channels": 3, "out_channels": 3, "latent_channels": 4, "layers_per_block": 2, "norm_num_groups": 32, "sample_size": 512
        }
        """;

    private const string EncoderT5Xxl = """
        {
          "vocab_size": 32128, "d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64,
          "feed_forward_proj": "gated-gelu", "dense_act_fn": "gelu_new", "relative_attention_num_buckets": 32,
          "relative_attention_max_distance": 128, "layer_norm_epsilon": 1e-06
        }
        """;

    /// <summary>Stable Diffusion 2.1's denoiser.</summary>
    /// <param name="placement">Where and in which type; <c>meta</c> for shapes alone.</param>
    /// <param name="upcasts">Whether half precision is attended in float32, as the model has it; 1.5, XL and others do not.</param>
    public static UNet2DConditionModel UNet(Placement placement, bool upcasts = true)
        => Filled(new UNet2DConditionModel(
            UNet2DConditionConfig.Parse(Json(UNetOfSD21), "config.json") with { UpcastAttention = upcasts }, placement));

    /// <summary>Stable Diffusion's autoencoder.</summary>
    public static AutoencoderKL Autoencoder(Placement placement)
        => Filled(new AutoencoderKL(AutoencoderKLConfig.Parse(Json(AutoencoderOfSD21), "config.json"), placement));

    /// <summary>T5-XXL's first blocks.</summary>
    public static T5EncoderModel TextEncoder(int blocks, Placement placement)
        => Filled(new T5EncoderModel(T5Config.Parse(Json(EncoderT5Xxl), "config.json") with { LayerCount = blocks }, placement));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>Biases 0, scales 1, everything else normal and so small that states keep their size.</summary>
    private static T Filled<T>(T network)
        where T : nn.Module
    {
        const int Block = 1 << 22;
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor noise = randn(Block);
        IEnumerable<(string, Parameter)> held = network.named_parameters().Where(entry => entry.parameter.device_type != DeviceType.META);
        foreach ((string name, Parameter weight) in held)
        {
            using DisposeScope one = NewDisposeScope();
            if (weight.dim() < 2)
            {
                _ = weight.fill_(name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1);
                continue;
            }

            Tensor values = noise.Times(0.5 / Math.Sqrt(weight[0].numel())).to(weight.dtype), flat = weight.view(-1);
            foreach (Tensor part in flat.split(Block))
            {
                _ = part.copy_(values.narrow(0, 0, part.numel()));
            }
        }

        return network;
    }
}
