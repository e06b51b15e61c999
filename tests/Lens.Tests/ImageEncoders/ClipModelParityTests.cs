using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.ImageEncoders;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.ImageEncoders;

/// <summary>CLIP of text and images against transformers (<c>reference/later/clip</c>).</summary>
public class ClipModelParityTests
{
    private const string Clip = "later/clip";

    private static readonly string Folder = Reference.PathOf(Clip);

    [Fact]
    public void ImagesArePreparedBitForBitAsTransformersDoesIt()
    {
        using DisposeScope scope = NewDisposeScope();
        using ClipModel model = ClipModel.Load(Folder);
        Tensor expected = Reference.Load(Clip, "clip")["pixel_values"].to(ScalarType.Float32);

        Tensor prepared = stack([.. Pictures().Select(picture => Prepared(model, picture))]);

        Assert.Equal(expected.data<float>().ToArray(), prepared.contiguous().data<float>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-5)]
    public void ImagesTextsAndLogitsAreThoseOfTransformers(ScalarType dtype, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        using ClipModel model = ClipModel.Load(Folder, new Placement(dtype, CPU));
        Dictionary<string, Tensor> expected = Reference.Load(Clip, "clip");

        Tensor images = model.EmbedImages(expected["pixel_values"]), texts = model.EmbedTexts(Prompts());
        Tensor logits = model.Logits(images, texts);

        TensorAssert.Close(images, expected["image_embeds"], tolerance, "image_embeds");
        TensorAssert.Close(texts, expected["text_embeds"], tolerance, "text_embeds");
        TensorAssert.Close(logits, expected["logits_per_image"], tolerance, "logits_per_image");
        TensorAssert.Close(logits.softmax(-1), expected["probabilities"], 10 * tolerance, "probabilities");
        Assert.Equal(dtype, logits.dtype);
    }

    [Fact]
    public void EveryStateOfTheImageEncoderIsThatOfTransformers()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using ClipNetwork network = new(ClipConfig.Read(Folder), new Placement(ScalarType.Float64, CPU));
        using WeightFiles weights = WeightFiles.Open(Folder);
        weights.LoadInto(network);
        Dictionary<string, Tensor> expected = Reference.Load(Clip, "clip");
        Tensor pixels = expected["pixel_values"];

        Tensor embedded = network.Vision.Embed(pixels);
        Tensor last = Enumerable.Range(0, 3).Aggregate(embedded, (state, block) => network.Vision.Next(block, state));

