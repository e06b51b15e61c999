namespace MiniWorld.Tests;

public sealed class ArticleTests
{
    [Theory]
    [InlineData(
        "a",
        "car", "house", "yellow umbrella", "unicorn", "uniform", "used car", "ukulele", "utensil", "european hare", "one-eyed cat", "ewe")]
    [InlineData("an", "umbrella", "apple", "Owl", "unimportant thing", "usher", "urn", "onion", "hour", "heir", "ox", "egg")]
    public void An_article_goes_by_sound(string article, params string[] words) =>
        Assert.All(words, word => Assert.Equal(article, LexiconWord.ArticleOf(word)));
}
