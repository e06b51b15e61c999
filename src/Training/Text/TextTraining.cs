using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Optimization;
using Training.Runs;
using Training.Vocabulary;
using static TorchSharp.torch;

namespace Training.Text;

/// <summary>
/// Trains <c>mini-sd/text_encoder</c> by contrast, images against captions. Its vocabulary is made before, or is that of the weights it
/// starts from.
/// </summary>
internal static class TextTraining
{
    private const string Name = "text";
    private const int VocabularyCaptions = 60_000, VocabularySize = 1_024, MeasuredScenes = 1_000, TwinScenes = 500;
    private const double EmbeddingDeviation = 0.7, PositionDeviation = 0.2;

    public static void Run(TrainingOptions options, World world)
    {
        string finished = Path.Combine(options.Models, "mini-sd", "tokenizer"), made = Path.Combine(options.Checkpoints, Name, "tokenizer");

        // The model's own folder keeps the tokenizer of the weights that are there until new ones are done.
        BpeVocabulary? vocabulary = options.FromModels ? null : Vocabulary(options, world);
        vocabulary?.WriteTo(made);
        ClipTokenizer tokenizer = ClipTokenizer.FromFolder(options.FromModels ? finished : made);
        JsonObject json = Config(tokenizer);
        ClipTextConfig config = ClipTextConfig.Parse(JsonSerializer.SerializeToElement(json), "text_encoder/config.json");
        using ContrastiveModel model = new(config, new Placement(options.DType, CPU));
        InitialValues.Set(model, (long)options.Seed, name => name switch
        {
            // Large embeddings keep the early layers' states near the late ones' in norm: small ones are swamped by block 1.
            _ when name.EndsWith("token_embedding.weight", StringComparison.Ordinal) => EmbeddingDeviation,
            _ when name.EndsWith("position_embedding.weight", StringComparison.Ordinal) => PositionDeviation,
            _ => null,
        });
        if (options.FromModels)
        {
            ModelPart.Load(model.Text, Path.Combine(options.Models, "mini-sd", "text_encoder"));
        }

        using TrainingLoop loop = new(
            Name, model, options, options.FromModels ? [finished] : [], "top1_of_1000", "twin_told_apart", "norm_first", "norm_last");
        SceneBatch measured = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(3), MeasuredScenes);
        SceneBatch twins = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(4), TwinScenes, SceneKind.TwoColored);
        using SceneStream stream = new(world.Renderer, world.TrainingSampler(options.Seed + 2), options, loop.Done);
        loop.Run(
            (step, _) => Loss(model, tokenizer, stream.Next(), world, options, (ulong)step),
            () => Measure(model, tokenizer, measured, twins, options.DType));
        vocabulary?.WriteTo(finished);
        ModelPart.Save(model.Text, json, Path.Combine(options.Models, "mini-sd", "text_encoder"), "model");
        loop.Publish(Path.Combine(options.Models, "mini-sd"));
    }

    private static BpeVocabulary Vocabulary(TrainingOptions options, World world)
    {
        SceneSampler sampler = world.TrainingSampler(options.Seed);
        return BpeTrainer.Train(Enumerable.Range(0, VocabularyCaptions).Select(i => sampler.At((ulong)i).Caption), VocabularySize);
    }

    private static JsonObject Config(ClipTokenizer tokenizer) => new()
    {
        ["architectures"] = new JsonArray("CLIPTextModel"),
        ["attention_dropout"] = 0.0,
        ["bos_token_id"] = tokenizer.VocabularySize - 2,
        ["dtype"] = "float16",
        ["eos_token_id"] = tokenizer.VocabularySize - 1,
        ["hidden_act"] = "quick_gelu",
        ["hidden_size"] = 128,
        ["intermediate_size"] = 512,
        ["layer_norm_eps"] = 1e-5,
        ["max_position_embeddings"] = tokenizer.ModelMaxLength,
        ["model_type"] = "clip_text_model",
        ["num_attention_heads"] = 4,
        ["num_hidden_layers"] = 12,
        ["pad_token_id"] = tokenizer.VocabularySize - 1,
        ["projection_dim"] = 128,
        ["vocab_size"] = tokenizer.VocabularySize,
    };

    /// <summary>
    /// Symmetric cross entropy, with the near-miss captions as further columns. Captions that say the same are no negatives.
    /// </summary>
    private static Tensor Loss(
        ContrastiveModel model, ClipTokenizer tokenizer, SceneBatch batch, World world, TrainingOptions options, ulong step)
    {
        SplitMix64 random = new(SplitMix64.Mix(options.Seed + step));
        Scene[] scenes = [.. batch.Scenes.Select(drawn => drawn.Scene)];
        Scene[] texts = [.. scenes, .. scenes.SelectMany(scene => HardNegatives.Of(scene, world.Lexicon, random))];
        CaptionTokens tokens = CaptionTokens.Of(tokenizer, [.. texts.Select(scene => scene.Caption)]);
        Tensor logits = model.Logits(model.OfImages(batch.Pixels.to(options.DType)), model.OfCaptions(tokens.Ids, tokens.Ends));
        logits = logits.Plus(SameMeaning(scenes, texts));
        Tensor truth = arange(scenes.Length, ScalarType.Int64);
        Tensor toImages = nn.functional.cross_entropy(logits.narrow(1, 0, scenes.Length).t(), truth);
        return nn.functional.cross_entropy(logits, truth).Plus(toImages).Times(0.5);
    }

    /// <summary>A large negative number where another scene's caption is true of an image too, else 0; [images, captions].</summary>
    private static Tensor SameMeaning(Scene[] images, Scene[] texts)
    {
        string[] meanings = [.. texts.Select(Meaning)];
        float[] mask = new float[images.Length * texts.Length];
        for (int p = 0; p < images.Length; p++)
        {
            for (int t = 0; t < texts.Length; t++)
            {
                mask[(p * texts.Length) + t] = p != t && meanings[p] == meanings[t] ? -1e4f : 0;
            }
        }

        return tensor(mask, [images.Length, texts.Length]);
    }

    private static string Meaning(Scene scene)
        => string.Join('|', scene.Objects.Select(o => $"{o.Color} {o.Word} {o.Relation}").Order(StringComparer.Ordinal));

    /// <summary>Right caption among 1,000; two colored things told from their color-swapped twin; mean norms of h^0 and h^L.</summary>
    private static double[] Measure(
        ContrastiveModel model, ClipTokenizer tokenizer, SceneBatch measured, SceneBatch twins, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Scene[] scenes = [.. measured.Scenes.Select(drawn => drawn.Scene)];
        CaptionTokens tokens = CaptionTokens.Of(tokenizer, [.. scenes.Select(scene => scene.Caption)]);
        Tensor best = model.OfImages(measured.Pixels.to(dtype)).matmul(model.OfCaptions(tokens.Ids, tokens.Ends).t()).argmax(1);
        long[] chosen = best.data<long>().ToArray();
        double right = chosen.Select((choice, i) => Meaning(scenes[choice]) == Meaning(scenes[i]) ? 1.0 : 0).Average();

        Scene[] pairs = [.. twins.Scenes.Select(drawn => drawn.Scene)];
        CaptionTokens own = CaptionTokens.Of(tokenizer, [.. pairs
            .Select(scene => Plain(scene.Objects[0], scene.Objects[0].Color, scene.Objects[1], scene.Objects[1].Color))]);
        CaptionTokens swapped = CaptionTokens.Of(tokenizer, [.. pairs
            .Select(scene => Plain(scene.Objects[0], scene.Objects[1].Color, scene.Objects[1], scene.Objects[0].Color))]);
        Tensor seen = model.OfImages(twins.Pixels.to(dtype));
        Tensor margin = seen.mul(model.OfCaptions(own.Ids, own.Ends).sub(model.OfCaptions(swapped.Ids, swapped.Ends))).sum(1);
        double apart = margin.gt(zeros(1)).to(ScalarType.Float32).mean().ToDouble();

        TextTrace trace = model.Text.Trace(tokens.Ids);
        return [right, apart, Norm(trace.HiddenStates[0]), Norm(trace.HiddenStates[^1])];

        static double Norm(Tensor h) => h.to(ScalarType.Float32).norm(2, false, 2).mean().ToDouble();

        static string Plain(SceneObject first, string? firstColor, SceneObject second, string? secondColor)
            => $"a {firstColor} {first.Word} and a {secondColor} {second.Word}".Replace("a orange", "an orange", StringComparison.Ordinal);
    }
}