        TensorAssert.Close(embedded, expected["vision.hidden_states.0"], 1e-12, "vision.hidden_states.0");
        TensorAssert.Close(last, expected["vision.hidden_states.3"], 1e-12, "vision.hidden_states.3");
        TensorAssert.Close(network.Vision.forward(pixels), expected["vision.pooler_output"], 1e-12, "vision.pooler_output");
    }

    [Fact]
    public void TextsHaveTheIdsOfTransformersAndArePooledWhereOldConfigsMeanTheLargestId()
    {
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = Copy();
        Edit(folder, "config.json", text => text.Replace("\"eos_token_id\": 691", "\"eos_token_id\": 2", StringComparison.Ordinal));
        using ClipModel model = ClipModel.Load(folder.Path, new Placement(ScalarType.Float64, CPU));

        TensorAssert.Close(model.EmbedTexts(Prompts()), Reference.Load(Clip, "clip")["text_embeds"], 1e-12);
    }

    [Fact]
    public void OldCheckpointsWithPositionIdsLoadAndShardsTooAndBothAreTheSameModel()
    {
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = Copy();
        Split(folder.Path);
        DigestCache cache = new();

        using ClipModel model = ClipModel.Load(folder.Path, new Placement(ScalarType.Float64, CPU));

        TensorAssert.Close(model.EmbedTexts(Prompts()), Reference.Load(Clip, "clip")["text_embeds"], 1e-12);
        Assert.Equal(ClipModel.Sha256(Folder, cache), ClipModel.Sha256(folder.Path, cache));
    }

    [Fact]
    public void AVariantAloneIsTaken()
    {
        using TemporaryFolder folder = Copy();
        File.Move(Path.Combine(folder.Path, "model.safetensors"), Path.Combine(folder.Path, "model.fp16.safetensors"));

        using ClipModel model = ClipModel.Load(folder.Path);

        Assert.InRange(model.LogitScale, 1, 200);
    }

    [Fact]
    public void WhatTheFirstVersionsOfTransformersWroteGoesBeforeWhatStandsBeside()
    {
        ClipConfig config = ClipConfig.Parse(
            JsonDocument.Parse(
                """
                {"projection_dim": 24, "text_config": {"hidden_size": 8}, "text_config_dict": {"hidden_size": 32, "num_attention_heads": 4},
                 "vision_config": {"hidden_size": 40, "num_attention_heads": 5, "image_size": 30, "patch_size": 8},
                 "vision_config_dict": null}
                """).RootElement,
            "config.json");

        Assert.Equal(32, config.Text.Width);
        Assert.Equal(2048, config.Text.InnerWidth);
        Assert.Equal(24, config.Text.ProjectionWidth);
        Assert.Equal(9, config.Vision.PatchCount);
    }

    [Theory]
    [InlineData(
        "config.json", "\"model_type\": \"clip\",\n \"projection", "\"model_type\": \"siglip\",\n \"projection", "model_type is siglip")]
    [InlineData("config.json", "\"image_size\": 32", "\"image_size\": 48", "makes images 32×32; the model takes 48×48")]
    [InlineData("config.json", "\"vocab_size\": 692", "\"vocab_size\": 600", "its tokenizer has 692 pieces")]
    [InlineData("config.json", "\"patch_size\": 8", "\"patch_size\": 16", "patch_embedding.weight")]
    [InlineData("config.json", "\"projection_dim\": 24,\n \"text_config", "\"projection_dim\": 25,\n \"text_config", "projection.weight")]
    [InlineData("preprocessor_config.json", "\"resample\": 3", "\"resample\": 9", "resample is 9")]
    public void FilesThatDoNotBelongTogetherAreRefused(string file, string from, string to, string reason)
    {
        using TemporaryFolder folder = Copy();
        Edit(folder, file, text => text.Replace(from, to, StringComparison.Ordinal));

        BadInputException problem = Assert.Throws<BadInputException>(() => ClipModel.Load(folder.Path));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Message);
    }

    [Fact]
    public void AFolderWithoutItsProcessorIsRefused()
    {
        using TemporaryFolder folder = Copy();
        File.Delete(Path.Combine(folder.Path, "preprocessor_config.json"));

        Assert.Contains(
            "has no preprocessor_config.json",
            Assert.Throws<BadInputException>(() => ClipModel.Load(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    private static string[] Prompts() =>
        JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(Folder, "expected", "prompts.json")))!;

    private static IEnumerable<Tensor> Pictures()
    {
        Dictionary<string, Tensor> pictures = Reference.Load(Clip, "pictures");
        return Enumerable.Range(0, 3).Select(number => pictures[$"picture{number}"]);
    }

    private static Tensor Prepared(ClipModel model, Tensor picture) =>
        model.Prepare(picture.contiguous().data<byte>().ToArray(), (int)picture.shape[1], (int)picture.shape[0]);

    private static TemporaryFolder Copy()
    {
        TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(Folder))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        return folder;
    }

    private static void Edit(TemporaryFolder folder, string file, Func<string, string> edit)
    {
        string path = Path.Combine(folder.Path, file), text = InputFile.ReadText(path);
        Assert.NotEqual(text, edit(text));
        File.WriteAllText(path, edit(text));
    }

    // In two shards, with what transformers before 4.31 wrote beside the weights.
    private static void Split(string folder)
    {
        string whole = Path.Combine(folder, "model.safetensors");
        Dictionary<string, Tensor> tensors = [];
        using (SafetensorsFile file = SafetensorsFile.Open(whole))
        {
            foreach (string name in file.Entries.Keys)
            {
                tensors.Add(name, file.Read(name));
            }
        }

        File.Delete(whole);
        tensors.Add("text_model.embeddings.position_ids", arange(77, dtype: ScalarType.Int64).unsqueeze(0));
        tensors.Add("vision_model.embeddings.position_ids", arange(17, dtype: ScalarType.Int64).unsqueeze(0));
        ILookup<string, KeyValuePair<string, Tensor>> shards = tensors.ToLookup(
            entry => $"model-0000{(entry.Key.StartsWith("text", StringComparison.Ordinal) ? 1 : 2)}-of-00002.safetensors");
        foreach (IGrouping<string, KeyValuePair<string, Tensor>> shard in shards)
        {
            SafetensorsWriter.Write(Path.Combine(folder, shard.Key), shard.ToDictionary());
        }

        Dictionary<string, string> index = shards.SelectMany(shard => shard.Select(entry => (entry.Key, Shard: shard.Key))).ToDictionary();
        File.WriteAllText(
            Path.Combine(folder, "model.safetensors.index.json"),
            JsonSerializer.Serialize(new { metadata = new { total_size = 0 }, weight_map = index }));
    }
}
