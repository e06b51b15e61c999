using DiffusionLens.Weights;
using DiffusionLens.Weights.SingleFiles;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights.SingleFiles;

public sealed class OtherFileTests : IDisposable
{
    private static readonly string[] Whole =
    [
        "model.diffusion_model.input_blocks.0.0.weight",
        "first_stage_model.quant_conv.bias",
        "cond_stage_model.transformer.text_model.final_layer_norm.bias",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("is a LoRA", "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", "lora_te_text_model_mlp_fc1.alpha")]
    [InlineData("is a LoRA", "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.up.weight")]
    [InlineData("is a LoRA", "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight")]
    [InlineData("is a LoRA", "lora_unet_mid_block_attentions_0_proj_in.hada_w1_a")]
    [InlineData("is a LoRA", "double_blocks.0.processor.proj_lora1.down.weight", "double_blocks.0.processor.proj_lora1.up.weight")]
    [InlineData("is a ControlNet", "control_model.input_blocks.0.0.weight", "control_model.zero_convs.0.0.weight")]
    [InlineData("is a ControlNet", "controlnet_cond_embedding.conv_in.weight", "down_blocks.0.resnets.0.conv1.weight")]
    [InlineData("is an IP-Adapter", "image_proj.proj.weight", "ip_adapter.1.to_k_ip.weight")]
    [InlineData("video", "down_blocks.0.motion_modules.0.temporal_transformer.proj_in.weight")]
    [InlineData("is a Stable Diffusion 3 model", "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight", "vae.conv.weight")]
    [InlineData("is a FLUX model", "double_blocks.0.img_attn.qkv.weight")]
    [InlineData("is a FLUX model", "model.diffusion_model.double_blocks.0.img_attn.qkv.weight", "vae.decoder.conv_in.weight")]
    [InlineData("is a diffusion transformer", "transformer_blocks.0.attn.to_q.weight")]
    [InlineData("unCLIP", "noise_augmentor.time_embed.0.weight", "embedder.model.visual.proj", "cond_stage_model.model.ln_final.bias")]
    [InlineData("Playground", "edm_mean", "edm_std")]
    [InlineData("CosXL", "edm_vpred.sigma_max", "edm_vpred.sigma_min")]
    [InlineData("an autoencoder (VAE) alone", "encoder.down.0.block.0.conv1.weight", "decoder.up.0.block.0.conv1.weight")]
    [InlineData("an autoencoder (VAE) alone", "first_stage_model.encoder.down.0.block.0.conv1.weight")]
    [InlineData("an autoencoder (VAE) alone", "encoder.down_blocks.0.resnets.0.conv1.weight", "decoder.up_blocks.0.resnets.0.conv1.weight")]
    [InlineData("a UNet alone", "model.diffusion_model.time_embed.0.bias")]
    [InlineData("a UNet alone", "down_blocks.0.resnets.0.conv1.weight", "mid_block.resnets.0.conv1.weight")]
    [InlineData("a UNet alone", "input_blocks.0.0.weight", "out.2.bias")]
    [InlineData("a text encoder alone", "text_model.embeddings.token_embedding.weight")]
    [InlineData("a text encoder alone", "cond_stage_model.transformer.text_model.final_layer_norm.bias")]
    [InlineData("no autoencoder", "model.diffusion_model.time_embed.0.bias", "cond_stage_model.transformer.text_model.embeddings.x")]
    [InlineData("no text encoder", "model.diffusion_model.time_embed.0.bias", "first_stage_model.quant_conv.bias")]
    [InlineData("its tensors are such as 'body.weight'", "body.weight", "head.weight")]
    public void What_is_no_checkpoint_is_called_what_it_is(string what, params string[] names)
        => Assert.Contains(what, Refused(names), StringComparison.Ordinal);

