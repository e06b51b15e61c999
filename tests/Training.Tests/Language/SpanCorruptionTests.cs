using DiffusionLens.Runtime;
using FsCheck;
using FsCheck.Xunit;
using Training.Language;

namespace Training.Tests.Language;

public class SpanCorruptionTests
{
    private const int FirstSentinel = 999, End = 1;

    [Fact]
    public void Taken_spans_become_sentinels_and_the_answer_says_what_each_stands_for()
    {
        SpanCorruption corrupted = SpanCorruption.Of([10, 11, 12, 13, 14], [false, true, true, false, true], FirstSentinel, End);

        Assert.Equal([10, 999, 13, 998, End], corrupted.Inputs);
        Assert.Equal([999, 11, 12, 998, 14, End], corrupted.Answer);
    }

    [Property]
    public void The_text_comes_back_where_answers_take_the_sentinels_places(PositiveInt length, ulong seed)
    {
        int[] text = [.. Enumerable.Range(100, Math.Min(length.Get, 60))];
        SpanCorruption corrupted = SpanCorruption.Of(text, FirstSentinel, End, new SplitMix64(seed));

        Dictionary<int, List<int>> spans = [];
        int sentinel = 0;
        foreach (int id in corrupted.Answer.SkipLast(1))
        {
            if (id > 900)
            {
                spans[sentinel = id] = [];
            }
            else
            {
                spans[sentinel].Add(id);
            }
        }

        Assert.Equal(text, corrupted.Inputs.SkipLast(1).SelectMany(id => spans.GetValueOrDefault(id) ?? [id]));
        Assert.NotEmpty(spans);
    }
}
