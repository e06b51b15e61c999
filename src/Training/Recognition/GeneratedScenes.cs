using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// Generated images and what two observers saw in each. The caption is what a model was asked for, not what it made; so what counts is what
/// both saw, and what they differ about is left out. Every fifth image is not learned from: those set the threshold of a yes.
/// </summary>
internal sealed class GeneratedScenes
{
    private const string Header = "image,first observer,second observer";
    private const int HeldOutEvery = 5;

    // A scale, radians, half widths of the image, and a share.
    private const double MostScale = 0.08, MostAngle = 0.08, MostMove = 0.1, MostLight = 0.06;

    private readonly Tensor _pixels;
    private readonly long[] _learned;
    private readonly (Question Question, bool Shown)[][] _statements;

    private GeneratedScenes(Tensor pixels, SeenImage[] images, int[] numbers)
    {
        _pixels = pixels;
        _statements = [.. images.Select(image => image.Statements().ToArray())];
        ILookup<bool, long> isHeldOut = Enumerable.Range(0, images.Length).ToLookup(i => numbers[i] % HeldOutEvery == 0, i => (long)i);
        _learned = [.. isHeldOut[false]];
        long[] heldOut = [.. isHeldOut[true]];
        HeldOutPixels = AsFloats(pixels.index_select(0, tensor(heldOut)));
        HeldOut = [.. heldOut.Select(i => images[i])];
    }

    /// <summary>Images that are not learned from.</summary>
    public IReadOnlyList<SeenImage> HeldOut { get; }

    /// <summary>Theirs, <c>[n, 3, 64, 64]</c> float32, 0..1.</summary>
    public Tensor HeldOutPixels { get; }

    /// <summary>Reads the files of <c>generate</c> in a folder, and beside each the CSV of the same name with what was seen.</summary>
    /// <exception cref="BadInputException">
    /// No such file is there, or a CSV is missing or says what cannot be read; names file and line.
    /// </exception>
    public static GeneratedScenes Read(string folder, Lexicon lexicon)
    {
        string[] files = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
        {
            string example = Path.Combine(folder, "mini-sd-1.safetensors");
            throw new BadInputException($"{folder}: no .safetensors; `generate --out {example}` writes one");
        }

        List<Tensor> pixels = [];
        List<SeenImage> all = [];
        List<int> numbers = [];
        foreach (string file in files)
        {
            GeneratedImages images = GeneratedImages.Read(file);
            (int Number, SeenImage Image)[] seen = [.. Seen(file, images, lexicon)];
            pixels.Add(images.Pixels.index_select(0, tensor(seen.Select(pair => (long)pair.Number).ToArray())));
            all.AddRange(seen.Select(pair => pair.Image));
            numbers.AddRange(seen.Select(pair => pair.Number));
            Console.WriteLine(
                $"{file}: {seen.Length} images, {seen.Count(pair => pair.Image.ShowsCaption == true)} show what their caption says, "
                    + $"{seen.Count(pair => pair.Image.ShowsCaption == false)} do not");
        }

        return new(cat(pixels), [.. all], [.. numbers]);
    }

    /// <summary>A few of those to learn from, varied a little.</summary>
    /// <returns>Pixels <c>[count, 3, 64, 64]</c> float32, 0..1, and what is said of them.</returns>
    public (Tensor Pixels, IReadOnlyList<Statement> Statements) Draw(int count, Generator generator)
    {
        Tensor drawn = randint(0, _learned.Length, [count], ScalarType.Int64, generator: generator);
        long[] images = [.. drawn.data<long>().Select(i => _learned[i])];
        Tensor pixels = AsFloats(_pixels.index_select(0, tensor(images)));
        return (
            Varied(pixels, generator),
            [.. images.SelectMany((image, i) => _statements[image].Select(said => new Statement(i, said.Question, said.Shown)))]);
    }

    // Mirrored or not, a little moved, turned, larger or smaller, lighter or darker: what is said of an image is true of these as well.
    private static Tensor Varied(Tensor pixels, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = pixels.shape[0];
        Tensor mirrored = rand(count, generator: generator).round().Times(-2).Plus(1);
        Tensor scale = Around(1, MostScale), angle = Around(0, MostAngle), across = Around(0, MostMove), down = Around(0, MostMove);
        Tensor cos = angle.cos().mul(scale), sin = angle.sin().mul(scale);
        Tensor moves = stack(
            [stack([cos.mul(mirrored), sin.neg(), across], 1), stack([sin.mul(mirrored), cos, down], 1)], 1);
        Tensor grid = nn.functional.affine_grid(moves, [count, 3, pixels.shape[2], pixels.shape[3]], align_corners: false);
        Tensor moved = nn.functional.grid_sample(
            pixels, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false);
        return moved.mul(Around(1, MostLight).view(-1, 1, 1, 1)).ClampTo(0, 1).MoveToOuterDisposeScope();

        Tensor Around(double middle, double most)
            => rand(count, generator: generator).Times(2 * most).Plus(middle - most);
    }

    /// <summary>The model of a file <c>mini-sd-12.safetensors</c> is mini-sd.</summary>
    private static string ModelOf(string file) => Path.GetFileNameWithoutExtension(file).TrimEnd("0123456789".ToCharArray()).TrimEnd('-');

    private static IEnumerable<(int Number, SeenImage Image)> Seen(string file, GeneratedImages images, Lexicon lexicon)
    {
        string csv = Path.ChangeExtension(file, ".csv");
        if (!File.Exists(csv))
        {
            throw new BadInputException(
                $"{csv} is not there; it says what two observers saw in the images of {file}, after a line '{Header}'");
        }

        Scene[] captions = images.Scenes(lexicon);
        bool[] ofLastLayer = images.OfLastLayer.data<bool>().ToArray();
        string[] lines = InputFile.ReadText(csv).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines[0] != Header)
        {
            throw new BadInputException($"{csv}:1: the first line must be '{Header}'");
        }

        for (int line = 1; line < lines.Length; line++)
        {
            if (lines[line].Split(',') is not [var image, var first, var second]
                || !int.TryParse(image, out int number) || number < 0 || number >= captions.Length)
            {
                throw new BadInputException(
                    $"{csv}:{line + 1}: must be an image's number below {captions.Length} and what each observer saw");
            }

            yield return (number, new(captions[number], SceneOf(first, line), SceneOf(second, line), ModelOf(file), ofLastLayer[number]));
        }

        Scene SceneOf(string text, int line)
        {
            try
            {
                return Observation.Read(text, lexicon);
            }
            catch (FormatException unreadable)
            {
                throw new BadInputException($"{csv}:{line + 1}: {unreadable.Message}");
            }
        }
    }

    private static Tensor AsFloats(Tensor pixels) => pixels.to(ScalarType.Float32).Times(1.0 / byte.MaxValue);
}
