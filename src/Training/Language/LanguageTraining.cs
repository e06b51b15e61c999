using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Cascade;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Language;

/// <summary>
/// Trains <c>mini-if/stage_I/text_encoder</c> by span corruption of documents about scenes, on the vocabulary that lies in
/// <c>mini-if/stage_I/tokenizer</c>.
/// </summary>
internal static class LanguageTraining
{
    private const int Width = 128, HeadWidth = 16, InnerWidth = 320;
    private const int MeasuredDocuments = 512, MeasuredQuestions = 500, Sentinels = 24, GroupSize = 32;
    private const double ShareOfSalient = 0.8;

    public static void Run(TrainingOptions options, World world)
    {
        string folder = CascadeFiles.FirstStage(options.Models);
        T5TokenizerFiles.Write(Path.Combine(folder, "tokenizer"), Sentinels);
        T5Tokenizer tokenizer = T5Tokenizer.FromFolder(Path.Combine(folder, "tokenizer"));
        JsonObject json = Config(tokenizer);
        T5Config config = T5Config.Parse(JsonSerializer.SerializeToElement(json), "text_encoder/config.json");
        using SpanModel model = new(config, new Placement(options.DType, CPU));
        InitialValues.Set(model, (long)options.Seed, StandardDeviation);
        AttentionStart.Set(model.Text);
        using TrainingLoop loop = new(
            "if-text", model, options, [Path.Combine(folder, "tokenizer")], "token_accuracy", "binding", "norm_first", "norm_last")
        {
            BetweenCheckpoints = TimeSpan.FromMinutes(2),
        };
        SceneSampler scenes = world.TrainingSampler(options.Seed + 5), unseen = world.MeasuringSampler(5);
        DocumentTokens tokens = new(tokenizer);
        DocumentBatch documents = DocumentBatch.Of(Corrupted(tokens, unseen, 0, MeasuredDocuments));
        ColorQuestions questions = ColorQuestions.Of(tokens, unseen, MeasuredQuestions);
        loop.Run(
            (step, _) => Loss(model, Corrupted(tokens, scenes, (ulong)(step * options.Batch), options.Batch)),
            () => Measure(model, documents, questions));
        ModelPart.Save(model.Text, json, Path.Combine(folder, "text_encoder"), "model");
        loop.Publish(CascadeFiles.Whole(options.Models));
    }

    private static JsonObject Config(T5Tokenizer tokenizer) => new()
    {
        ["architectures"] = new JsonArray("T5EncoderModel"),
        ["d_ff"] = InnerWidth,
        ["d_kv"] = HeadWidth,
        ["d_model"] = Width,
        ["dense_act_fn"] = "gelu_new",
        ["dropout_rate"] = 0.0,
        ["dtype"] = "float16",
        ["eos_token_id"] = DocumentBatch.End,
        ["feed_forward_proj"] = "gated-gelu",
        ["is_encoder_decoder"] = false,
        ["is_gated_act"] = true,
        ["layer_norm_epsilon"] = 1e-6,
        ["model_type"] = "t5",
        ["num_heads"] = Width / HeadWidth,
        ["num_layers"] = 12,
        ["pad_token_id"] = 0,
        ["relative_attention_max_distance"] = 128,
        ["relative_attention_num_buckets"] = 32,
        ["tie_word_embeddings"] = false,
        ["use_cache"] = false,
        ["vocab_size"] = tokenizer.VocabularySize,
    };

    // T5's scores are not divided by the root of the heads' width: the queries' starting values are smaller for it.
    private static double? StandardDeviation(string name) => name switch
    {
        _ when name.EndsWith("shared.weight", StringComparison.Ordinal) || name.EndsWith("tokens.weight", StringComparison.Ordinal) => 0.7,
        _ when name.EndsWith("positions.weight", StringComparison.Ordinal) => 0.2,
        _ when name.EndsWith(".q.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(Width * HeadWidth),
        _ when name.EndsWith(".o.weight", StringComparison.Ordinal) => 0.25 / Math.Sqrt(Width),
        _ when name.EndsWith(".wo.weight", StringComparison.Ordinal) => 0.25 / Math.Sqrt(InnerWidth),
        _ => null,
    };

    private static SpanCorruption[] Corrupted(DocumentTokens tokens, SceneSampler scenes, ulong first, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(i => Corrupted(tokens, SceneDocuments.At(scenes, first + (ulong)i), new SplitMix64(first + (ulong)i)))];

    /// <summary>Most documents lack words that say something, the others any tokens.</summary>
    private static SpanCorruption Corrupted(DocumentTokens tokens, IReadOnlyList<string> told, SplitMix64 random)
    {
        IReadOnlyList<int[]> words = tokens.OfWords(SalientWords.Words(told));
        int[] text = [.. words.SelectMany(ids => ids)];
        if (!random.Chance(ShareOfSalient))
        {
            return SpanCorruption.Of(text, tokens.FirstSentinel, DocumentBatch.End, random);
        }

        IReadOnlyList<bool> taken = SalientWords.Taken(told, random);
        bool[] takenTokens = [.. words.SelectMany((ids, word) => Enumerable.Repeat(taken[word], ids.Length))];
        return SpanCorruption.Of(text, takenTokens, tokens.FirstSentinel, DocumentBatch.End);
    }

    /// <summary>
    /// The mean over the answers' tokens. Documents go through in groups of like length: attention to padding would be most of the work.
    /// </summary>
    private static Tensor Loss(SpanModel model, SpanCorruption[] texts)
    {
        IEnumerable<DocumentBatch> groups = texts.OrderBy(text => text.Inputs.Count).Chunk(GroupSize).Select(DocumentBatch.Of);
        Tensor sum = groups.Select(group => nn.functional.cross_entropy(
            model.Logits(group).flatten(0, 1),
            group.Answer.flatten(),
            ignore_index: DocumentBatch.Ignored,
            reduction: nn.Reduction.Sum)).Aggregate((a, b) => a.Plus(b));
        return sum.Times(1.0 / texts.Sum(text => text.Answer.Count));
    }

    /// <summary>Right tokens among the answers'; right answers to the questions; mean norms of h^0 and h^L.</summary>
    private static double[] Measure(SpanModel model, DocumentBatch documents, ColorQuestions questions)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar ignored = DocumentBatch.Ignored;
        Tensor asked = documents.Answer.ne(ignored);
        Tensor right = model.Logits(documents).argmax(-1).eq(documents.Answer).logical_and(asked);
        TextTrace trace = model.Text.Trace(documents.Ids, documents.Mask);
        double accuracy = right.sum().ToDouble() / asked.sum().ToDouble();
        return [accuracy, questions.Right(model), Norm(trace.HiddenStates[0]), Norm(trace.HiddenStates[^1])];
    }

    private static double Norm(Tensor h) => h.to(ScalarType.Float32).norm(2, false, 2).mean().ToDouble();
}
