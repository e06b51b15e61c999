using Experiments.Files;
using FsCheck.Xunit;

namespace Experiments.Tests.Files;

public sealed class SafeNameTests
{
    [Theory]
    [InlineData("mini-sd")]
    [InlineData("mini-sd+mini-if")]
    [InlineData("My spec, v1.5 (new)")]
    [InlineData("色")]
    [InlineData("．．")]
    [InlineData("console")]
    public void A_folder_s_name_that_is_one_on_every_system_stays(string name) => Assert.Equal(name, SafeName.OfFolder(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData(".digests.json")]
    [InlineData("../..")]
    [InlineData("/etc")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("C:")]
    [InlineData("con")]
    [InlineData("CON")]
    [InlineData("con.old")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData(" a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Bb")]
    public void Any_other_becomes_one_of_letters_and_digits_that_no_other_text_has(string name)
    {
        Assert.Matches("^[a-z0-9][a-z0-9-]*$", SafeName.OfFolder(name));
        Assert.NotEqual(SafeName.OfFolder(name), SafeName.OfFolder(name + "."));
    }

    [Fact]
    public void So_does_one_that_is_longer_than_file_systems_take() =>
        Assert.InRange(SafeName.OfFolder(string.Concat(Enumerable.Repeat("ä", 200))).Length, 1, 80);

    [Theory]
    [InlineData("two colors", "two-colors")]
    [InlineData("a red car and a blue star", "a-red-car-and-a-blue-star")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("Con", "con-0")]
    [InlineData("LPT1", "lpt1-0")]
    [InlineData("", "0")]
    [InlineData("…", "0")]
    public void A_name_keeps_letters_and_digits(string text, string expected) => Assert.Equal(expected, SafeName.Of(text));

    [Theory]
    [InlineData("a red car", "A red car!")]
    [InlineData("a red car", "a-red-car")]
    [InlineData("a red car", "a  red car")]
    [InlineData("赤い車", "猫")]
    [InlineData("", "…")]
    [InlineData("con", "CON")]
    [InlineData("e\u0301", "\u00e9")]
    public void Different_texts_have_different_unique_names(string one, string other) =>
        Assert.NotEqual(SafeName.Unique(one), SafeName.Unique(other), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void So_have_texts_that_are_no_whole_letters() => Assert.NotEqual(SafeName.Unique("\uD800"), SafeName.Unique("\uD801"));

    [Fact]
    public void Long_texts_that_begin_alike_have_short_and_different_unique_names()
    {
        string text = string.Concat(Enumerable.Repeat("a red car and ", 100)), one = SafeName.Unique(text + "x");
        Assert.NotEqual(one, SafeName.Unique(text + "y"));
        Assert.InRange(one.Length, 1, 80);
    }

    [Theory]
    [InlineData("a red car and a blue star", "a-red-car-and-a-blue-star")]
    [InlineData("0", "0")]
    public void A_unique_name_of_plain_words_is_the_words(string text, string expected) => Assert.Equal(expected, SafeName.Unique(text));

    [Theory]
    [InlineData("赤", "青")]
    [InlineData("a Straße", "a Strasse")]
    public void Names_count_letters_of_other_scripts(string one, string other) =>
        Assert.NotEqual(SafeName.OfAnyScript(one), SafeName.OfAnyScript(other));

    [Property]
    public void Any_text_makes_a_unique_name_that_is_safe(string? text) =>
        Assert.Matches("^[a-z0-9]([a-z0-9-]{0,70}[a-z0-9])?$", SafeName.Unique(text ?? ""));

    [Property]
    public void Any_text_makes_a_short_name_that_stays_as_it_is(string? text)
    {
        string name = SafeName.Of(text ?? "");

        Assert.Matches("^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$", name);
        Assert.Equal(name, SafeName.Of(name));
    }
}
