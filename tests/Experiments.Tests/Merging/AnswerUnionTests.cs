using Experiments.Answers;
using Experiments.Merging;
using Experiments.Results;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Merging;

public sealed class AnswerUnionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("union-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_set_aside_contradicts_nothing_and_every_line_of_it_is_kept()
    {
        ResultsFolder one = Folder("one"), other = Folder("other"), both = Folder("both");
        Answer yes = SmallPlan.Asked(SmallPlan.Plan).First() with { ImageHash = "px-0123456789abcdef", Yes = true, Annotator = "Ana" };
        Answer no = yes with { Yes = false }, old = yes with { ImageHash = "px-00000000000000ff" };
        AnswersFile.Write(one, [yes]);
        AnswerTable.Write(one.SupersededAnswers, [yes, no, old]);
        AnswerTable.Write(other.SupersededAnswers, [old, old with { Yes = false }]);

        AnswerUnion union = new();
        union.Add(one);
        union.Add(other);
        union.WriteTo(both);

        Assert.Equal([yes], AnswerTable.Read(both.Answers));
        Assert.Equal([no, old, old with { Yes = false }], AnswerTable.ReadSuperseded(both.SupersededAnswers));
    }

    private ResultsFolder Folder(string name) => new(Directory.CreateDirectory(Path.Combine(_root, name)).FullName);
}
