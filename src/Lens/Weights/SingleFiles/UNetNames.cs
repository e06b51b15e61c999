using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>
/// CompVis' names of a UNet's modules. Its blocks are numbered through, down to the deepest level and up again; diffusers numbers levels,
/// and the places in each. Both run from the deepest level up on the way back.
/// </summary>
internal static class UNetNames
{
    /// <param name="config">The UNet's config.</param>
    /// <param name="source">What the config is called in errors.</param>
    /// <exception cref="BadInputException">The config does not say how many blocks there are.</exception>
    public static ModuleNames Of(JsonElement config, string source)
    {
        ConfigReader reader = new(config, source);
        string[] down = reader.Texts("down_block_types", []), up = reader.Texts("up_block_types", []);
        int[] layers = reader.Ints("layers_per_block", [], 1, Most.Layers, down.Length);
        if (down.Length == 0 || up.Length != down.Length || layers.Length != down.Length)
        {
            throw reader.Error("down_block_types, up_block_types and layers_per_block must be of as many levels, one or more");
        }

        ModuleNames names = new();
        names.Add("time_embed.0", "time_embedding.linear_1");
        names.Add("time_embed.2", "time_embedding.linear_2");
        if (reader.Text("addition_embed_type", "") == "text_time")
        {
            names.Add("label_emb.0.0", "add_embedding.linear_1");
            names.Add("label_emb.0.2", "add_embedding.linear_2");
        }

        AddDown(names, down, layers);
        AddResnet(names, "middle_block.0", "mid_block.resnets.0");
        names.Add("middle_block.1", "mid_block.attentions.0");
        AddResnet(names, "middle_block.2", "mid_block.resnets.1");
        AddUp(names, up, [.. layers.Reverse()]);
        names.Add("out.0", "conv_norm_out");
        names.Add("out.2", "conv_out");
        return names;
    }

    private static void AddDown(ModuleNames names, string[] types, int[] layers)
    {
        names.Add("input_blocks.0.0", "conv_in");
        int block = 1;
        for (int level = 0; level < types.Length; level++)
        {
            for (int place = 0; place < layers[level]; place++, block++)
            {
                AddResnet(names, $"input_blocks.{block}.0", $"down_blocks.{level}.resnets.{place}");
                if (HasAttention(types[level]))
                {
                    names.Add($"input_blocks.{block}.1", $"down_blocks.{level}.attentions.{place}");
                }
            }

            if (level < types.Length - 1)
            {
                names.Add($"input_blocks.{block++}.0.op", $"down_blocks.{level}.downsamplers.0.conv");
            }
        }
    }

    private static void AddUp(ModuleNames names, string[] types, int[] layers)
    {
        int block = 0;
        for (int level = 0; level < types.Length; level++)
        {
            for (int place = 0; place <= layers[level]; place++, block++)
            {
                AddResnet(names, $"output_blocks.{block}.0", $"up_blocks.{level}.resnets.{place}");
                if (HasAttention(types[level]))
                {
                    names.Add($"output_blocks.{block}.1", $"up_blocks.{level}.attentions.{place}");
                }
            }

            if (level < types.Length - 1)
            {
                int inBlock = HasAttention(types[level]) ? 2 : 1;
                names.Add($"output_blocks.{block - 1}.{inBlock}.conv", $"up_blocks.{level}.upsamplers.0.conv");
            }
        }
    }

    private static bool HasAttention(string blockType) => blockType.Contains("CrossAttn", StringComparison.Ordinal);

    private static void AddResnet(ModuleNames names, string file, string folder)
    {
        names.Add($"{file}.in_layers.0", $"{folder}.norm1");
        names.Add($"{file}.in_layers.2", $"{folder}.conv1");
        names.Add($"{file}.emb_layers.1", $"{folder}.time_emb_proj");
        names.Add($"{file}.out_layers.0", $"{folder}.norm2");
        names.Add($"{file}.out_layers.3", $"{folder}.conv2");
        names.Add($"{file}.skip_connection", $"{folder}.conv_shortcut");
    }
}
