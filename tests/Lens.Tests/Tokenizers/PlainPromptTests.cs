using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

/// <summary>The tool does not ask twice about prompts in which ftfy can have nothing to mend.</summary>
public sealed class PlainPromptTests
{
    [Fact]
    public void Printable_ascii_without_ampersand_and_angle_bracket_is_read_alike_with_and_without_ftfy()
    {
        const string Letters = " !\"#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
        ClipTokenizer plain = ClipTokenizer.Embedded(), mending = plain.With(TextCleaning.Ftfy);
        Random random = new(5);
        for (int i = 0; i < 500; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Letters[random.Next(Letters.Length)]));
            Assert.True(plain.Encode(text).Ids.SequenceEqual(mending.Encode(text).Ids), text);
        }
    }
}
