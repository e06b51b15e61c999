using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using Experiments.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Verify;

/// <summary>
/// Golden hashes of a model: does this machine, this build, compute what was computed when the golden file was written? Everything is
/// computed in float64 and rounded (<see cref="RoundingGrid"/>), so the answer does not depend on processor or thread count.
/// </summary>
internal static class GoldenVerification
{
    /// <summary>The prompts of a new golden file.</summary>
    private static readonly string[] FirstPrompts = ["a red car and a blue star", "a dog in a box"];

    /// <summary>Of models that take one.</summary>
    private const double UsualGuidance = 4;

    /// <summary>How far draws must lie from the noise grid's edges: ten times what torch's kernels differ by.</summary>
    private const double NoiseClearance = 1e-5;

    /// <summary>
    /// How far, relative to a tensor's magnitude, values must lie from rounding edges: a hundred times what kernels differ by.
    /// </summary>
    private const double LeastClearance = 1e-12;

    /// <summary>Compares a model with its golden file.</summary>
    /// <param name="goldenFile">What it must compute.</param>
    /// <param name="onProgress">Told the share that is done, 0..1.</param>
    /// <exception cref="BadInputException">The model or the file cannot be read, or they are not of each other.</exception>
    public static GoldenOutcome Check(string modelFolder, string goldenFile, Action<double>? onProgress = null)
    {
        GoldenFile golden = GoldenFile.Read(goldenFile);
        using TextToImageModel model = Load(modelFolder, golden.Recipe.MaxSequenceLength);
        if (golden.Tensors.Select(tensor => tensor.Key.Layer).DefaultIfEmpty(-1).Max() != model.LayerCount)
        {
            throw new BadInputException(
                $"{goldenFile}: is not of {modelFolder}, which has layers 0 to {model.LayerCount}; verify --update writes one");
        }

        Dictionary<TensorKey, GoldenTensor> expected = golden.Tensors.ToDictionary(tensor => tensor.Key);
        List<TensorKey> drifts = [];
        int compared = 0;
        GoldenRun.Visit(model, golden.Recipe, Compare, onProgress);
        return new GoldenOutcome(goldenFile, golden.Recipe, compared, drifts);

        void Compare(TensorKey key, Tensor tensor)
        {
            compared++;
            if (!expected.TryGetValue(key, out GoldenTensor? wanted) || wanted.Hash != wanted.Grid.Hash(tensor.shape, Values(tensor)))
            {
                drifts.Add(key);
            }
        }
    }

    /// <summary>
    /// Writes what a model computes now, for the prompts and sites that the file has or, where it has none, for a few of ours. What is
    /// still what the file says stays as it stands there.
    /// </summary>
    /// <param name="goldenFile">The file to write.</param>
    /// <param name="onProgress">Told the share that is done, 0..1.</param>
    /// <exception cref="BadInputException">The model cannot be read or its values cannot be hashed safely, or the file not be
    /// written.</exception>
    public static void Update(string modelFolder, string goldenFile, Action<double>? onProgress = null)
    {
        GoldenFile? there = File.Exists(goldenFile) ? GoldenFile.Read(goldenFile) : null;
        Dictionary<TensorKey, GoldenTensor> known = there?.Tensors.ToDictionary(tensor => tensor.Key) ?? [];
        ModelInfo info = ModelInfo.Read(modelFolder);
        using TextToImageModel model = Load(modelFolder, info.MaxSequenceLength);
        GoldenRecipe recipe = WithClearNoise(model, new GoldenRecipe(there?.Recipe.Prompts ?? FirstPrompts, Seed: 0)
        {
            Guidance = info.Description.Guidance == GuidanceKind.None ? 0 : UsualGuidance,
            Sites = there?.Recipe.Sites ?? GoldenSites.Names,
            Height = info.Height,
            Width = info.Width,
            MaxSequenceLength = info.MaxSequenceLength,
        });
        List<GoldenTensor> tensors = [];
        GoldenRun.Visit(model, recipe, Record, onProgress);
        new GoldenFile(recipe, tensors).Write(goldenFile);

        void Record(TensorKey key, Tensor tensor)
        {
            double[] values = Values(tensor);
            if (!values.All(double.IsFinite))
            {
                throw new BadInputException($"{modelFolder}: the {key} is not finite");
            }

            if (known.TryGetValue(key, out GoldenTensor? golden) && golden.Grid.Hash(tensor.shape, values) == golden.Hash)
            {
                tensors.Add(golden);
                return;
            }

            RoundingGrid grid = RoundingGrid.For(values);
            tensors.Add(
                grid.Clearance >= LeastClearance
                    ? new GoldenTensor(key, grid, grid.Hash(tensor.shape, values))
                    : throw new BadInputException(
                        $"{modelFolder}: the {key} has too many values to be rounded safely; "
                            + "golden files are for small models"));
        }
    }

    private static TextToImageModel Load(string folder, int? maxSequenceLength)
        => TextToImageModel.Load(folder, new LoadOptions(ScalarType.Float64, MaxSequenceLength: maxSequenceLength));

    private static double[] Values(Tensor tensor) => [.. tensor.contiguous().data<double>()];

    /// <summary>The first seed whose draws would be rounded alike on every processor.</summary>
    private static GoldenRecipe WithClearNoise(TextToImageModel model, GoldenRecipe recipe)
    {
        SamplerSettings unrounded = GoldenRun.SettingsOf(model, recipe) with { NoiseGrid = null };
        ulong seed = recipe.Seed;
        while (!AreClear(seed))
        {
            seed++;
        }

        return recipe with { Seed = seed };

        bool AreClear(ulong candidate)
        {
            using DisposeScope scope = NewDisposeScope();
            return model.StartingNoises(candidate, unrounded).All(noise => noise.data<float>().All(IsClear));
        }

        bool IsClear(float draw)
        {
            double cells = draw / recipe.NoiseGrid, toEdge = Math.Abs(cells - Math.Floor(cells) - 0.5);
            return toEdge * recipe.NoiseGrid > NoiseClearance;
        }
    }
}
