using DiffusionLens.Families;
using DiffusionLens.Pipelines;

namespace DiffusionLens.Tests.Folders;

/// <summary>Folders that are no model, or not all of one: the error says what they are.</summary>
public sealed class FolderMessageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sharded_incomplete", "unet", "diffusion_pytorch_model-00002-of-00002.safetensors", "not there")]
    [InlineData("bin_alone", "vae", "diffusion_pytorch_model.bin", "is a pickle", "run any code", "safe_serialization=True")]
    public void Weights_that_cannot_be_read_are_named(string name, params string[] says)
    {
        ReferenceFolders.LayOver(name, _folder);
        AssertRefused(_folder.Path, says);
    }

    [Theory]
    [InlineData("lora_alone", "is a LoRA (pytorch_lora_weights.safetensors", "not a model")]
    [InlineData("lora_kohya", "is a LoRA (style.safetensors, with lora_unet_", "not a model")]
    [InlineData("textual_inversion", "is a textual inversion embedding (learned_embeds.safetensors, <my-thing>)", "not a model")]
    [InlineData(
        "unet_alone",
        "is a UNet2DConditionModel alone (config.json names it), not a pipeline",
        "text encoder, autoencoder, tokenizer and scheduler are missing")]
    [InlineData("controlnet", "is a ControlNetModel (config.json names it), not a pipeline")]
    public void What_is_no_pipeline_is_called_what_it_is(string name, params string[] says)
        => AssertRefused(ReferenceFolders.Alone(name), says);

    [Theory]
    [InlineData("unet", "is a UNet2DConditionModel alone", "text encoder, autoencoder, tokenizer and scheduler are missing")]
    [InlineData("vae", "is an AutoencoderKL alone", "text encoder, denoiser, tokenizer and scheduler are missing")]
    [InlineData("text_encoder", "is a CLIPTextModel alone", "denoiser, autoencoder, tokenizer and scheduler are missing")]
    [InlineData("scheduler", "is a DDIMScheduler alone", "text encoder, denoiser, autoencoder and tokenizer are missing")]
    [InlineData("tokenizer", "is a tokenizer alone")]
    public void Each_part_of_a_pipeline_is_told_from_a_pipeline(string part, params string[] says)
        => AssertRefused(Path.Combine(ReferenceFolders.Alone("base"), part), says);

    [Fact]
    public void A_LoRAs_file_is_called_one_too()
        => AssertRefused(Path.Combine(ReferenceFolders.Alone("lora_kohya"), "style.safetensors"), "is a LoRA (style.safetensors");

    [Fact]
    public void A_download_that_was_broken_off_is_told_with_all_that_is_missing()
    {
        ReferenceFolders.MakeHub(_folder);
        AssertRefused(
            _folder["models--someone--broken-off"],
            "the download is not complete: text_encoder, unet and vae have no weights",
            ".incomplete blob is there",
            "hf download someone/broken-off");
    }

    [Fact]
    public void A_snapshot_that_holds_little_says_which_parts_are_not_there()
    {
        ReferenceFolders.MakeHub(_folder);
        AssertRefused(
            _folder["models--someone--no-refs"],
            ReferenceFolders.OlderCommit,
            "not all of the model is there: tokenizer, text_encoder, unet and vae are not there",
            "hf download someone/no-refs");
    }

    [Fact]
    public void Parts_that_were_not_copied_are_all_named()
    {
        ReferenceFolders.LayOver("base", _folder);
        Directory.Delete(_folder["unet"], recursive: true);
        Directory.Delete(_folder["tokenizer"], recursive: true);
        File.Delete(_folder["vae/diffusion_pytorch_model.safetensors"]);
        AssertRefused(_folder.Path, "not all of the model is there: tokenizer and unet are not there, vae has no weights");
    }

    [Theory]
    [InlineData("flax_model.msgpack", "Flax's weights")]
    [InlineData("tf_model.h5", "TensorFlow's weights")]
    [InlineData("openvino_model.bin", "OpenVINO's weights")]
    [InlineData("model.onnx", "ONNX's weights")]
    [InlineData("unet.gguf", "llama.cpp's weights")]
    public void Other_programs_files_are_named_where_nothing_else_is_there(string file, string whose)
    {
        ReferenceFolders.LayOver("base", _folder);
        File.Move(_folder["unet/diffusion_pytorch_model.safetensors"], _folder[$"unet/{file}"]);
        AssertRefused(_folder.Path, "unet", "only other programs' weights", file, whose.Split(' ')[0]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bf16")]
    public void A_variant_that_no_part_has_is_refused_with_those_that_there_are(string? asked)
    {
        ReferenceFolders.LayOver("fp16_beside", _folder);
        BadInputException refusal = Assert.Throws<BadInputException>(
            () => TextToImageModel.Load(_folder.Path, new LoadOptions(Variant: asked ?? "FP32")));
        Assert.Contains($"no part has weights of variant '{asked ?? "FP32"}'; there are fp16", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string folder, params string[] says)
    {
        Action[] uses = [() => TextToImageModel.Load(folder), () => ModelFamily.Of([folder]).Identity([folder], new(), new())];
        foreach (Action use in uses)
        {
            BadInputException refusal = Assert.Throws<BadInputException>(use);
            Assert.All(says, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }
}