    [Fact]
    public void The_refiner_of_XL_is_known_by_the_width_of_the_text_that_its_UNet_reads()
        => Assert.Contains(
            "is Stable Diffusion XL's refiner",
            Refused(
                [
                    "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight",
                    "first_stage_model.quant_conv.bias",
                    "conditioner.embedders.0.model.ln_final.bias",
                ],
                [768, 1280]),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("emb_params")]
    [InlineData("clip_l", "clip_g")]
    [InlineData("<my-cat>")]
    public void A_textual_inversion_is_called_so(params string[] names)
        => Assert.Contains("is a textual inversion", Refused(names, [4, 768]), StringComparison.Ordinal);

    [Theory]
    [InlineData("adapter.body.0.block1.weight")]
    [InlineData("body.0.in_conv.weight")]
    public void An_adapter_is_called_so(string name) => Assert.Contains("is an adapter", Refused(name), StringComparison.Ordinal);

    [Theory]
    [InlineData(9, "an inpainting model")]
    [InlineData(8, "pix2pix")]
    [InlineData(5, "a depth-to-image model")]
    [InlineData(7, "an upscaler")]
    [InlineData(16, "16 channels")]
    public void Models_that_read_more_than_latents_are_known_by_their_first_convolution(int channels, string what)
        => Assert.Contains(what, Refused(Whole, [320, channels, 3, 3]), StringComparison.Ordinal);

    [Fact]
    public void A_whole_checkpoint_is_let_through() => OtherFile.Refuse(File(Whole, [320, 4, 3, 3]));

    [Fact]
    public void An_empty_file_is_said_to_be_empty() => Assert.Contains("no tensor at all", Refused(), StringComparison.Ordinal);

    [Theory]
    [InlineData("model.ckpt")]
    [InlineData("model.pt")]
    [InlineData("model.bin")]
    [InlineData("model.PTH")]
    public void A_pickle_is_refused_by_its_name_with_the_way_out(string name)
    {
        System.IO.File.WriteAllText(_folder[name], "anything");

        string error = Assert.Throws<BadInputException>(() => ModelFolder.Open(_folder[name])).Message;

        Assert.StartsWith($"{_folder[name]}: is a pickle", error, StringComparison.Ordinal);
        Assert.Contains("safetensors.torch.save_file", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0 }, "is a pickle")]
    [InlineData(new byte[] { 0x80, 2, 0x8a, 10, 0 }, "is a pickle")]
    [InlineData(new byte[] { (byte)'G', (byte)'G', (byte)'U', (byte)'F', 3, 0 }, "is a GGUF file")]
    [InlineData(new byte[] { (byte)'h' }, "is no safetensors file")]
    public void What_only_calls_itself_safetensors_is_known_by_its_first_bytes(byte[] content, string what)
    {
        System.IO.File.WriteAllBytes(_folder["model.safetensors"], content);

        string error = Assert.Throws<BadInputException>(() => ModelFolder.Open(_folder["model.safetensors"])).Message;

        Assert.Contains(what, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F8_E4M3")]
    [InlineData("F8_E5M2")]
    public void Tensors_of_eight_bits_are_named_with_the_way_out(string dtype)
    {
        string header = $"{{\"model.diffusion_model.out.2.bias\":{{\"dtype\":\"{dtype}\",\"shape\":[4],\"data_offsets\":[0,4]}}}}";
        System.IO.File.WriteAllBytes(
            _folder["model.safetensors"],
            [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header), 0, 0, 0, 0]);

        string error = Assert.Throws<BadInputException>(() => ModelFolder.Open(_folder["model.safetensors"])).Message;

        Assert.Contains("float8", error, StringComparison.Ordinal);
        Assert.Contains("float16 file", error, StringComparison.Ordinal);
    }

    private static string Refused(params string[] names) => Refused(names, [320, 4, 3, 3]);

    private static string Refused(string[] names, long[] shape)
    {
        string error = Assert.Throws<BadInputException>(() => OtherFile.Refuse(File(names, shape))).Message;
        Assert.StartsWith("model.safetensors: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        return error;
    }

    private static CheckpointFile File(string[] names, long[] shape) => new(
        "model.safetensors",
        names.ToDictionary(name => name, name => new TensorEntry(name, ScalarType.Float16, shape)),
        new Dictionary<string, string>());
}
