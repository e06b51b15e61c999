using DiffusionLens;
using DiffusionLens.Autoencoders;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using TorchSharp;
using Training.Autoencoder;
using Training.Flow;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Tests.Flow;

public sealed class MmditFolderTests : IDisposable
{
    private const string Caption = "a red car and a blue cup";
    private const ulong Seed = 11;

    private readonly DirectoryInfo _models = Directory.CreateTempSubdirectory();

    [Fact]
    public void The_folder_that_the_trainings_leave_gives_the_image_that_they_sampled()
    {
        CopyFolder("mini-sd/text_encoder", "mini-sd/tokenizer", "mini-if/stage_I/text_encoder", "mini-if/stage_I/tokenizer");
        using DisposeScope scope = NewDisposeScope();
        using FlowNetwork network = WriteModel();
        using FlowParts parts = new(_models.FullName, ScalarType.Float32);
        Tensor states = parts.States([Caption]), sampled = parts.Pixels(network.Sample(
            parts.TargetShape, 1, (latents, times) => network.Velocity(latents, states, times, tensor([3f]))));

        using TextToImageModel model = TextToImageModel.Load(
            MmditFiles.Folder(_models.FullName), new LoadOptions(MaxSequenceLength: MmditFiles.TextLength));
        SamplerSettings settings = new() { Steps = FlowNetwork.Steps, Guidance = 3, Height = 64, Width = 64 };
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(Caption);
        PromptBatch batch = new(encoding, lens.Batches(encoding.Prompt, [new LensSite(model.LayerCount)], [Seed], settings).Single());
        Tensor image = lens.Images([batch], settings).Single().Pixels;

        Assert.True(sampled.std().ToSingle() > 0.01);
        Assert.True(image.sub(sampled[0]).abs().max().ToSingle() < 1e-4);
    }

    public void Dispose() => _models.Delete(recursive: true);

    private FlowNetwork WriteModel()
    {
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(
            System.Text.Json.JsonSerializer.SerializeToElement(AutoencoderRecipe.MiniMmdit.Config), "config.json");
        using AutoencoderKL autoencoder = new(config, new Placement(ScalarType.Float32, CPU));
        InitialValues.Set(autoencoder, 2);
        System.Text.Json.Nodes.JsonNode saved = AutoencoderRecipe.MiniMmdit.Config.DeepClone();
        saved["shift_factor"] = 0.1;
        saved["scaling_factor"] = 1.3;
        ModelPart.Save(autoencoder, saved, Path.Combine(MmditFiles.Folder(_models.FullName), "vae"));
        FlowNetwork network = new(ScalarType.Float32);
        InitialValues.Set(network.Transformer, 3);
        network.Save(MmditFiles.TransformerFolder(_models.FullName));
        ModelPart.Load(network.Transformer, MmditFiles.TransformerFolder(_models.FullName));
        MmditFiles.WriteRest(_models.FullName);
        return network;
    }

    private void CopyFolder(params string[] folders)
    {
        foreach (string folder in folders)
        {
            DirectoryInfo to = Directory.CreateDirectory(Path.Combine(_models.FullName, folder));
            foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "models", folder)))
            {
                File.Copy(file, Path.Combine(to.FullName, Path.GetFileName(file)));
            }
        }
    }
}
