using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MiniWorld.Recognition;

/// <summary>
/// Answers questions about images of the small world with a score. A thing's score is the mean of its probability over the three
/// cells that show it most; for a thing in a color or a relation the probabilities of the same cell are multiplied.
/// </summary>
public sealed class Recognizer : IDisposable
{
    /// <summary>A thing's score is of so many cells, those that show it most.</summary>
    public const int Cells = 3;

    private readonly RecognizerNetwork _network;
    private readonly Lexicon _lexicon;
    private readonly Dictionary<string, int> _things, _colors;

    /// <summary>Wraps a network whose weights are set.</summary>
    /// <param name="network">The network; disposed with this.</param>
    /// <param name="config">What it tells apart.</param>
    /// <param name="lexicon">Classes of animals, genders and trades of persons.</param>
    public Recognizer(RecognizerNetwork network, RecognizerConfig config, Lexicon lexicon)
    {
        _network = network;
        _lexicon = lexicon;
        _things = config.Things.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i + 1);
        _colors = config.Colors.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i + 1);
        Threshold = config.Threshold;
    }

    /// <summary>A score above this is a yes.</summary>
    public double Threshold { get; }

    /// <summary>Loads <c>config.json</c> and the weights from a folder.</summary>
    /// <param name="folder">The recognizer's folder.</param>
    /// <param name="lexicon">The lexicon of the world that it was trained on.</param>
    /// <exception cref="BadInputException">A file is missing, or weights and config do not fit each other.</exception>
    public static Recognizer Load(string folder, Lexicon lexicon)
    {
        string path = Path.Combine(folder, "config.json");
        RecognizerConfig config = RecognizerConfig.Read(path);
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.Config = () => new ConfigBlame(path, config.ToJson());
        using (RecognizerNetwork shapes = weights.Shaped(placement => new RecognizerNetwork(config, placement)))
        {
            weights.Check(shapes);
        }

        RecognizerNetwork network = new(config, Placement.Default);
        weights.LoadInto(network);
        return new Recognizer(network, config, lexicon);
    }

    /// <summary>Looks at images once; questions about them are then answered from what was seen.</summary>
    /// <param name="pixels"><c>[B, 3, 64, 64]</c>, 0..1.</param>
    /// <exception cref="BadInputException">The images have another size, or NaN or infinity arose.</exception>
    public SeenImages Look(Tensor pixels)
    {
        if (pixels.shape is not [_, 3, 64, 64])
        {
            throw new BadInputException(
                $"the recognizer looks at 64×64 images of the small world; these are [{string.Join(", ", pixels.shape)}]");
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        CellLogits logits = _network.forward(pixels.to(_network.DType));
        if (!FiniteCheck.AreFinite(logits.Things, logits.Colors, logits.Relations))
        {
            // No score is above a threshold then, and every answer would be no.
            throw FiniteCheck.Error("the recognizer", _network.DType, FiniteCheck.DamagedWeightOf(_network), "get it again");
        }

        return new SeenImages(this, Probabilities(logits.Things), Probabilities(logits.Colors), Probabilities(logits.Relations));

        static float[,,] Probabilities(Tensor logits)
        {
            Tensor flat = logits.to(ScalarType.Float32).softmax(1).flatten(2).contiguous();
            float[,,] result = new float[flat.shape[0], flat.shape[1], flat.shape[2]];
            Buffer.BlockCopy(flat.data<float>().ToArray(), 0, result, 0, result.Length * sizeof(float));
            return result;
        }
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _network.Dispose();

    /// <summary>Images that the recognizer has looked at.</summary>
    public sealed class SeenImages
    {
        private readonly Recognizer _recognizer;
        private readonly float[,,] _things, _colors, _relations;

        internal SeenImages(Recognizer recognizer, float[,,] things, float[,,] colors, float[,,] relations)
        {
            _recognizer = recognizer;
            _things = things;
            _colors = colors;
            _relations = relations;
        }

        /// <summary>How many images.</summary>
        public int Count => _things.GetLength(0);

        /// <summary>How sure the recognizer is of a yes, 0..1.</summary>
        /// <param name="image">Which image, 0 to <see cref="Count"/> - 1.</param>
        /// <param name="question">The question.</param>
        /// <exception cref="BadInputException">The question is about a word that the recognizer does not know.</exception>
        public double Score(int image, Question question) => question switch
        {
            Question.ThingPresent(var thing) => Evidence(image, Thing(thing)),
            Question.ColorPresent(var color) => Evidence(image, Color(color)),
            Question.ThingInColor(var thing, var color) => Evidence(image, Both(Thing(thing), Color(color))),
            Question.Related(var first, var relation, var second) => Math.Min(
                Evidence(image, Both(Thing(first), Relation(relation))),
                Evidence(image, Thing(second))),
            Question.Together(var one, var other) => Math.Max(AnyRelation(image, one, other), AnyRelation(image, other, one)),
            Question.AnimalPresent => Evidence(image, AnyOf(word => word.Class is not null)),
            Question.AnimalOfClass(var name) => Evidence(image, AnyOf(word => word.Class == name)),
            Question.PersonPresent => Evidence(image, AnyOf(word => word.Gender is not null)),
            Question.PersonOfGender(var gender) => Evidence(image, AnyOf(word => word.Gender == gender)),
            Question.PersonOfTrade(var trade) => Evidence(image, AnyOf(word => word.Trade == trade)),
            _ => throw new ArgumentException($"no recognizer can answer {question}", nameof(question)),
        };

        /// <summary>Whether the answer is yes: the score is above <see cref="Threshold"/>.</summary>
        /// <param name="image">Which image, 0 to <see cref="Count"/> - 1.</param>
        /// <param name="question">The question.</param>
        /// <exception cref="BadInputException">The question is about a word that the recognizer does not know.</exception>
        public bool Shows(int image, Question question) => Score(image, question) > _recognizer.Threshold;

        private double AnyRelation(int image, string first, string second) =>
            RecognizerConfig.Relations.Max(relation => Score(image, new Question.Related(first, relation, second)));

        private Func<int, int, double> Thing(string word)
        {
            int index = IndexOf(_recognizer._things, word, "thing");
            return (image, cell) => _things[image, index, cell];
        }

        private Func<int, int, double> Color(string word)
        {
            int index = IndexOf(_recognizer._colors, word, "color");
            return (image, cell) => _colors[image, index, cell];
        }

        private Func<int, int, double> Relation(string word)
        {
            int index = 1 + RecognizerConfig.Relations.ToList().IndexOf(word);
            return index > 0
                ? (image, cell) => _relations[image, index, cell]
                : throw new BadInputException($"relation '{word}' is not known; known are {string.Join(", ", RecognizerConfig.Relations)}");
        }

        private Func<int, int, double> AnyOf(Func<LexiconWord, bool> belongs)
        {
            int[] indices = [.. _recognizer._things.Where(pair => _recognizer._lexicon.Find(pair.Key) is { } word && belongs(word))
                .Select(pair => pair.Value)];
            return (image, cell) => indices.Sum(index => (double)_things[image, index, cell]);
        }

        private static Func<int, int, double> Both(Func<int, int, double> one, Func<int, int, double> other)
            => (image, cell) => one(image, cell) * other(image, cell);

        private double Evidence(int image, Func<int, int, double> probability)
            => Enumerable.Range(0, _things.GetLength(2)).Select(cell => probability(image, cell)).OrderDescending().Take(Cells).Average();
    }

    private static int IndexOf(Dictionary<string, int> words, string word, string kind) => words.TryGetValue(word, out int index)
        ? index
        : throw new BadInputException(
            $"the recognizer knows no {kind} '{word}'; it knows {words.Count}, from '{words.Keys.First()}' to '{words.Keys.Last()}'");
}
