using System.Security.Cryptography;
using System.Text;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class EmbeddedClipVocabularyTests
{
    [Fact]
    public void Its_merges_are_byte_for_byte_those_that_are_published()
        => Assert.Equal("9FD691F7C8039210E0FCED15865466C65820D09B63988B0174BFE25DE299051A", Hash(EmbeddedClipVocabulary.Merges()));

    [Fact]
    public void The_ids_that_follow_from_them_are_those_of_the_published_vocabulary()
    {
        IEnumerable<string> entries = ClipVocabulary.Embedded.Pieces.Select((piece, id) => $"{Json(piece)}:{id}");
        Assert.Equal(
            "5047B556CE86CCAF6AA22B3FFCCFC52D391EA4ACCDAB9C2F2407DA5B742D4363",
            Hash(Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}")));
        Assert.All(ClipVocabulary.Embedded.Pieces, (piece, id) => Assert.Equal(id, ClipVocabulary.Embedded.IdOfPiece[piece]));
    }

    [Fact]
    public void A_tokenizer_can_be_made_of_it_with_either_padding()
    {
        Assert.Equal([49406, 3306, 256, 49407, 49407], ClipTokenizer.Embedded().Encode("hello!").Ids.Take(5));
        Assert.Equal([49406, 3306, 0, 49407, 0], ClipTokenizer.Embedded(padding: "!").Encode("hello!").Ids.Take(5));
        Assert.Equal(49408, ClipTokenizer.Embedded().VocabularySize);
        Assert.Equal(77, ClipTokenizer.Embedded().ModelMaxLength);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    /// <summary>As the published file is written: nothing escaped but quotes and backslashes.</summary>
    private static string Json(string piece)
        => $"\"{piece.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
