namespace DiffusionLens.Weights.SingleFiles;

/// <summary>Names of a CLIP text encoder's modules: those of transformers, which need no change, and OpenCLIP's.</summary>
internal static class TextEncoderNames
{
    /// <summary>Of OpenCLIP's blocks: what they are called, so that one can be known that the model does not read.</summary>
    public const string OpenClipBlocks = "transformer.resblocks.";

    /// <summary>OpenCLIP's map of the end token's state into the space of images, transposed.</summary>
    public const string Projection = "text_projection";

    /// <summary>Transformers' names, in old files without <c>text_model.</c>.</summary>
    public static ModuleNames Transformers()
    {
        ModuleNames names = new();
        foreach (string module in new[] { "embeddings", "encoder", "final_layer_norm" })
        {
            names.Add($"text_model.{module}", $"text_model.{module}");
            names.Add(module, $"text_model.{module}");
        }

        return names;
    }

    /// <summary>OpenCLIP's names.</summary>
    /// <param name="layers">How many blocks are read.</param>
    /// <param name="isProjected">Whether the model reads a pooled vector, which goes through the projection.</param>
    public static ModuleNames OpenClip(int layers, bool isProjected)
    {
        ModuleNames names = new();
        names.Add("token_embedding", "text_model.embeddings.token_embedding");
        names.Add("positional_embedding", "text_model.embeddings.position_embedding.weight");
        for (int layer = 0; layer < layers; layer++)
        {
            AddBlock(names, $"{OpenClipBlocks}{layer}", $"text_model.encoder.layers.{layer}");
        }

        names.Add("ln_final", "text_model.final_layer_norm");
        if (isProjected)
        {
            names.AddTransposed(Projection, "text_projection.weight");
        }

        return names;
    }

    private static void AddBlock(ModuleNames names, string file, string folder)
    {
        names.Add($"{file}.ln_1", $"{folder}.layer_norm1");
        names.Add($"{file}.ln_2", $"{folder}.layer_norm2");
        names.Add($"{file}.mlp.c_fc", $"{folder}.mlp.fc1");
        names.Add($"{file}.mlp.c_proj", $"{folder}.mlp.fc2");
        string attention = $"{folder}.self_attn";
        names.Add($"{file}.attn.out_proj", $"{attention}.out_proj");
        foreach (string kind in new[] { "weight", "bias" })
        {
            names.AddThirds(
                $"{file}.attn.in_proj_{kind}", $"{attention}.q_proj.{kind}", $"{attention}.k_proj.{kind}", $"{attention}.v_proj.{kind}");
        }
    }
}
