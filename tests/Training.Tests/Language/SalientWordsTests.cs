using MiniWorld.Scenes;
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
    public void At_least_one_word_is_taken_out_and_of_one_sentence_only() => Assert.All(
        Enumerable.Range(0, 200),
        seed =>
        {
            IReadOnlyList<bool> taken = SalientWords.Taken(Told, new SplitMix64((ulong)seed));
            Assert.Equal(12, taken.Count);
            Assert.True(taken.Take(7).Contains(true) ^ taken.Skip(8).Contains(true));
        });

    [Fact]
    public void Every_sentence_is_asked_about() =>
        Assert.InRange(Drawn().Count(words => words.All(Told[1].Split(' ').Contains)), 60, 180);

    private static IEnumerable<IReadOnlyList<string>> Drawn() => Enumerable.Range(0, 200).Select(seed =>
    {
        IReadOnlyList<bool> taken = SalientWords.Taken(Told, new SplitMix64((ulong)seed));
        return (IReadOnlyList<string>)[.. SalientWords.Words(Told).Where((_, place) => taken[place])];
    });
}
