using DiffusionLens.Autoencoders;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

/// <summary>The small reference models, rewritten as libraries of 2022 saved them.</summary>
public sealed class OldCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_VAE_with_old_attention_names_and_1x1_convolutions_decodes_as_it_did()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Saved("sd1", "vae", "diffusion_pytorch_model");
        foreach (string name in tensors.Keys.Where(name => name.Contains(".mid_block.attentions.0.", StringComparison.Ordinal)).ToArray())
        {
            tensors.Remove(name, out Tensor? tensor);
            string old = name.Replace("to_q", "query").Replace("to_k", "key").Replace("to_v", "value").Replace("to_out.0", "proj_attn");
            bool isMatrix = tensor!.dim() == 2;
            tensors.Add(old, isMatrix ? tensor.unsqueeze(-1).unsqueeze(-1) : tensor);
        }

        Assert.Equal(4, tensors["decoder.mid_block.attentions.0.proj_attn.weight"].dim());
        AutoencoderKL vae = Reference.Autoencoder("sd1", ScalarType.Float64);
        Reload(vae, "diffusion_pytorch_model.safetensors", tensors);
        Dictionary<string, Tensor> expected = Reference.Load("sd1", "vae");
        TensorAssert.Close(vae.Decode(expected["latents"]), expected["decoded"], 1e-9);
        TensorAssert.Close(vae.Encode(expected["pixels"]).Mean, expected["mean"], 1e-9);
    }

    [Fact]
    public void Position_ids_in_a_text_encoders_file_are_passed_over()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Saved("sd1", "text_encoder", "model");
        tensors.Add("text_model.embeddings.position_ids", arange(77).unsqueeze(0));
        ClipTextModel encoder = Reference.TextEncoder("sd1", ScalarType.Float64);
        Reload(encoder, "model.safetensors", tensors);
        Dictionary<string, Tensor> expected = Reference.Load("sd1", "text");
        TensorAssert.Close(encoder.Trace(expected["input_ids"]).HiddenStates[^1], expected["hidden_states.5"], 1e-9);
    }

    private static Dictionary<string, Tensor> Saved(string pipeline, string part, string stem)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Reference.PathOf(pipeline, part, $"{stem}.safetensors"));
        return file.Entries.Keys.ToDictionary(name => name, file.Read);
    }

    private void Reload(nn.Module module, string file, Dictionary<string, Tensor> tensors)
    {
        using (no_grad())
        {
            foreach (TorchSharp.Modules.Parameter parameter in module.parameters())
            {
                parameter.zero_();
            }
        }

        SafetensorsWriter.Write(_folder[file], tensors);
        using WeightFiles weights = WeightFiles.Open(_folder.Path);
        weights.LoadInto(module);
    }
}
