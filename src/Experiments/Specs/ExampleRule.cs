namespace Experiments.Specs;

/// <summary>What a row must show, over its layers, to be an example of what a sheet of strips is about.</summary>
internal abstract record ExampleRule
{
    private ExampleRule()
    {
    }

    /// <summary>What the rows of such a sheet are, for people: <c>prompts that ...</c>.</summary>
    public abstract string Say { get; }

    /// <summary><c>shows: success then failure</c>: right at an earlier layer, wrong at the last (Fig. 15).</summary>
    public sealed record SuccessThenFailure : ExampleRule
    {
        /// <inheritdoc/>
        public override string Say => "are right at an earlier layer and wrong at the last";
    }

    /// <summary><c>shows: complete failure</c>: right at no layer.</summary>
    public sealed record CompleteFailure : ExampleRule
    {
        /// <inheritdoc/>
        public override string Say => "are right at no layer";
    }

    /// <summary><c>shows: {race: [a, b]}</c>: what came first is gone where the other first appears (Fig. 18).</summary>
    /// <param name="First">The question whether one thing is there.</param>
    /// <param name="Second">The question whether the other is.</param>
    public sealed record Race(string First, string Second) : ExampleRule
    {
        /// <inheritdoc/>
        public override string Say => "show a race: what came first is gone where the other first appears";
    }

    /// <summary><c>shows: {in order: [a, [b, c], d]}</c>: each is seen at an earlier layer than the next (Figs 2, 7, 10 and 11).</summary>
    /// <param name="Steps">Two steps or more, each of questions that are all answered yes for one image.</param>
    public sealed record InOrder(IReadOnlyList<AnswerRule> Steps) : ExampleRule
    {
        /// <inheritdoc/>
        public override string Say =>
            $"show, at one layer after another: {string.Join("; then ", Steps.Select(step => string.Join(" and ", step.Questions)))}";
    }

    /// <summary>
    /// <c>shows: {apart: [a, b]}</c>: wrong at the last layer; each part is made at some layer, all of them together at none (Fig. 13,
    /// above).
    /// </summary>
    /// <param name="Parts">The questions whether a part is there.</param>
    public sealed record Apart(IReadOnlyList<string> Parts) : ExampleRule
    {
        /// <inheritdoc/>
        public override string Say => "fail at the last layer, with each part made at some layer and never all together";
    }

    /// <summary><c>shows: {never: [a, b]}</c>: wrong at the last layer, as a part is made at no layer (Fig. 13, below).</summary>
    /// <param name="Parts">The questions whether a part is there.</param>
    public sealed record Never(IReadOnlyList<string> Parts) : ExampleRule
    {
        /// <inheritdoc/>
        public override string Say => "fail at the last layer, with a part that no layer makes";
    }

    /// <summary>Whether the last layer decides.</summary>
    public bool NeedsLastLayer => this is not (Race or InOrder);
}
