using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using TorchSharp.Modules;
using Training.Recognition;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Recognition;

public sealed class StatementLossTests : IDisposable
{
    private static readonly RecognizerConfig Config = new(["car", "dog", "box"], ["red", "blue"], Width: 32);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RecognizerNetwork _network = new(Config, Placement.Default);
    private readonly Tensor _pixels;

    public StatementLossTests()
    {
        using IDisposable noGradient = no_grad();
        using Generator generator = new(5, CPU);
        foreach (Parameter parameter in _network.parameters())
        {
            using Tensor values = randn(parameter.shape, generator: generator);
            parameter.copy_(values.Times(0.2));
            parameter.requires_grad_(true);
        }

        _pixels = rand([3, 3, 64, 64], generator: generator);
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    public static TheoryData<Question> Learned { get; } =
    [
        new Question.ThingPresent("dog"), new Question.ColorPresent("blue"), new Question.ThingInColor("car", "red"),
        new Question.Related("dog", "in", "box"),
    ];

    [Theory]
    [MemberData(nameof(Learned))]
    public void It_is_the_cross_entropy_of_the_score_that_answers(Question question)
    {
        using Recognizer recognizer = new(_network, Config, Lexicon.Load(InstalledArt.LexiconPath));
        Recognizer.SeenImages seen = recognizer.Look(_pixels);
        double yes = seen.Score(1, question), no = seen.Score(2, question);

        double loss = Loss([new(1, question, Shown: true), new(2, question, Shown: false)]).ToSingle();

        Assert.Equal(-(Math.Log(yes) + Math.Log(1 - no)) / 2, loss, tolerance: 1e-4);
    }

    [Fact]
    public void Learning_a_statement_raises_the_score_of_what_is_shown()
    {
        Question question = new Question.ThingInColor("car", "red");
        Tensor before = Loss([new(0, question, Shown: true)]);
        before.backward();
        using (IDisposable noGradient = no_grad())
        {
            foreach (Parameter parameter in _network.parameters().Where(parameter => parameter.grad is not null))
            {
                parameter.sub_(parameter.grad!.Times(0.01));
            }
        }

        Assert.True(Loss([new(0, question, Shown: true)]).ToSingle() < before.ToSingle());
    }

    [Fact]
    public void What_follows_from_other_answers_is_not_learned_by_itself()
        => Assert.Equal(0, Loss([new(0, new Question.AnimalPresent(), Shown: true)]).ToSingle());

    private Tensor Loss(Statement[] statements) => new StatementLoss(Config).Of(_network.forward(_pixels), statements);
}
