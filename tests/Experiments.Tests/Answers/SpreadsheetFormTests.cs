using System.Text;
using DiffusionLens;
using Experiments.Answers;

namespace Experiments.Tests.Answers;

public sealed class SpreadsheetFormTests : IDisposable
{
    private const string Header = "prompt_number,condition,prompt,seed,layer,site,question,score,yes,annotator,asked,image,image_sha256";
    private const string Rows = "0,object,a cow,0,4,layer-04,has object,,1,,Is there a cow?,a.png,px-0123456789abcdef\n"
        + "1,object,a dog,0,4,layer-04,has object,,0,Ana,Is there a dog?,b.png,px-fedcba9876543210\n";

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("forms-").FullName, "questions.csv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Theory]
    [InlineData("", ',', "\n", "utf-8", false)]
    [InlineData("", ',', "\r\n", "utf-8", true)]
    [InlineData("", ';', "\r\n", "utf-8", false)]
    [InlineData("", '\t', "\r\n", "utf-8", false)]
    [InlineData("sep=;\r\n", ';', "\r\n", "utf-8", true)]
    [InlineData("\"sep=;\"\r\n", ';', "\r\n", "utf-8", false)]
    [InlineData("", '\t', "\r\n", "utf-16", true)]
    [InlineData("", '\t', "\r\n", "utf-16", false)]
    [InlineData("", ';', "\r\n", "utf-16BE", true)]
    [InlineData("", ',', "\n", "utf-16BE", false)]
    public void However_it_is_saved_the_answers_are_the_same(string before, char separator, string lineEnd, string encoding, bool hasMark)
    {
        Encoding asSaved = Encoding.GetEncoding(encoding);
        string text = before + (Header + "\n" + Rows).Replace(',', separator).ReplaceLineEndings(lineEnd);
        File.WriteAllBytes(_file, [.. hasMark ? asSaved.GetPreamble() : [], .. asSaved.GetBytes(text)]);

        Assert.Equal(Plain(), AnswerTable.Read(_file));
    }

    [Theory]
    [InlineData(",,,,,,,,,,,,\n")]
    [InlineData(",,\n,\n")]
    [InlineData(" ,,,,,,,,,,,,\n\n,,,,,,,,,,,,\n")]
    public void Rows_without_anything_in_them_are_passed_over(string rows)
    {
        File.WriteAllText(_file, $"{Header}\n{Rows}{rows}");

        Assert.Equal(Plain(), AnswerTable.Read(_file));
    }

    [Fact]
    public void Columns_without_a_heading_are_passed_over()
    {
        File.WriteAllText(_file, $"{Header}\n{Rows}".Replace("\n", ",,\n"));

        Assert.Equal(Plain(), AnswerTable.Read(_file));
    }

    [Fact]
    public void Headings_may_be_written_large_and_with_blanks()
    {
        File.WriteAllText(_file, $"{Header.ToUpperInvariant().Replace('_', ' ').Replace(",", " , ")}\n{Rows}");

        Assert.Equal(Plain(), AnswerTable.Read(_file));
    }

    [Theory]
    [InlineData("TRUE", "FALSE")]
    [InlineData("WAHR", "FALSCH")]
    [InlineData("VRAI", "FAUX")]
    [InlineData("1.0", "0.0")]
    [InlineData("\"1,0\"", "\"0,0\"")]
    [InlineData(" Yes ", "no")]
    public void Yes_and_no_are_read_as_spreadsheets_and_people_write_them(string yes, string no)
    {
        File.WriteAllText(_file, $"{Header}\n{Rows}".Replace(",,1,", $",,{yes},").Replace(",,0,", $",,{no},"));

        Assert.Equal(Plain(), AnswerTable.Read(_file));
    }

    [Theory]
    [InlineData("2.6E+15")]
    [InlineData("2,6E+15")]
    [InlineData("#NAME?")]
    public void A_hash_that_a_spreadsheet_spoiled_is_said_with_its_line(string spoiled)
    {
        File.WriteAllText(_file, $"{Header}\n{Rows}".Replace("px-fedcba9876543210", $"\"{spoiled}\""));

        string message = Assert.Throws<BadInputException>(() => AnswerTable.Read(_file)).Message;

        Assert.StartsWith($"{_file}:3: '{spoiled}' in column 'image_sha256'", message, StringComparison.Ordinal);
        Assert.Contains("empty the cell", message, StringComparison.Ordinal);
    }

    private static Answer[] Plain()
    {
        Answer cow = new()
        {
            PromptNumber = 0,
            Condition = "object",
            Prompt = "a cow",
            Seed = 0,
            Layer = 4,
            Site = "layer-04",
            Question = "has object",
            Yes = true,
            Asked = "Is there a cow?",
            Image = "a.png",
            ImageHash = "px-0123456789abcdef",
        };
        return
        [
            cow,
            cow with
            {
                PromptNumber = 1,
                Prompt = "a dog",
                Yes = false,
                Annotator = "Ana",
                Asked = "Is there a dog?",
                Image = "b.png",
                ImageHash = "px-fedcba9876543210",
            },
        ];
    }
}
