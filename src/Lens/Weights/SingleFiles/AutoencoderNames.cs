using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>
/// CompVis' names of an autoencoder's modules. Its decoder counts levels from the image down, diffusers' in the order in which they run.
/// </summary>
internal static class AutoencoderNames
{
    /// <param name="config">The autoencoder's config.</param>
    /// <param name="source">What the config is called in errors.</param>
    /// <exception cref="BadInputException">The config does not say how many levels there are.</exception>
    public static ModuleNames Of(JsonElement config, string source)
    {
        ConfigReader reader = new(config, source);
        int levels = reader.Ints("block_out_channels", [], 1, Most.Any).Length, layers = reader.Count("layers_per_block", 1, Most.Layers);
        if (levels == 0)
        {
            throw reader.Error("names no block_out_channels, a number for each level");
        }

        ModuleNames names = new();
        foreach (string half in new[] { "encoder", "decoder" })
        {
            names.Add($"{half}.conv_in", $"{half}.conv_in");
            names.Add($"{half}.conv_out", $"{half}.conv_out");
            names.Add($"{half}.norm_out", $"{half}.conv_norm_out");
            AddMiddle(names, $"{half}.mid", $"{half}.mid_block");
        }

        for (int level = 0; level < levels; level++)
        {
            int reversed = levels - 1 - level;
            AddResnets(names, $"encoder.down.{level}.block", $"encoder.down_blocks.{level}.resnets", layers);
            AddResnets(names, $"decoder.up.{level}.block", $"decoder.up_blocks.{reversed}.resnets", layers + 1);
            names.Add($"encoder.down.{level}.downsample.conv", $"encoder.down_blocks.{level}.downsamplers.0.conv");
            names.Add($"decoder.up.{level}.upsample.conv", $"decoder.up_blocks.{reversed}.upsamplers.0.conv");
        }

        names.Add("quant_conv", "quant_conv");
        names.Add("post_quant_conv", "post_quant_conv");
        return names;
    }

    private static void AddMiddle(ModuleNames names, string file, string folder)
    {
        AddResnet(names, $"{file}.block_1", $"{folder}.resnets.0");
        AddResnet(names, $"{file}.block_2", $"{folder}.resnets.1");
        string attention = $"{folder}.attentions.0";
        names.Add($"{file}.attn_1.norm", $"{attention}.group_norm");
        names.Add($"{file}.attn_1.q", $"{attention}.to_q");
        names.Add($"{file}.attn_1.k", $"{attention}.to_k");
        names.Add($"{file}.attn_1.v", $"{attention}.to_v");
        names.Add($"{file}.attn_1.proj_out", $"{attention}.to_out.0");
    }

    private static void AddResnets(ModuleNames names, string file, string folder, int count)
    {
        for (int place = 0; place < count; place++)
        {
            AddResnet(names, $"{file}.{place}", $"{folder}.{place}");
        }
    }

    private static void AddResnet(ModuleNames names, string file, string folder)
    {
        foreach (string module in new[] { "norm1", "conv1", "norm2", "conv2" })
        {
            names.Add($"{file}.{module}", $"{folder}.{module}");
        }

        names.Add($"{file}.nin_shortcut", $"{folder}.conv_shortcut");
    }
}
