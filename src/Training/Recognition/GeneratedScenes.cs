using DiffusionLens;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Matching;
using Training.Rendering;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// Generated images and what can be said of their cells. The caption is what a model was asked for, not what it made; so an object
/// counts as there where the image looks like its drawing (<see cref="SceneMatch"/>), and as not there where the image does not, though
/// the recognizer that was named it: a blotch of the right color in the right place. What lies between is left out.
/// </summary>
internal sealed class GeneratedScenes
{
    /// <summary>An object is there from this score on, and not there below the other; set by eye on sheets of generated images.</summary>
    private const double Clear = 0.72, Unclear = 0.6;

    private const int Cells = CellLabels.Side * CellLabels.Side, ImagesALook = 256;

    private readonly Tensor _pixels;
    private readonly CellLabels _labels;

    private GeneratedScenes(Tensor pixels, CellLabels labels) => (_pixels, _labels) = (pixels, labels);

    /// <summary>Reads all files of a folder and compares their images with drawings.</summary>
    /// <param name="folder">With the files of <c>generate</c>.</param>
    /// <param name="world">The words and who draws them.</param>
    /// <param name="before">The recognizer's network as it was.</param>
    /// <param name="config">What it tells apart.</param>
    /// <exception cref="BadInputException">No such file is there.</exception>
    public static GeneratedScenes Read(string folder, World world, RecognizerNetwork before, RecognizerConfig config)
    {
        string[] files = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
        {
            string example = Path.Combine(folder, "mini-sd.safetensors");
            throw new BadInputException($"{folder}: no .safetensors; `generate --out {example}` writes one");
        }

        SceneMatch match = new(world.Renderer);
        SceneClasses classes = new(config);
        List<Tensor> pixels = [];
        List<LabeledImage> all = [];
        foreach (string file in files)
        {
            GeneratedImages images = GeneratedImages.Read(file);
            SceneSampler sampler = GeneratedImages.Scenes(world.Lexicon, images.Seed);
            long[][] said = Said(before, images.Pixels);
            float[][] values = ValuesOf(images.Pixels);
            LabeledImage[] labeled = new LabeledImage[said.Length];
            Parallel.For(0, said.Length, i => labeled[i] = Label(sampler.At((ulong)i), values[i], said[i], match, classes));
            pixels.Add(images.Pixels);
            all.AddRange(labeled);
            Console.WriteLine(
                $"{file}: {said.Length} images; of their objects {labeled.Sum(image => image.Clear)} are clear, "
                + $"{labeled.Sum(image => image.Missing)} are not there");
        }

        return new(cat(pixels), new CellLabels(
            Shaped(image => image.Things), Shaped(image => image.Colors), Shaped(image => image.Relations)));

        Tensor Shaped(Func<LabeledImage, long[]> cells)
            => tensor(all.SelectMany(cells).ToArray(), [all.Count, CellLabels.Side, CellLabels.Side]);
    }

    /// <summary>A few of them, with their labels.</summary>
    /// <returns>Pixels <c>[count, 3, 64, 64]</c> float32, 0..1.</returns>
    public (Tensor Pixels, CellLabels Labels) Draw(int count, Generator generator)
    {
        Tensor drawn = randint(0, _pixels.shape[0], [count], ScalarType.Int64, generator: generator);
        return (AsFloats(_pixels.index_select(0, drawn)), _labels.Of(drawn));
    }

    private static LabeledImage Label(Scene scene, float[] image, long[] said, SceneMatch match, SceneClasses classes)
    {
        LabeledImage labels = LabeledImage.LeavingOut(said);
        IReadOnlyList<FoundObject> found = match.Find(scene, image);
        bool together = found.All(o => o.Score >= Clear);
        for (int number = 0; number < scene.Objects.Count; number++)
        {
            SceneObject o = scene.Objects[number];
            FoundObject at = found[number];
            if (at.Score < Clear && o.Color is not null)
            {
                (o, at) = InBestColor(scene, number, image, match, at);
            }

            if (at.Score >= Clear)
            {
                labels.Show(
                    CellsOf(at.Pixels),
                    classes.Thing(o.Word),
                    o.Color is null ? CellLabels.Undecided : classes.Color(o.Color),
                    o.Relation is null ? 0 : together ? classes.Relation(o.Relation) : CellLabels.Undecided);
            }
            else if (at.Score < Unclear)
            {
                labels.Miss(classes.Thing(o.Word));
            }
        }

        return labels;
    }

    // A thing in another color than the caption's is still that thing.
    private static (SceneObject Object, FoundObject At) InBestColor(
        Scene scene, int number, float[] image, SceneMatch match, FoundObject asked)
    {
        SceneObject o = scene.Objects[number];
        return match.Colors
            .Where(color => color != o.Color)
            .Select(color => o with { Color = color })
            .Select(other => (Object: other, At: match.Find(scene with { Objects = [other] }, image)[0]))
            .Append((Object: o, At: asked))
            .MaxBy(pair => pair.At.Score);
    }

    private static IEnumerable<int> CellsOf(int[] pixels) => pixels
        .GroupBy(pixel => CellLabels.CellOf(pixel / RenderedScene.Side, pixel % RenderedScene.Side))
        .Where(cell => cell.Count() >= CellLabels.Enough)
        .Select(cell => cell.Key);

    // What the network names in each cell, 0 where nothing.
    private static long[][] Said(RecognizerNetwork network, Tensor pixels)
    {
        using IDisposable noGradient = no_grad();
        List<long[]> said = [];
        for (long first = 0; first < pixels.shape[0]; first += ImagesALook)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor some = AsFloats(pixels.narrow(0, first, Math.Min(ImagesALook, pixels.shape[0] - first)));
            said.AddRange(network.forward(some.to(network.DType)).Things.argmax(1).contiguous().data<long>().ToArray().Chunk(Cells));
        }

        return [.. said];
    }

    private static float[][] ValuesOf(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        return ImageSheet.Values(AsFloats(pixels));
    }

    private static Tensor AsFloats(Tensor pixels) => pixels.to(ScalarType.Float32).div(byte.MaxValue);
}
