using DiffusionLens.Pipelines;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Folders;

/// <summary>Folders as people have them give the images that diffusers makes of them, or of their weights under today's names.</summary>
public sealed class FolderParityTests : IDisposable
{
    // The reference has diffusers' float32 timestep sinusoids; weights rounded once too often would be off by 1e-4.
    private const double Tolerance = 1e-6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("base", "base")]
    [InlineData("fp16_alone", "base")]
    [InlineData("fp16_alone", "base", "FP16")]
    [InlineData("fp16_beside", "fp16_beside")]
    [InlineData("fp16_beside", "fp16_beside.fp16", "fp16")]
    [InlineData("fp16_beside", "fp16_beside.fp16", "FP16")]
    [InlineData("non_ema_beside", "base")]
    [InlineData("sharded", "base")]
    [InlineData("bin_beside", "base")]
    [InlineData("text_without_prefix", "base")]
    [InlineData("text_position_ids", "base")]
    [InlineData("vae_old_names", "base")]
    [InlineData("mixed_precision", "mixed_precision")]
    [InlineData("safety_checker", "base")]
    public void A_folder_gives_its_image(string name, string image, string? variant = null)
    {
        ReferenceFolders.LayOver(name, _folder);
        AssertImage(image, _folder.Path, "ddim", variant);
    }

    [Fact]
    public void A_tokenizer_json_alone_gives_the_image_of_the_older_files()
    {
        ReferenceFolders.LayOver("base", _folder);
        Directory.Delete(_folder["tokenizer"], recursive: true);
        ReferenceFolders.CopyFolder(ReferenceFolders.Alone("tokenizer_json/clip"), _folder["tokenizer"]);
        AssertImage("base", _folder.Path, "ddim");
    }

    [Theory]
    [InlineData("models--someone--small-model")]
    [InlineData("models--someone--small-model/")]
    [InlineData("models--someone--small-model/snapshots")]
    [InlineData($"models--someone--small-model/snapshots/{ReferenceFolders.MainCommit}")]
    public void A_model_of_the_hubs_cache_is_the_commit_that_refs_main_names(string path)
    {
        ReferenceFolders.MakeHub(_folder);
        Directory.SetLastWriteTimeUtc(_folder[$"models--someone--small-model/snapshots/{ReferenceFolders.OlderCommit}"], DateTime.UtcNow);
        AssertImage("base", _folder[path], "ddim");
    }

    [Fact]
    public void An_older_commit_is_taken_where_its_snapshot_is_named()
    {
        ReferenceFolders.MakeHub(_folder);
        string older = _folder[$"models--someone--small-model/snapshots/{ReferenceFolders.OlderCommit}"];

        // As diffusers has it, model_index.json's class holds; its scheduler_config.json was written by another.
        Assert.Equal("EulerDiscreteScheduler", ModelFolder.Open(older).Config("scheduler").GetProperty("_class_name").GetString());
        Assert.Equal("DDIMScheduler", ModelFolder.Open(older).ComponentClass("scheduler"));
        AssertImage("hub.older_commit", older, "ddim");
    }

    [Fact]
    public void Files_beside_the_ones_that_are_read_do_not_change_the_models_identity()
    {
        string plain = Identity("base");
        Assert.Equal(plain, Identity("bin_beside"));
        Assert.Equal(plain, Identity("non_ema_beside"));
        Assert.Equal(plain, Identity("text_without_prefix"));
        Assert.Equal(plain, Identity("text_position_ids"));
        Assert.Equal(plain, Identity("sharded"));
        Assert.NotEqual(plain, Identity("fp16_beside"));

        static string Identity(string name)
        {
            using TemporaryFolder model = new();
            ReferenceFolders.LayOver(name, model);
            return DiffusionLens.Families.ModelFamily.Of([model.Path]).Identity([model.Path], new LoadOptions(), new DigestCache()).Sha256;
        }
    }

    private static void AssertImage(string name, string folder, string scheduler, string? variant = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(folder, new LoadOptions(ScalarType.Float64, Variant: variant));
        Dictionary<string, Tensor> expected = Reference.Load("folders", "pictures");
        SamplerSettings settings = new() { Scheduler = scheduler, Steps = 4, Guidance = 3 };
        TensorAssert.Close(model.InitialNoise(3, settings).to(ScalarType.Float64), expected["init"], 0);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("a red circle", "");
        LensImage image = lens.Images(encoding, [new LensSite(model.LayerCount)], [3], settings)[0];
        TensorAssert.Close(image.Pixels.unsqueeze(0), expected[$"{name}.image"], Tolerance);
    }
}
