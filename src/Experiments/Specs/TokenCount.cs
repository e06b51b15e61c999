namespace Experiments.Specs;

/// <summary>A number of tokens: a column of a histogram.</summary>
/// <param name="Of">What is counted: the label of the columns that stand together.</param>
/// <param name="Number">How many.</param>
/// <param name="OrMore">Whether it stands for all larger numbers too.</param>
internal sealed record TokenCount(string Of, int Number, bool OrMore)
{
    /// <summary>As it stands below its column: <c>2</c>, <c>3+</c>.</summary>
    public string Label => OrMore ? $"{Number}+" : $"{Number}";

    public bool Has(int count) => OrMore ? count >= Number : count == Number;
}
