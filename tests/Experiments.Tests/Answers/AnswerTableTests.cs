using DiffusionLens;
using Experiments.Answers;

namespace Experiments.Tests.Answers;

public sealed class AnswerTableTests : IDisposable
{
    private const string Header = "prompt_number,condition,prompt,seed,layer,question,score,yes,annotator";

    private static readonly Answer Cow = new()
    {
        PromptNumber = 0,
        Condition = "object",
        Prompt = "a cow",
        Seed = 0,
        Layer = 0,
        Question = "has object",
    };

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("answers-").FullName, "answers.csv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        Answer[] answers =
        [
            Cow with
            {
                Layer = 12,
                Site = "layer-12",
                Score = 0.9731,
                Yes = true,
                Annotator = "mini-recognizer@0123abcd",
                Asked = "Is there a cow?",
                Image = "images/cow.png",
                ImageHash = "px-0123456789abcdef",
                CutOff = "and a red car",
            },
            Cow with
            {
                PromptNumber = 1,
                Prompt = "a \"cow\", on\ntwo lines",
                Seed = ulong.MaxValue,
                Yes = false,
                Annotator = "Ana",
                Answered = new DateTimeOffset(2026, 11, 27, 14, 5, 25, TimeSpan.Zero),
            },
            Cow with { PromptNumber = 2, Prompt = "ein Gemüse 🥕" },
        ];

        AnswerTable.Write(_file, answers);

        Assert.Equal(answers, AnswerTable.Read(_file));
        Assert.StartsWith(
            "prompt_number,condition,prompt,seed,layer,site,question,score,yes,annotator,asked,image,image_sha256,cut_off,answered\n"
                + "0,object,a cow,0,12,layer-12,has object,0.9731,1,mini-recognizer@0123abcd,Is there a "
                + "cow?,images/cow.png,px-0123456789abcdef,and a red car,\n",
            File.ReadAllText(_file),
            StringComparison.Ordinal);
    }

    [Fact]
    public void People_may_write_yes_and_no_and_leave_out_what_they_do_not_know()
    {
        File.WriteAllText(_file, $"{Header}\r\n0,object,a cow,0,4,has object,,Yes,Ana\r\n0,object,a cow,0,8,has object,,no,Ana\r\n");

        Assert.Equal([true, false], AnswerTable.Read(_file).Select(answer => answer.Yes));
    }

    [Theory]
    [InlineData("", "1", 3)]
    [InlineData("1", "", 2)]
    public void A_question_that_is_there_twice_once_answered_and_once_open_is_answered(string first, string second, long line)
    {
        File.WriteAllText(_file, $"{Header}\n0,object,a cow,0,4,q,,{first},\n0,object,a cow,0,4,q,,{second},\n0,object,a cow,0,8,q,,,\n");

        (long, bool?)[] expected = [(line, true), (4, null)];
        Assert.Equal(expected, AnswerTable.ReadLines(_file).Select(read => (read.Line, read.Answer.Yes)));
    }

    [Fact]
    public void What_was_set_aside_may_say_yes_and_no_of_the_same_pixels_and_each_once()
    {
        Answer yes = Cow with { Yes = true, Annotator = "Ana" }, no = yes with { Yes = false };
        AnswerTable.Write(_file, [yes, no, yes]);

        Assert.Equal([yes, no], AnswerTable.ReadSuperseded(_file));
        Assert.Empty(AnswerTable.ReadSuperseded(_file + "x"));
    }

    [Fact]
    public void An_open_line_hides_no_contradiction()
    {
        File.WriteAllText(_file, $"{Header}\n0,object,a cow,0,4,q,,,\n0,object,a cow,0,4,q,,1,\n0,object,a cow,0,4,q,,0,\n");

        string message = Assert.Throws<BadInputException>(() => AnswerTable.Read(_file)).Message;

        Assert.StartsWith($"{_file}:4: ", message, StringComparison.Ordinal);
        Assert.Contains("in line 3 already", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-27T14:05:25Z", "2026-11-27T14:05:25Z")]
    [InlineData("2026-11-27T15:05:25.9+01:00", "2026-11-27T14:05:25Z")]
    [InlineData("2026-11-27 14:05:25", "2026-11-27T14:05:25Z")]
    [InlineData("", "")]
    public void A_time_is_in_utc_and_whole_seconds(string typed, string kept)
    {
        File.WriteAllText(_file, $"{Header},answered\n0,object,a cow,0,4,has object,,1,Ana,{typed}\n");

        AnswerTable.Write(_file, AnswerTable.Read(_file));

        Assert.EndsWith($",Ana,,,,,{kept}\n", File.ReadAllText(_file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt_number,condition,prompt,seed,layer,question,score,annotator", 1, "there is no column 'yes'")]
    [InlineData(Header + ",mood", 1, "unknown column 'mood'")]
    [InlineData(Header + ",asked,asked", 1, "a column is there twice")]
    [InlineData(
        Header + "\n0,object,a cow,0,4,has object,,maybe,Ana",
        2,
        "'maybe' in column 'yes'; it takes 1, 0, yes, no, true, false or nothing"
    )]
    [InlineData(
        Header + "\n\n0,object,\"a\ncow\",0,4,has object,,1,Ana\n0,object,a cow,zero,4,has object,,1,Ana",
        5,
        "'zero' in column 'seed'"
    )]
    [InlineData(Header + "\n0,object,a cow,0,4,has object,NaN,1,Ana", 2, "'NaN' in column 'score'")]
    [InlineData(Header + ",answered\n0,object,a cow,0,4,has object,,1,Ana,12/11/2026", 2, "'12/11/2026' in column 'answered'")]
    [InlineData(Header + "\n0,object,a cow,0,4,q,,1,Ana\n0,object,a cow,0,4,q,,0,Ana", 3, "in line 2 already")]
    [InlineData(Header + "\n0,object,a cow,0,4", 2, "")]
    [InlineData(Header + "\n0,object,\"a cow\" and more,0,4,q,,1,Ana", 2, "")]
    public void What_is_wrong_is_said_with_file_and_line(string text, int line, string what)
    {
        File.WriteAllText(_file, text);

        string message = Assert.Throws<BadInputException>(() => AnswerTable.Read(_file)).Message;

        Assert.StartsWith($"{_file}:{line}: ", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.StartsWith(_file, Assert.Throws<BadInputException>(() => AnswerTable.Read(_file)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_file, "a file, not a folder");
        string below = Path.Combine(_file, "answers.csv");

        Assert.StartsWith(below, Assert.Throws<BadInputException>(() => AnswerTable.Write(below, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_file_as_it_was()
    {
        Answer answer = Cow with { Yes = true, Annotator = "Ana" };
        AnswerTable.Write(_file, [answer]);

        Assert.Throws<InvalidOperationException>(() => AnswerTable.Write(_file, Failing()));

        Assert.Equal([answer], AnswerTable.Read(_file));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_file)!));

        static IEnumerable<Answer> Failing()
        {
            yield return Cow with { Prompt = "a dog", Yes = true, Annotator = "Ana" };
            throw new InvalidOperationException("stopped in the middle");
        }
    }
}
