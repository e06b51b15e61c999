using Experiments.Files;
using Experiments.Images;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>
/// The first version of this program told an image by the hash of its file. Before images are made anew or answers sorted, such a hash that
/// still is the file's becomes that of its pixels, so that answers stay with them.
/// </summary>
internal static class FileHashes
{
    private const int Digits = 16;

    /// <summary>Rewrites the tables of a results folder that hold such hashes.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A table cannot be read or written, or an image not be read.</exception>
    public static void Upgrade(ResultsFolder folder)
    {
        foreach (string table in new[] { folder.Answers, folder.Questions }.Where(IsOfFirstVersion))
        {
            IReadOnlyList<Answer> read = AnswerTable.Read(table);
            Answer[] upgraded = [.. read.Select(answer => Upgraded(answer, folder))];
            if (!upgraded.SequenceEqual(read))
            {
                AnswerTable.Write(table, upgraded);
            }
        }
    }

    // By its heading, which a line such as sep=; may stand above, so that a table of today is not read for this.
    private static bool IsOfFirstVersion(string table) =>
        File.Exists(table)
        && Utf8Text.BeginningOf(table).Take(2).Any(line => line.Contains("picture_sha256", StringComparison.OrdinalIgnoreCase));

    private static Answer Upgraded(Answer answer, ResultsFolder folder)
    {
        string image = folder.In(answer.Image);
        return AnswerTable.IsFileHash(answer.ImageHash) && File.Exists(image)
            && string.Equals(Fingerprint.OfFile(image)[..Digits], answer.ImageHash, StringComparison.OrdinalIgnoreCase)
            ? answer with { ImageHash = ImageFile.PixelHashOf(image) }
            : answer;
    }
}
