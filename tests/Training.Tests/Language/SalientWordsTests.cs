using DiffusionLens.Runtime;
using Training.Language;

namespace Training.Tests.Language;

public class SalientWordsTests
{
    private static readonly string[] Told = ["a red car and a blue star", "the star is blue"];

    [Fact]
    public void What_is_taken_out_of_a_sentence_is_what_it_says()
    {
        HashSet<string> taken = [.. Drawn().SelectMany(words => words)];

        Assert.Equal(["blue", "car", "red", "star"], taken.Order());
    }

    [Fact]
    public void A_sentence_lacks_one_word_or_none_and_a_document_at_least_one()
    {
        int[] missing = new int[3];
        for (ulong seed = 0; seed < 200; seed++)
        {
            IReadOnlyList<bool> taken = SalientWords.Taken(Told, new SplitMix64(seed));
            Assert.Equal(12, taken.Count);
            int first = taken.Take(7).Count(word => word), second = taken.Skip(8).Count(word => word);
            Assert.True(first <= 1 && second <= 1 && !taken[7]);
            missing[first + second]++;
        }

        Assert.Equal(0, missing[0]);
        Assert.InRange(missing[2], 70, 130);
    }

    private static IEnumerable<IReadOnlyList<string>> Drawn() => Enumerable.Range(0, 200).Select(seed =>
    {
        IReadOnlyList<bool> taken = SalientWords.Taken(Told, new SplitMix64((ulong)seed));
        return (IReadOnlyList<string>)[.. SalientWords.Words(Told).Where((_, place) => taken[place])];
    });
}
